using Platform.Domain.Media;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Faults;

namespace Platform.Grains.Tasks;

/// <content>Submit, clear doubts, poll, stop: everything that talks to a provider.</content>
internal sealed partial class TaskGrain
{
    private const int AttemptIdLength = 20;

    // One 404 may be a replica that lags behind; three in a row make the attempt unclear, never failed (product.md section 4).
    private const int NotFoundsUntilUnclear = 3;

    // How often one reference is sent to one account before another route is tried.
    private const int MaxSends = 3;

    private static readonly TimeSpan RouteRetry = TimeSpan.FromSeconds(5);

    private int _polls;
    private int _notFounds;
    private int _lookups;
    private int _routeTries;

    private async Task<TimeSpan> SubmitAsync(TaskStep.Submit step)
    {
        if (step.NotBefore > time.GetUtcNow())
        {
            return step.NotBefore - time.GetUtcNow();
        }

        var task = Current;
        var choice = Router.Choose(
            routes.Routes,
            new(task.Request.Model, task.Request.Quality, task.Price.UnitPriceUsd, task.MayUseSandbox, task.Tenant.IsTestWorkspace),
            task.Attempts);
        if (choice.Best is not { } route || upstreams.Find(route.Upstream) is not { } upstream)
        {
            if (choice.MayServe)
            {
                return Backoff.Pause(_routeTries++, RouteRetry, LongestPause, random.NextDouble());
            }

            var last = task.Attempts.LastOrDefault(a => a.Error is not null);
            return last?.Error is { } error
                ? await FailAsync(error, TaskErrorText.Of(error), last.Fault)
                : await FailAsync(
                    TaskErrorCode.ServiceUnavailable, TaskErrorText.Of(TaskErrorCode.ServiceUnavailable), task.Attempts.LastOrDefault()?.Fault);
        }

        var attemptId = $"att_{ids.Next(AttemptIdLength)}";
        var refusal = await ApplyAsync(now =>
            new TaskCommand.StartAttempt(attemptId, route, choice.Rejections, now + upstream.Capabilities.SendWindow) { Now = now });
        if (refusal is null && Current.Phase is TaskPhase.Submitting && Current.CurrentAttempt is { } attempt && attempt.Id == attemptId)
        {
            faults.Reach(FaultPoint.BeforeSubmit);
            await SendAsync(upstream, attempt);
        }

        return GoOn;
    }

    /// <summary>Sends a request that is recorded; only ever called right after its commit, by the activation that made it.</summary>
    private async Task SendAsync(IUpstream upstream, Attempt attempt)
    {
        var task = Current;
        if (time.GetUtcNow() > attempt.SendBy)
        {
            // Too late: another activation may look it up by now. It was not sent, which this activation alone knows.
            await ApplyAsync(now => new TaskCommand.RecordUnclear(attempt.Id, new("not-sent", "The send-by time had passed.")) { Now = now });
            return;
        }

        var outcome = await UpstreamCalls.SubmitAsync(
            upstream,
            new()
            {
                Account = attempt.Account,
                Reference = attempt.Id,
                Model = task.Request.Model,
                ImageBlobKey = task.Inputs.Single(i => i.Kind == MediaKind.Image).BlobKey,
                VideoBlobKey = task.Inputs.Single(i => i.Kind == MediaKind.Video).BlobKey,
                Prompt = task.Request.Prompt,
                Quality = task.Request.Quality,
                CharacterOrientation = task.Request.CharacterOrientation,
                KeepSound = task.Request.KeepSound,
                Watermark = task.Request.Watermark,
            },
            time);
        faults.Reach(FaultPoint.AfterSubmit);
        switch (outcome)
        {
            case SubmitOutcome.Accepted accepted:
                await RunningAsync(attempt, accepted.UpstreamTaskId);
                break;
            case SubmitOutcome.RefusedHere refused:
                await RefusedAsync(attempt, AttemptEnding.Refused, refused.Fault, TimeSpan.Zero);
                break;
            case SubmitOutcome.Busy busy:
                await RefusedAsync(attempt, AttemptEnding.Busy, busy.Fault, busy.RetryAfter ?? Pause(BusyCount()));
                break;
            case SubmitOutcome.AccountDead dead:
                LogAccountDead(logger, attempt.Upstream, attempt.Account, dead.Fault.Code, dead.Fault.Message);
                await RefusedAsync(attempt, AttemptEnding.AccountDead, dead.Fault, TimeSpan.Zero);
                break;
            case SubmitOutcome.RefusedEverywhere final:
                await FailAsync(final.Error, TaskErrorText.Of(final.Error, final.Fault), final.Fault);
                break;
            case SubmitOutcome.Unclear unclear:
                await ApplyAsync(now => new TaskCommand.RecordUnclear(attempt.Id, unclear.Fault) { Now = now });
                break;
            default:
                throw new InvalidOperationException("Unknown outcome of a submit.");
        }
    }

