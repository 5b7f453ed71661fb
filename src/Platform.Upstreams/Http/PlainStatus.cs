using System.Globalization;
using Platform.Domain.Upstreams;

namespace Platform.Upstreams.Http;

/// <summary>
/// What an HTTP status alone says, where a provider's own code says nothing more (product.md section 4): a clear refusal goes to the next
/// route, whatever may have had its effect is unclear, and a poll tolerates all but "no such job".
/// </summary>
internal static class PlainStatus
{
    private const int MaxMessageLength = 300;

    /// <summary>A fault of the operator's eyes: the status, the provider's code, and its words, shortened.</summary>
    public static UpstreamFault Fault(int status, string? code, string? message) => new(
        string.IsNullOrEmpty(code) ? status.ToString(CultureInfo.InvariantCulture) : $"{status}/{Shorten(code)}", Shorten(message ?? ""));

    /// <summary>What a submit came to.</summary>
    public static SubmitOutcome Submit(int status, UpstreamFault fault, TimeSpan? retryAfter) => status switch
    {
        401 or 402 or 403 => new SubmitOutcome.AccountDead(fault),
        429 => new SubmitOutcome.Busy(fault, retryAfter),
        408 or 409 or 425 or >= 500 or (>= 200 and < 300) => new SubmitOutcome.Unclear(fault),
        _ => new SubmitOutcome.RefusedHere(fault),
    };

    /// <summary>What a query came to.</summary>
    public static QueryOutcome Query(int status, UpstreamFault fault) =>
        status is 404 or 410 ? new QueryOutcome.NotFound(fault) : new QueryOutcome.Unavailable(fault);

    /// <summary>How long the provider asks to be left alone, or null.</summary>
    public static TimeSpan? RetryAfter(HttpReply.Answered answer, TimeProvider time) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };

    /// <summary>A provider's text, on one line and of bounded length.</summary>
    public static string Shorten(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= MaxMessageLength ? line : line[..MaxMessageLength] + "…";
    }
}
