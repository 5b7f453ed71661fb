using Platform.Domain.Upstreams;

namespace Platform.Domain.Tasks;

/// <summary>What is to be done next for a task.</summary>
public abstract record TaskStep
{
    private TaskStep()
    {
    }

    /// <summary>Copy the inputs into our storage.</summary>
    public sealed record CopyInputs : TaskStep;

    /// <summary>Choose a route, record the attempt and send it, no earlier than <paramref name="NotBefore"/>.</summary>
    public sealed record Submit(DateTimeOffset NotBefore) : TaskStep;

    /// <summary>
    /// Find out whether the upstream has the attempt, no earlier than <paramref name="NotBefore"/>: until then its request may still
    /// be on its way.
    /// </summary>
    public sealed record ClearDoubt(Attempt Attempt, DateTimeOffset NotBefore) : TaskStep;

    /// <summary>Ask the upstream how it stands.</summary>
    public sealed record Poll(Attempt Attempt, string UpstreamTaskId) : TaskStep;

    /// <summary>Ask the upstream to stop it.</summary>
    public sealed record StopUpstream(Attempt Attempt, string UpstreamTaskId) : TaskStep;

    /// <summary>Copy the output into our storage.</summary>
    public sealed record StoreOutput(Attempt Attempt, UpstreamOutput Output) : TaskStep;

    /// <summary>End it: a deadline has passed, or the caller wants it stopped and nobody works on it.</summary>
    public sealed record End(TaskCommand Command) : TaskStep;

    /// <summary>Nothing: it has ended.</summary>
    public sealed record Rest : TaskStep;
}

/// <summary>
/// Derives the next step of a task from what is committed, and from nothing else, so that any silo can go on from any point at
/// which another died.
/// </summary>
public static class TaskPlan
{
    /// <summary>How long after the generation deadline an output that is there is still tried to be stored: as long as upstreams keep theirs.</summary>
    public static readonly TimeSpan StoringGrace = TimeSpan.FromHours(24);

    /// <summary>The next step at <paramref name="now"/>.</summary>
    /// <param name="task">The task as it is committed.</param>
    /// <param name="capabilities">What an upstream can do, by kind; null for one that is no longer configured.</param>
    /// <param name="now">The time.</param>
    public static TaskStep Next(GenerationTask task, Func<string, UpstreamCapabilities?> capabilities, DateTimeOffset now)
    {
        if (task.IsTerminal)
        {
            return new TaskStep.Rest();
        }

        if (task is { CancelRequested: true, Phase: TaskPhase.Accepted or TaskPhase.Ready })
        {
            return new TaskStep.End(new TaskCommand.Cancel(UpstreamStopped: false) { Now = now });
        }

        if (Deadline(task) is { } deadline && deadline <= now)
        {
            return new TaskStep.End(new TaskCommand.Fail(TimedOut(task), null) { Now = now });
        }

        if (task.Phase is TaskPhase.Submitting or TaskPhase.InDoubt && DoubtEndsAt(Current(task), capabilities) <= now)
        {
            return new TaskStep.End(new TaskCommand.Fail(NeverCleared, null) { Now = now });
        }

        return task.Phase switch
        {
            TaskPhase.Accepted => new TaskStep.CopyInputs(),
            TaskPhase.Ready ready => new TaskStep.Submit(ready.NotBefore),
            TaskPhase.Submitting => new TaskStep.ClearDoubt(Current(task), DoubtClearableAt(Current(task), capabilities)),
            TaskPhase.InDoubt => new TaskStep.ClearDoubt(Current(task), DoubtClearableAt(Current(task), capabilities)),
            TaskPhase.Running running => WantsStop(task, capabilities)
                ? new TaskStep.StopUpstream(Current(task), running.UpstreamTaskId)
                : new TaskStep.Poll(Current(task), running.UpstreamTaskId),
            TaskPhase.Storing storing => new TaskStep.StoreOutput(Current(task), storing.Output),
            _ => throw new InvalidOperationException($"Unknown phase {task.Phase.GetType().Name}."),
        };
    }

    /// <summary>
    /// When the task fails unless it gets further; null for one that has ended. An output that is there may be stored late, within
    /// <see cref="StoringGrace"/>: a task that cannot be stored has to end as well.
    /// </summary>
    public static DateTimeOffset? Deadline(GenerationTask task) => task.Phase switch
    {
        TaskPhase.Ended => null,
        TaskPhase.Storing => (task.GenerationDeadline ?? task.QueueDeadline) + StoringGrace,
        _ => task.GenerationDeadline ?? task.QueueDeadline,
    };

    private static readonly TaskError NeverCleared = new(
        TaskErrorCode.ServiceError, "The provider did not answer, and nobody could say whether it took the task. Nothing was charged. Please try again.");

    private static TaskError TimedOut(GenerationTask task) => task.GenerationDeadline is null
        ? new(TaskErrorCode.ResourceExhausted, "No capacity was free in time; the reserved credits were released. Please try again later.")
        : new(TaskErrorCode.GenerationTimeout, "The video was not ready in time; the reserved credits were released. Please try again.");

    // When nobody will tell any more whether the upstream has the attempt: then the task fails, for to send it anywhere could make it twice.
    private static DateTimeOffset? DoubtEndsAt(Attempt attempt, Func<string, UpstreamCapabilities?> capabilities) =>
        capabilities(attempt.Upstream) is { } upstream && !(upstream.CanFindByReference && upstream.NotFoundAllowsResend)
            ? attempt.SendBy + upstream.CallTimeout + upstream.DoubtPatience
            : null;

    private static bool WantsStop(GenerationTask task, Func<string, UpstreamCapabilities?> capabilities) =>
        task.CancelRequested && !task.CancelDeclined && capabilities(Current(task).Upstream) is { CanCancel: true };

    // A request that was recorded may be sent until its send-by time, and may arrive as long as a call may last.
    private static DateTimeOffset DoubtClearableAt(Attempt attempt, Func<string, UpstreamCapabilities?> capabilities) =>
        attempt.SendBy + (capabilities(attempt.Upstream)?.CallTimeout ?? TimeSpan.Zero);

    private static Attempt Current(GenerationTask task) => task.CurrentAttempt
        ?? throw new InvalidOperationException($"Task {task.Id} is {task.Phase.GetType().Name} without an open attempt.");
}
