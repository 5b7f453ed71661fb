using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;

namespace Platform.Grains.Tasks;

/// <content>What upstreams say of their own accord.</content>
internal sealed partial class TaskGrain
{
    public async Task<bool> Notify(UpstreamNews news)
    {
        if (_task?.Attempts.FirstOrDefault(a => a.Id == news.AttemptId) is not { } attempt)
        {
            DeactivateOnIdle();
            return false;
        }

        // It may tell of a job that the submit's answer was lost for; of another job than the one we know it may not.
        if (news.UpstreamTaskId is { } id && (attempt.UpstreamTaskId ?? id) != id)
        {
            LogStrangeNews(logger, _key.Tenant, _key.Id, attempt.Upstream);
            return true;
        }

        if (news.UpstreamTaskId is { } known)
        {
            await RunningAsync(attempt, known);
        }

        switch (news.Kind)
        {
            case UpstreamNewsKind.Succeeded:
                var output = new UpstreamOutput(news.OutputLocation!, news.OutputSeconds);
                await ApplyAsync((_, now) => new TaskCommand.RecordOutput(attempt.Id, output) { Now = now });
                break;
            case UpstreamNewsKind.Failed when news.RetryElsewhere:
                Tell(attempt, AttemptNews.Fault, news.Fault);
                await ApplyAsync((_, now) => new TaskCommand.RecordAttemptFailed(attempt.Id, news.Error!.Value, news.Fault!) { Now = now });
                break;
            case UpstreamNewsKind.Failed when Current.CurrentAttempt?.Id == attempt.Id && Current.Phase is not TaskPhase.Storing:
                await EndAsync(Failure(news.Error!.Value, news.Fault!));
                break;
            case UpstreamNewsKind.AskNow:
                await AskNowAsync(attempt);
                break;
            default:
                break;
        }

        _ = DriveAsync();
        return true;
    }

    /// <summary>
    /// An upstream that tells of an attempt has it: nothing speaks against looking it up before its request is surely through. Where it
    /// is known already, the driver asks next.
    /// </summary>
    private async Task AskNowAsync(Attempt attempt)
    {
        if (Current.Phase is not (TaskPhase.Submitting or TaskPhase.InDoubt)
            || Current.CurrentAttempt?.Id != attempt.Id
            || upstreams.Find(attempt.Upstream) is not { Capabilities.CanFindByReference: true } upstream)
        {
            return;
        }

        if (await UpstreamCalls.FindAsync(upstream, attempt.Account, attempt.Id, time) is LookupOutcome.Found found)
        {
            await RunningAsync(attempt, found.UpstreamTaskId);
        }
    }
}
