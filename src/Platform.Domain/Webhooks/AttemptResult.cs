namespace Platform.Domain.Webhooks;

/// <summary>What came of a try to deliver.</summary>
public enum AttemptOutcome
{
    /// <summary>The receiver answered 2xx.</summary>
    Succeeded = 1,

    /// <summary>The receiver answered something else; a redirect is not followed.</summary>
    Answered = 2,

    /// <summary>There was no whole answer in time.</summary>
    TimedOut = 3,

    /// <summary>The receiver could not be reached, broke off, or has no certificate that can be trusted.</summary>
    Unreachable = 4,

    /// <summary>The platform does not call this address; nothing was sent.</summary>
    Refused = 5,
}

/// <summary>A try to deliver, as it ended.</summary>
/// <param name="Outcome">What came of it.</param>
/// <param name="Latency">From the start of the connection to the end of what was read of the answer.</param>
public sealed record AttemptResult(AttemptOutcome Outcome, TimeSpan Latency)
{
    /// <summary>Most bytes of an answer that are read and kept.</summary>
    public const int MaxExcerptBytes = 1024;

    private const int GoneStatus = 410;

    /// <summary>HTTP status of the answer; null without one.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The first bytes of the answer's body as text, at most <see cref="MaxExcerptBytes"/>; null without an answer.</summary>
    public string? BodyExcerpt { get; init; }

    /// <summary>A sentence for the tenant where there was no answer; never holds an address that a name resolved to.</summary>
    public string? Error { get; init; }

    /// <summary>How long the receiver asked to be left alone (<c>Retry-After</c>); null where it did not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the receiver says that it is gone for good.</summary>
    public bool IsGone => Outcome == AttemptOutcome.Answered && StatusCode == GoneStatus;

    /// <summary>Whether the receiver took its time: what others that wait for it should know.</summary>
    public bool IsSlow => Outcome == AttemptOutcome.TimedOut;
}
