using System.Collections.Immutable;
using Platform.Domain.Routing;
using Platform.Domain.Upstreams;

namespace Platform.Domain.Tasks;

/// <summary>What a task can be told. Every command carries the time at which it is decided.</summary>
public abstract record TaskCommand
{
    private TaskCommand()
    {
    }

    /// <summary>When it is decided.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The inputs are in our storage and were checked.</summary>
    public sealed record RecordInputs(ImmutableArray<CopiedInput> Inputs) : TaskCommand;

    /// <summary>An attempt is to be recorded; only once this is committed may its request be sent.</summary>
    /// <param name="AttemptId">Our reference.</param>
    /// <param name="Route">The route that was chosen.</param>
    /// <param name="Rejections">The routes that were left out, and why.</param>
    /// <param name="SendBy">No request is sent after this.</param>
    /// <param name="Slot">The account's slot that it takes; null where the account has no limit.</param>
    public sealed record StartAttempt(
        string AttemptId, Route Route, ImmutableArray<RouteRejection> Rejections, DateTimeOffset SendBy, int? Slot = null) : TaskCommand;

    /// <summary>The upstream has the job: it said so, or it was found by our reference.</summary>
    public sealed record RecordAccepted(string AttemptId, string UpstreamTaskId) : TaskCommand;

    /// <summary>The upstream surely did not take it.</summary>
    /// <param name="AttemptId">The attempt.</param>
    /// <param name="Ending"><see cref="AttemptEnding.Refused"/>, <see cref="AttemptEnding.Busy"/> or <see cref="AttemptEnding.AccountDead"/>.</param>
    /// <param name="Fault">What it said.</param>
    /// <param name="RetryNotBefore">When the next route may be tried.</param>
    public sealed record RecordRefused(string AttemptId, AttemptEnding Ending, UpstreamFault Fault, DateTimeOffset RetryNotBefore) : TaskCommand;

    /// <summary>Nobody knows whether the upstream took it.</summary>
    public sealed record RecordUnclear(string AttemptId, UpstreamFault Fault) : TaskCommand;

    /// <summary>
    /// The upstream surely has no job of this reference: it may be sent again, to the same account. Counts only once the attempt's
    /// send-by time has passed; where the caller wants the task stopped, the attempt ends instead.
    /// </summary>
    public sealed record RecordNotFound(string AttemptId, DateTimeOffset SendBy) : TaskCommand;

    /// <summary>The upstream has finished.</summary>
    public sealed record RecordOutput(string AttemptId, UpstreamOutput Output) : TaskCommand;

    /// <summary>It failed at the upstream, or its output is of no use; another route may be tried.</summary>
    /// <param name="AttemptId">The attempt.</param>
    /// <param name="Error">What the tenant is told if no other route makes up for it.</param>
    /// <param name="Fault">What the upstream said.</param>
    public sealed record RecordAttemptFailed(string AttemptId, TaskErrorCode Error, UpstreamFault Fault) : TaskCommand;

    /// <summary>An attempt that was given up when its task ended has come to nothing at the upstream: it costs nothing.</summary>
    public sealed record RecordNoOutput(string AttemptId, UpstreamFault Fault) : TaskCommand;

    /// <summary>The caller wants it stopped although an upstream may have it.</summary>
    public sealed record RequestCancel : TaskCommand;

    /// <summary>The upstream said that it cannot be stopped.</summary>
    public sealed record RecordCancelDeclined(string AttemptId, UpstreamFault Fault) : TaskCommand;

    /// <summary>It is to end with a video.</summary>
    public sealed record Complete(StoredResult Result) : TaskCommand;

    /// <summary>It is to end without one.</summary>
    /// <param name="Error">What the caller is told.</param>
    /// <param name="Fault">What the upstream said, for the operator, or null.</param>
    public sealed record Fail(TaskError Error, UpstreamFault? Fault) : TaskCommand;

    /// <summary>It is to end because the caller wished so, and nobody works on it (any more).</summary>
    /// <param name="UpstreamStopped">Whether the upstream confirmed that it stopped the current attempt.</param>
    public sealed record Cancel(bool UpstreamStopped) : TaskCommand;

    /// <summary>The caller wants the bytes of its inputs and results gone. The one command that only a task that has ended takes.</summary>
    public sealed record EraseMedia : TaskCommand;
}

/// <summary>Why a task refused a command.</summary>
public abstract record TaskRefusal
{
    private TaskRefusal()
    {
    }

    /// <summary>The task has ended before; the first end stands.</summary>
    public sealed record AlreadyEnded(GenerationStatus Status) : TaskRefusal;

    /// <summary>The command does not fit where the task stands, for example an answer to an attempt that is not the current one.</summary>
    public sealed record OutOfPlace(string Reason) : TaskRefusal;
}
