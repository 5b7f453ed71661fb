using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;
using Platform.Grains.Faults;

namespace Platform.Grains.Tasks;

/// <content>Submit, clear doubts, poll, stop: everything that talks to a provider.</content>
internal sealed partial class TaskGrain
{
    // One 404 may be a replica that lags behind; three in a row make the attempt unclear, never failed (product.md section 4).
    private const int NotFoundsUntilUnclear = 3;

    // How often one reference is sent to one account before another route is tried.
    private const int MaxSends = 3;

    // However long a busy upstream asks to be left alone, it is asked again after this.
    private static readonly TimeSpan LongestBusy = TimeSpan.FromMinutes(5);

    private static readonly UpstreamFault StoppedAtOurWish = new("cancelled", "The upstream stopped it at our request.");

    private int _polls;
    private int _notFounds;
    private int _lookups;

    /// <summary>Sends a request that is recorded; only ever called right after its commit, by the activation that made it.</summary>
    private async Task SendAsync(IUpstream upstream, Attempt attempt)
    {
        var task = Current;
        if (time.GetUtcNow() > attempt.SendBy)
        {
            // Too late: another activation may look it up by now. It was not sent, which this activation alone knows.
            await ApplyAsync(attempt, now => new TaskCommand.RecordUnclear(attempt.Id, new("not-sent", "The send-by time had passed.")) { Now = now });
            return;
        }

        var outcome = await UpstreamCalls.SubmitAsync(upstream, Request(task, attempt), time);
        metrics.Submitted(upstream.Kind, outcome);
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
                await RefusedAsync(attempt, AttemptEnding.Busy, busy.Fault, BusyPause(attempt, busy.RetryAfter));
                break;
            case SubmitOutcome.AccountDead dead:
                await RefusedAsync(attempt, AttemptEnding.AccountDead, dead.Fault, TimeSpan.Zero);
                break;
            case SubmitOutcome.RefusedEverywhere final:
                Tell(attempt, AttemptNews.Nothing, final.Fault);
                await EndAsync(attempt, Failure(final.Error, final.Fault));
                break;
            case SubmitOutcome.Unclear unclear:
                Tell(attempt, AttemptNews.Fault, unclear.Fault);
                await ApplyAsync(attempt, now => new TaskCommand.RecordUnclear(attempt.Id, unclear.Fault) { Now = now });
                break;
            default:
                throw new InvalidOperationException("Unknown outcome of a submit.");
        }
    }

    /// <summary>What is sent for an attempt; the same whenever it is sent, down to the links.</summary>
    private SubmitRequest Request(GenerationTask task, Attempt attempt)
    {
        var image = task.Inputs.Single(i => i.Kind == MediaKind.Image);
        var video = task.Inputs.Single(i => i.Kind == MediaKind.Video);

        // What an upstream would fetch later than that is of no use to anybody.
        var linksEnd = task.GenerationDeadline ?? task.QueueDeadline;
        return new()
        {
            Account = attempt.Account,
            Reference = attempt.Id,
            Model = task.Request.Model,
            ImageBlobKey = image.BlobKey,
            VideoBlobKey = video.BlobKey,
            ImageUrl = links.Input(task.Tenant, task.Id, image, linksEnd),
            VideoUrl = links.Input(task.Tenant, task.Id, video, linksEnd),
            CallbackUrl = links.Callback(new(task.Tenant, task.Id, attempt.Id)),
            Prompt = task.Request.Prompt,
            Quality = task.Request.Quality,
            CharacterOrientation = task.Request.CharacterOrientation,
            KeepSound = task.Request.KeepSound,
            Watermark = task.Request.Watermark,
        };
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
            // Nobody can be asked. It stays in doubt until its callback comes or its upstream's patience is over; it is never sent again
            // blindly.
            return LongestPause;
        }

        switch (await UpstreamCalls.FindAsync(upstream, attempt.Account, attempt.Id, time))
        {
            case LookupOutcome.Found found:
                await RunningAsync(attempt, found.UpstreamTaskId);
                return GoOn;
            case LookupOutcome.NotFound when !upstream.Capabilities.NotFoundAllowsResend:
                // Its look-up may lag behind: that it finds nothing proves nothing.
                return Pause(_lookups++);
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

        await ApplyAsync(attempt, now => new TaskCommand.RecordUnclear(attempt.Id, new("unanswered", "The outcome of the call is not known.")) { Now = now });

        // Only who surely made the commit may send: the same events by another activation are that one's to send.
        if (await ApplyAsync(attempt, now => new TaskCommand.RecordNotFound(attempt.Id, now + upstream.Capabilities.SendWindow) { Now = now })
            && Current is { Phase: TaskPhase.Submitting, CurrentAttempt: { } resent }
            && resent.Id == attempt.Id
            && resent.Sends == attempt.Sends + 1)
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
                await ApplyAsync((_, now) => new TaskCommand.RecordOutput(attempt.Id, succeeded.Output) { Now = now });
                return GoOn;
            case QueryOutcome.Failed { RetryElsewhere: true } failed:
                Tell(attempt, AttemptNews.Fault, failed.Fault);
                return await AttemptFailedAsync(attempt, failed.Error, failed.Fault);
            case QueryOutcome.Failed failed:
                return await EndAsync(attempt, Failure(failed.Error, failed.Fault));
            case QueryOutcome.Cancelled when Current.CancelRequested:
                return await EndAsync(step.Attempt, new TaskCommand.Cancel(UpstreamStopped: true) { Now = time.GetUtcNow() });
            case QueryOutcome.Cancelled:
                return await AttemptFailedAsync(attempt, TaskErrorCode.ServiceError, new("cancelled", "The upstream stopped it unasked."));
            case QueryOutcome.NotFound notFound when _notFounds >= NotFoundsUntilUnclear:
                _notFounds = 0;
                Tell(attempt, AttemptNews.Fault, notFound.Fault);
                await ApplyAsync(attempt, now => new TaskCommand.RecordUnclear(attempt.Id, notFound.Fault) { Now = now });
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
                return await EndAsync(step.Attempt, new TaskCommand.Cancel(UpstreamStopped: true) { Now = time.GetUtcNow() });
            case CancelOutcome.TooLate late:
                await ApplyAsync(step.Attempt, now => new TaskCommand.RecordCancelDeclined(step.Attempt.Id, late.Fault) { Now = now });
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
        Tell(attempt, AttemptNews.Taken);
        await ApplyAsync((_, now) => new TaskCommand.RecordAccepted(attempt.Id, upstreamTaskId) { Now = now });
        faults.Reach(FaultPoint.Running);
    }

    /// <summary>
    /// A task that ran out of time is refunded; the upstream is told to stop. What it finished nevertheless is recorded, because it costs
    /// us, and billed to nobody.
    /// </summary>
    private async Task StopAfterTimeoutAsync(Attempt attempt)
    {
        if (attempt.UpstreamTaskId is not { } id || upstreams.Find(attempt.Upstream) is not { } upstream)
        {
            return;
        }

        if (upstream.Capabilities.CanCancel
            && await UpstreamCalls.CancelAsync(upstream, attempt.Account, id, time) is CancelOutcome.Cancelled)
        {
            await ApplyAsync((_, now) => new TaskCommand.RecordNoOutput(attempt.Id, StoppedAtOurWish) { Now = now });
            return;
        }

        if (await UpstreamCalls.QueryAsync(upstream, attempt.Account, id, time) is QueryOutcome.Succeeded late)
        {
            await ApplyAsync((_, now) => new TaskCommand.RecordOutput(attempt.Id, late.Output) { Now = now });
        }
    }

    private Task<bool> RefusedAsync(Attempt attempt, AttemptEnding ending, UpstreamFault fault, TimeSpan wait)
    {
        Tell(attempt, ending switch
        {
            AttemptEnding.AccountDead => AttemptNews.AccountDead,
            AttemptEnding.Busy => AttemptNews.Nothing,
            _ => AttemptNews.Fault,
        }, fault);
        return ApplyAsync(attempt, now => new TaskCommand.RecordRefused(attempt.Id, ending, fault, now + wait) { Now = now });
    }

    private TaskCommand.Fail Failure(TaskErrorCode error, UpstreamFault fault) =>
        new(new(error, TaskErrorText.Of(error, fault)), fault) { Now = time.GetUtcNow() };
}
