using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

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

/// <summary>What an upstream's callback said.</summary>
public enum UpstreamNewsKind
{
    /// <summary>Something happened that is not proved: ask the upstream now.</summary>
    AskNow = 1,

    /// <summary>It has the job, and has not finished.</summary>
    Running = 2,

    /// <summary>It has finished.</summary>
    Succeeded = 3,

    /// <summary>It has failed.</summary>
    Failed = 4,
}

/// <summary>A verified callback of an upstream, about one attempt.</summary>
[GenerateSerializer, Immutable, Alias("platform.upstream-news")]
public sealed record UpstreamNews
{
    /// <summary>The attempt.</summary>
    [Id(0)]
    public required string AttemptId { get; init; }

    /// <summary>What it said.</summary>
    [Id(1)]
    public required UpstreamNewsKind Kind { get; init; }

    /// <summary>The upstream's id of the job; null where it is not proved.</summary>
    [Id(2)]
    public string? UpstreamTaskId { get; init; }

    /// <summary>Where the output is; with <see cref="UpstreamNewsKind.Succeeded"/>.</summary>
    [Id(3)]
    public string? OutputLocation { get; init; }

    /// <summary>The length that the upstream claims, in seconds.</summary>
    [Id(4)]
    public decimal? OutputSeconds { get; init; }

    /// <summary>What the tenant is told; with <see cref="UpstreamNewsKind.Failed"/>.</summary>
    [Id(5)]
    public TaskErrorCode? Error { get; init; }

    /// <summary>What the upstream said; with <see cref="UpstreamNewsKind.Failed"/>.</summary>
    [Id(6)]
    public UpstreamFault? Fault { get; init; }

    /// <summary>Whether another upstream may be tried; with <see cref="UpstreamNewsKind.Failed"/>.</summary>
    [Id(7)]
    public bool RetryElsewhere { get; init; }

    /// <summary>News of a reading; null where it is not to be believed.</summary>
    public static UpstreamNews? From(string attemptId, CallbackReading reading) => reading switch
    {
        CallbackReading.AskNow => new() { AttemptId = attemptId, Kind = UpstreamNewsKind.AskNow },
        CallbackReading.Told { Outcome: QueryOutcome.Succeeded done } told => new()
        {
            AttemptId = attemptId,
            Kind = UpstreamNewsKind.Succeeded,
            UpstreamTaskId = told.UpstreamTaskId,
            OutputLocation = done.Output.Location,
            OutputSeconds = done.Output.DurationSeconds,
        },
        CallbackReading.Told { Outcome: QueryOutcome.Failed failed } told => new()
        {
            AttemptId = attemptId,
            Kind = UpstreamNewsKind.Failed,
            UpstreamTaskId = told.UpstreamTaskId,
            Error = failed.Error,
            Fault = failed.Fault,
            RetryElsewhere = failed.RetryElsewhere,
        },

        // A job that was stopped is asked for once more: whether we wished it decides what it means.
        CallbackReading.Told told => new()
        {
            AttemptId = attemptId,
            Kind = told.Outcome is QueryOutcome.Running ? UpstreamNewsKind.Running : UpstreamNewsKind.AskNow,
            UpstreamTaskId = told.UpstreamTaskId,
        },
        _ => null,
    };
}
