namespace Platform.Grains.Contracts;

/// <summary>How a cancel ended.</summary>
public enum TaskCancelOutcome
{
    /// <summary>The task is cancelled, now or before.</summary>
    Cancelled = 1,

    /// <summary>The wish is recorded; the upstream has not answered yet.</summary>
    Requested = 2,

    /// <summary>The task has ended otherwise, or can no longer be stopped.</summary>
    TooLate = 3,

    /// <summary>There is no such task.</summary>
    NotFound = 4,
}

/// <summary>The answer to a cancel.</summary>
[GenerateSerializer, Immutable, Alias("platform.cancel-reply")]
public sealed record CancelReply
{
    /// <summary>How it ended.</summary>
    [Id(0)]
    public required TaskCancelOutcome Outcome { get; init; }

    /// <summary>Why it is too late, for the caller.</summary>
    [Id(1)]
    public string? Reason { get; init; }
}
