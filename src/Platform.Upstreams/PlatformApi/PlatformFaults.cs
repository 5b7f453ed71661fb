using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Http;

namespace Platform.Upstreams.PlatformApi;

/// <summary>The error codes of this platform's own API, seen from outside: what each lets us do next.</summary>
internal static class PlatformFaults
{
    /// <summary>What a refused create came to.</summary>
    public static SubmitOutcome Submit(int status, string? code, UpstreamFault fault, TimeSpan? retryAfter) => code switch
    {
        "content_policy_violation" => new SubmitOutcome.RefusedEverywhere(TaskErrorCode.ContentPolicyViolation, fault),

        // Out of funds, or a key that is good for nothing. A quota of a day comes back by itself; the operator hears of it all the same.
        "insufficient_user_quota" or "insufficient_token_quota" or "token_daily_quota_exceeded" or "token_monthly_quota_exceeded"
            or "invalid_api_key" or "key_disabled" or "key_expired" or "user_disabled" => new SubmitOutcome.AccountDead(fault),
        "key_model_not_allowed" or "key_scope_missing" => new SubmitOutcome.RefusedHere(fault),
        "no_available_channel" or "queue_full" => new SubmitOutcome.Busy(fault, retryAfter),

        // Our reference is known there: there is a task, or there will be one in a moment.
        "idempotency_conflict" or "idempotency_in_progress" => new SubmitOutcome.Unclear(fault),

        // A 4xx about a parameter is no verdict on the tenant's input: we judged it by the same rules. It may be our link that is not reached.
        _ => PlainStatus.Submit(status, fault, retryAfter),
    };

    /// <summary>What a failed task means; it costs nothing.</summary>
    public static QueryOutcome.Failed Job(PlatformProblem? problem)
    {
        var code = TaskErrorCodes.Parse(problem?.Code) ?? TaskErrorCode.UnknownError;
        return new(
            code,
            new(problem?.Code ?? "failed", PlainStatus.Shorten(problem?.Message ?? "")),
            RetryElsewhere: code is not (TaskErrorCode.ContentPolicyViolation or TaskErrorCode.InvalidParameters
                or TaskErrorCode.ImageProcessingError or TaskErrorCode.ImageDimensionMismatch));
    }
}
