using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Grains.Tasks;

/// <content>What becomes of attempts after their task has ended without them: they may cost us money.</content>
internal sealed partial class TaskGrain
{
    public async Task CheckAbandoned(string attemptId)
    {
        if (_task?.Attempts.FirstOrDefault(a => a.Id == attemptId) is { Ending: AttemptEnding.Abandoned } attempt
            && upstreams.Find(attempt.Upstream) is { } upstream
            && await OutcomeOfAsync(upstream, attempt) is { } command)
        {
            await ApplyAsync((_, now) => command with { Now = now });
        }

        if (_task is null or { IsTerminal: true })
        {
            DeactivateOnIdle();
        }
    }

    /// <summary>What is to be recorded of an attempt that was given up; null while nobody knows, or it still runs.</summary>
    private async Task<TaskCommand?> OutcomeOfAsync(IUpstream upstream, Attempt attempt)
    {
        var id = attempt.UpstreamTaskId;
        if (id is null)
        {
            switch (upstream.Capabilities.CanFindByReference ? await UpstreamCalls.FindAsync(upstream, attempt.Account, attempt.Id, time) : null)
            {
                case LookupOutcome.Found found:
                    id = found.UpstreamTaskId;
                    break;
                case LookupOutcome.NotFound:
                    return NoOutput(new("never-arrived", "The upstream has no such job."));
                default:
                    return null;
            }
        }

        switch (await UpstreamCalls.QueryAsync(upstream, attempt.Account, id, time))
        {
            case QueryOutcome.Succeeded late:
                return new TaskCommand.RecordOutput(attempt.Id, late.Output) { Now = default };
            case QueryOutcome.Failed failed:
                return NoOutput(failed.Fault);
            case QueryOutcome.Cancelled:
                return NoOutput(StoppedAtOurWish);
            case QueryOutcome.Running when upstream.Capabilities.CanCancel:
                return await UpstreamCalls.CancelAsync(upstream, attempt.Account, id, time) is CancelOutcome.Cancelled
                    ? NoOutput(StoppedAtOurWish)
                    : null;
            default:
                return null;
        }

        TaskCommand.RecordNoOutput NoOutput(UpstreamFault fault) => new(attempt.Id, fault) { Now = default };
    }
}
