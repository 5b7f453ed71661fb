using System.Collections.Immutable;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Upstreams;

namespace Platform.Domain.Tasks;

/// <summary>What happened to a task. The events of a task, in order, are its whole history.</summary>
public abstract record TaskEvent
{
    private TaskEvent()
    {
    }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>It was accepted: its credits are held.</summary>
    public sealed record Accepted(CreditAmount CreditsReserved, int ReservedSeconds, bool Queued) : TaskEvent;

    /// <summary>Its inputs are in our storage.</summary>
    public sealed record InputsCopied(ImmutableArray<CopiedInput> Inputs) : TaskEvent;

    /// <summary>An attempt was recorded; its request may have been sent.</summary>
    public sealed record AttemptStarted(
        string AttemptId,
        string RouteId,
        string Upstream,
        string Account,
        decimal CostPerSecondUsd,
        DateTimeOffset SendBy,
        ImmutableArray<RouteRejection> Rejections,
        int? Slot = null) : TaskEvent;

    /// <summary>The upstream has the job.</summary>
    public sealed record AttemptAccepted(string AttemptId, string UpstreamTaskId) : TaskEvent;

    /// <summary>The upstream did not take it.</summary>
    public sealed record AttemptRefused(string AttemptId, AttemptEnding Ending, UpstreamFault Fault, DateTimeOffset RetryNotBefore) : TaskEvent;

    /// <summary>Nobody knows whether the upstream took it.</summary>
    public sealed record AttemptUnclear(string AttemptId, UpstreamFault Fault) : TaskEvent;

    /// <summary>The upstream did not have it; the request may have been sent again under the same reference.</summary>
    public sealed record AttemptResent(string AttemptId, DateTimeOffset SendBy) : TaskEvent;

    /// <summary>The upstream has finished.</summary>
    public sealed record OutputReady(string AttemptId, UpstreamOutput Output) : TaskEvent;

    /// <summary>It failed at the upstream.</summary>
    public sealed record AttemptFailed(string AttemptId, TaskErrorCode Error, UpstreamFault Fault) : TaskEvent;

    /// <summary>The caller wants it stopped.</summary>
    public sealed record CancelRequested : TaskEvent;

    /// <summary>The upstream said that it cannot be stopped.</summary>
    public sealed record CancelDeclined(string AttemptId, UpstreamFault Fault) : TaskEvent;

    /// <summary>It ended with a video.</summary>
    public sealed record Completed(StoredResult Result, int BilledSeconds, CreditAmount CreditsUsed) : TaskEvent;

    /// <summary>It ended without one.</summary>
    public sealed record Failed(TaskError Error, UpstreamFault? Fault) : TaskEvent;

    /// <summary>It ended at the caller's wish.</summary>
    public sealed record Cancelled(bool UpstreamStopped) : TaskEvent;

    /// <summary>An upstream finished a task that had ended; what it cost us is recorded, and nobody is billed.</summary>
    public sealed record LateOutput(string AttemptId, UpstreamOutput Output) : TaskEvent;

    /// <summary>An attempt that was given up when the task ended has come to nothing; it costs us nothing.</summary>
    public sealed record AbandonedCleared(string AttemptId, UpstreamFault Fault) : TaskEvent;

    /// <summary>The caller had its inputs and results erased; the bytes go once this is committed.</summary>
    public sealed record MediaErased : TaskEvent;
}
