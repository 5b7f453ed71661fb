using Platform.Domain.Upstreams;

namespace Platform.Upstreams.Http;

/// <summary>What comes of a call for an account that is not configured: an attempt may outlive its account's settings.</summary>
internal static class NoAccount
{
    private static readonly UpstreamFault Fault = new("no-account", "The account is not configured.");

    public static SubmitOutcome Submit { get; } = new SubmitOutcome.AccountDead(Fault);

    public static QueryOutcome Query { get; } = new QueryOutcome.Unavailable(Fault);

    public static CancelOutcome Cancel { get; } = new CancelOutcome.Unclear(Fault);

    public static LookupOutcome Find { get; } = new LookupOutcome.Unavailable(Fault);

    public static CallbackReading Callback { get; } = new CallbackReading.Refused("The account is not configured.");
}