    private async Task<TimeSpan> ClearDoubtAsync(TaskStep.ClearDoubt step)
    {
        if (step.NotBefore > time.GetUtcNow())
        {
            return step.NotBefore - time.GetUtcNow();
        }

        var attempt = step.Attempt;
        if (upstreams.Find(attempt.Upstream) is not { Capabilities.CanFindByReference: true } upstream)
        {
            // Nobody can be asked. It stays in doubt until its callback comes or its deadline ends it; it is never sent again blindly.
            return LongestPause;
        }

        switch (await UpstreamCalls.FindAsync(upstream, attempt.Account, attempt.Id, time))
        {
            case LookupOutcome.Found found:
                await RunningAsync(attempt, found.UpstreamTaskId);
                return GoOn;
            case LookupOutcome.NotFound when Current.CancelRequested:
                await RefusedAsync(attempt, AttemptEnding.Refused, new("never-arrived", "The upstream has no such job."), TimeSpan.Zero);
                return GoOn;
            case LookupOutcome.NotFound:
                return await ResendAsync(upstream, attempt);
            case LookupOutcome.Unavailable:
                return Pause(_lookups++);
            default:
                throw new InvalidOperationException("Unknown outcome of a look-up.");
        }
    }

    /// <summary>The upstream surely has not got it: the same reference goes to the same account again.</summary>
    private async Task<TimeSpan> ResendAsync(IUpstream upstream, Attempt attempt)
    {
        if (attempt.Sends >= MaxSends)
        {
            // It loses requests again and again; what it surely does not have may go elsewhere.
            await RefusedAsync(attempt, AttemptEnding.Refused, new("lost", $"The upstream lost {attempt.Sends} requests."), TimeSpan.Zero);
            return GoOn;
        }

        await ApplyAsync(now => new TaskCommand.RecordUnclear(attempt.Id, new("unanswered", "The outcome of the call is not known.")) { Now = now });
        var sends = attempt.Sends;
        await ApplyAsync(now => new TaskCommand.RecordNotFound(attempt.Id, now + upstream.Capabilities.SendWindow) { Now = now });
        if (Current.Phase is TaskPhase.Submitting && Current.CurrentAttempt is { } resent && resent.Id == attempt.Id && resent.Sends == sends + 1)
        {
            await SendAsync(upstream, resent);
        }

        return GoOn;
    }

    private async Task<TimeSpan> PollAsync(TaskStep.Poll step)
    {
        if (upstreams.Find(step.Attempt.Upstream) is not { } upstream)
        {
            return LongestPause;
        }

        var attempt = step.Attempt;
        var outcome = await UpstreamCalls.QueryAsync(upstream, attempt.Account, step.UpstreamTaskId, time);
        _notFounds = outcome is QueryOutcome.NotFound ? _notFounds + 1 : 0;
        switch (outcome)
        {
            case QueryOutcome.Succeeded succeeded:
                await ApplyAsync(now => new TaskCommand.RecordOutput(attempt.Id, succeeded.Output) { Now = now });
                return GoOn;
            case QueryOutcome.Failed { RetryElsewhere: true } failed:
                return await AttemptFailedAsync(attempt, failed.Error, failed.Fault);
            case QueryOutcome.Failed failed:
                return await FailAsync(failed.Error, TaskErrorText.Of(failed.Error, failed.Fault), failed.Fault);
            case QueryOutcome.Cancelled when Current.CancelRequested:
                return await EndAsync(new TaskCommand.Cancel(UpstreamStopped: true) { Now = time.GetUtcNow() });
            case QueryOutcome.Cancelled:
                return await AttemptFailedAsync(attempt, TaskErrorCode.ServiceError, new("cancelled", "The upstream stopped it unasked."));
            case QueryOutcome.NotFound notFound when _notFounds >= NotFoundsUntilUnclear:
                _notFounds = 0;
                await ApplyAsync(now => new TaskCommand.RecordUnclear(attempt.Id, notFound.Fault) { Now = now });
                return GoOn;
            case QueryOutcome.Running or QueryOutcome.NotFound or QueryOutcome.Unavailable:
                var limits = upstream.Capabilities;
                return Backoff.Pause(_polls++ / 4, limits.MinPollInterval, limits.MaxPollInterval, random.NextDouble());
            default:
                throw new InvalidOperationException("Unknown outcome of a poll.");
        }
    }

    private async Task<TimeSpan> StopUpstreamAsync(TaskStep.StopUpstream step)
    {
        // The plan asks for this only where the upstream can.
        var upstream = upstreams.Find(step.Attempt.Upstream)!;
        switch (await UpstreamCalls.CancelAsync(upstream, step.Attempt.Account, step.UpstreamTaskId, time))
        {
            case CancelOutcome.Cancelled:
                return await EndAsync(new TaskCommand.Cancel(UpstreamStopped: true) { Now = time.GetUtcNow() });
            case CancelOutcome.TooLate late:
                await ApplyAsync(now => new TaskCommand.RecordCancelDeclined(step.Attempt.Id, late.Fault) { Now = now });
                return GoOn;
            case CancelOutcome.Unclear:
                // It may have been stopped, or have ended: its state tells.
                return await PollAsync(new(step.Attempt, step.UpstreamTaskId));
            default:
                throw new InvalidOperationException("Unknown outcome of a cancel.");
        }
    }

    private async Task RunningAsync(Attempt attempt, string upstreamTaskId)
    {
        _polls = 0;
        await ApplyAsync(now => new TaskCommand.RecordAccepted(attempt.Id, upstreamTaskId) { Now = now });
        faults.Reach(FaultPoint.Running);
    }

    private Task<TaskRefusal?> RefusedAsync(Attempt attempt, AttemptEnding ending, UpstreamFault fault, TimeSpan wait) =>
        ApplyAsync(now => new TaskCommand.RecordRefused(attempt.Id, ending, fault, now + wait) { Now = now });

    private int BusyCount() => Current.Attempts.Count(a => a.Ending == AttemptEnding.Busy);
}
