using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Http;

namespace Platform.Upstreams.Replicate;

/// <summary>Replicate's refusals and failures: what each lets us do next. It has sentences, and no codes.</summary>
internal static partial class ReplicateFaults
{
    private static readonly string[] PolicyWords = ["nsfw", "flagged", "sensitive", "content policy", "safety", "(E005)", "risk control"];

    /// <summary>The fault for the operator.</summary>
    public static UpstreamFault Fault(int status, ReplicateProblem? problem) => PlainStatus.Fault(status, problem?.Title, problem?.Detail);

    /// <summary>
    /// What a refused submit came to. A 422 names input fields, and those are named by the account's settings: it is not the tenant's fault.
    /// </summary>
    public static SubmitOutcome Submit(HttpReply.Answered answered, ReplicateProblem? problem, TimeProvider time)
    {
        var fault = Fault(answered.Status, problem);
        return answered.Status switch
        {
            403 => new SubmitOutcome.RefusedHere(fault),
            429 => new SubmitOutcome.Busy(fault, PlainStatus.RetryAfter(answered, time) ?? Reset(problem?.Detail)),
            _ => PlainStatus.Submit(answered.Status, fault, retryAfter: null),
        };
    }

    /// <summary>What a failed prediction means.</summary>
    public static QueryOutcome.Failed Job(string? error)
    {
        var fault = new UpstreamFault("failed", PlainStatus.Shorten(error ?? ""));
        if (PolicyWords.Any(w => fault.Message.Contains(w, StringComparison.OrdinalIgnoreCase)))
        {
            return new(TaskErrorCode.ContentPolicyViolation, fault, RetryElsewhere: false);
        }

        return new(fault.Message.Length == 0 ? TaskErrorCode.UnknownError : TaskErrorCode.ServiceError, fault, RetryElsewhere: true);
    }

    // "… Your rate limit resets in ~30s."
    private static TimeSpan? Reset(string? detail) =>
        detail is not null && ResetWords().Match(detail) is { Success: true } match
            ? TimeSpan.FromSeconds(int.Parse(match.Groups["seconds"].ValueSpan, CultureInfo.InvariantCulture))
            : null;

    [GeneratedRegex(@"resets in ~?(?<seconds>[0-9]{1,4})\s?s", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex ResetWords();
}
