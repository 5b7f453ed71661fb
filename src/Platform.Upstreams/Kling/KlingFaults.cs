using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Http;

namespace Platform.Upstreams.Kling;

/// <summary>Kling's error codes: what each lets us do next.</summary>
internal static class KlingFaults
{
    // Words of task_status_msg that mean a content policy: a failed job has no code.
    private static readonly string[] PolicyWords = ["risk control", "sensitive", "content policy", "content security", "safety", "violat"];

    /// <summary>What a submit with this code came to; null where the code is none that we know.</summary>
    public static SubmitOutcome? Submit(int code, UpstreamFault fault, TimeSpan? retryAfter) => code switch
    {
        // Authentication; an account that is barred, in arrears or out of its pack; an address that may not call. None of it passes by
        // itself, although 1101, 1102 and 1304 come as HTTP 429.
        (>= 1000 and <= 1004) or 1100 or 1101 or 1102 or 1304 => new SubmitOutcome.AccountDead(fault),

        // Too fast, and too many at once.
        1302 or 1303 => new SubmitOutcome.Busy(fault, retryAfter),

        // Seen before: it says that there is a job of this reference, which a look-up will find.
        1200 or 1201 when fault.Message.Contains("external_task_id", StringComparison.OrdinalIgnoreCase) => new SubmitOutcome.Unclear(fault),
        1200 or 1201 => new SubmitOutcome.RefusedEverywhere(TaskErrorCode.InvalidParameters, fault),

        // Not for this account, no such method, no such model: our configuration, not the tenant's input.
        1103 or 1202 or 1203 => new SubmitOutcome.RefusedHere(fault),

        1300 or 1301 => new SubmitOutcome.RefusedEverywhere(TaskErrorCode.ContentPolicyViolation, fault),
        5000 or 5001 or 5002 => new SubmitOutcome.Unclear(fault),
        _ => null,
    };

    /// <summary>What a failed job means; it costs nothing.</summary>
    public static QueryOutcome.Failed Job(KlingJob job)
    {
        var message = PlainStatus.Shorten(job.TaskStatusMsg ?? "");
        var fault = new UpstreamFault("failed", message);
        if (PolicyWords.Any(w => message.Contains(w, StringComparison.OrdinalIgnoreCase)))
        {
            return new(TaskErrorCode.ContentPolicyViolation, fault, RetryElsewhere: false);
        }

        return new(message.Length == 0 ? TaskErrorCode.UnknownError : TaskErrorCode.ServiceError, fault, RetryElsewhere: true);
    }
}
