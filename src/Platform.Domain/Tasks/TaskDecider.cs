using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Upstreams;

using TaskDecision = Platform.Domain.Decision<Platform.Domain.Tasks.TaskEvent, Platform.Domain.Tasks.TaskRefusal>;

namespace Platform.Domain.Tasks;

/// <summary>
/// The state machine of a task (product.md section 4). An answer that comes twice, late or out of order changes nothing; the first
/// end that is committed stands.
/// </summary>
public static class TaskDecider
{
    private static readonly UpstreamFault NeverArrived = new("not_found", "The upstream has no job of this reference.");

    /// <summary>Decides what a command does to a task.</summary>
    public static TaskDecision Decide(GenerationTask task, TaskCommand command) => (task.Phase, command) switch
    {
        (TaskPhase.Ended, _) => DecideEnded(task, command),

        (TaskPhase.Accepted, TaskCommand.RecordInputs c) => TaskDecision.Of(new TaskEvent.InputsCopied(c.Inputs) { At = c.Now }),
        (_, TaskCommand.RecordInputs) => TaskDecision.Nothing,

        (TaskPhase.Ready, TaskCommand.StartAttempt c) => DecideStart(task, c),
        (_, TaskCommand.StartAttempt c) when IsCurrent(task, c.AttemptId) => TaskDecision.Nothing,
        (_, TaskCommand.StartAttempt) => OutOfPlace("An attempt can start only where the task waits for one."),

        (TaskPhase.Submitting or TaskPhase.InDoubt, TaskCommand.RecordAccepted c) when IsCurrent(task, c.AttemptId) =>
            TaskDecision.Of(new TaskEvent.AttemptAccepted(c.AttemptId, c.UpstreamTaskId) { At = c.Now }),
        (_, TaskCommand.RecordAccepted) => TaskDecision.Nothing,

        (TaskPhase.Submitting or TaskPhase.InDoubt, TaskCommand.RecordRefused c) when IsCurrent(task, c.AttemptId) =>
            TaskDecision.Of(new TaskEvent.AttemptRefused(c.AttemptId, c.Ending, c.Fault, c.RetryNotBefore) { At = c.Now }),
        (_, TaskCommand.RecordRefused) => TaskDecision.Nothing,

        (TaskPhase.Submitting or TaskPhase.Running, TaskCommand.RecordUnclear c) when IsCurrent(task, c.AttemptId) =>
            TaskDecision.Of(new TaskEvent.AttemptUnclear(c.AttemptId, c.Fault) { At = c.Now }),
        (_, TaskCommand.RecordUnclear) => TaskDecision.Nothing,

        (TaskPhase.Submitting or TaskPhase.InDoubt, TaskCommand.RecordNotFound c) when IsCurrent(task, c.AttemptId) => DecideNotFound(task, c),
        (_, TaskCommand.RecordNotFound) => TaskDecision.Nothing,

        // A callback may tell of the end before the answer to the submit is known.
        (TaskPhase.Submitting or TaskPhase.InDoubt or TaskPhase.Running, TaskCommand.RecordOutput c) when IsCurrent(task, c.AttemptId) =>
            TaskDecision.Of(new TaskEvent.OutputReady(c.AttemptId, c.Output) { At = c.Now }),
        (_, TaskCommand.RecordOutput) => TaskDecision.Nothing,

        (TaskPhase.Submitting or TaskPhase.InDoubt or TaskPhase.Running or TaskPhase.Storing, TaskCommand.RecordAttemptFailed c)
            when IsCurrent(task, c.AttemptId) =>
            TaskDecision.Of(new TaskEvent.AttemptFailed(c.AttemptId, c.Error, c.Fault) { At = c.Now }),
        (_, TaskCommand.RecordAttemptFailed) => TaskDecision.Nothing,
        (_, TaskCommand.RecordNoOutput) => TaskDecision.Nothing,

        (_, TaskCommand.RequestCancel) when task.CancelRequested => TaskDecision.Nothing,
        (TaskPhase.Storing, TaskCommand.RequestCancel) => OutOfPlace("The video is finished and being stored; it can no longer be cancelled."),
        (_, TaskCommand.RequestCancel c) => TaskDecision.Of(new TaskEvent.CancelRequested { At = c.Now }),

        (TaskPhase.Running, TaskCommand.RecordCancelDeclined c) when IsCurrent(task, c.AttemptId) && !task.CancelDeclined =>
            TaskDecision.Of(new TaskEvent.CancelDeclined(c.AttemptId, c.Fault) { At = c.Now }),
        (_, TaskCommand.RecordCancelDeclined) => TaskDecision.Nothing,

        (TaskPhase.Storing, TaskCommand.Complete c) => DecideComplete(task, c),
        (_, TaskCommand.Complete) => OutOfPlace("A task completes only from an output that was stored."),

        (_, TaskCommand.Fail c) => TaskDecision.Of(new TaskEvent.Failed(c.Error, c.Fault) { At = c.Now }),

        (TaskPhase.Accepted or TaskPhase.Ready, TaskCommand.Cancel c) => TaskDecision.Of(new TaskEvent.Cancelled(false) { At = c.Now }),
        (_, TaskCommand.Cancel { UpstreamStopped: true } c) => TaskDecision.Of(new TaskEvent.Cancelled(true) { At = c.Now }),
        (_, TaskCommand.Cancel) => OutOfPlace("An upstream may be working on it; it has to be stopped there first."),

        (_, TaskCommand.EraseMedia) => OutOfPlace("The task has not ended; its media are in use."),

        _ => throw new InvalidOperationException($"Unknown command {command.GetType().Name}."),
    };

    /// <summary>
    /// The task after the events of one commit, with its version raised by one; the task itself where there are none.
    /// </summary>
    public static GenerationTask Apply(GenerationTask task, IReadOnlyCollection<TaskEvent> events) =>
        events.Count == 0 ? task : events.Aggregate(task, TaskEvolution.Evolve) with { Version = task.Version + 1 };

    private static TaskDecision DecideEnded(GenerationTask task, TaskCommand command)
    {
        switch (command)
        {
            case TaskCommand.RecordOutput c when task.Attempts.Any(a => IsAbandoned(a, c.AttemptId)):
                return TaskDecision.Of(new TaskEvent.LateOutput(c.AttemptId, c.Output) { At = c.Now });
            case TaskCommand.RecordNoOutput c when task.Attempts.Any(a => a.Ending is AttemptEnding.Abandoned && IsAbandoned(a, c.AttemptId)):
                return TaskDecision.Of(new TaskEvent.AbandonedCleared(c.AttemptId, c.Fault) { At = c.Now });
            case TaskCommand.EraseMedia c when task.MediaDeletedAt is null:
                return TaskDecision.Of(new TaskEvent.MediaErased { At = c.Now });
            case TaskCommand.Complete or TaskCommand.Fail or TaskCommand.Cancel or TaskCommand.RequestCancel or TaskCommand.StartAttempt:
                return TaskDecision.Refuse(new TaskRefusal.AlreadyEnded(task.Status));
            default:
                return TaskDecision.Nothing;
        }
    }

    private static TaskDecision DecideStart(GenerationTask task, TaskCommand.StartAttempt command)
    {
        if (task.CancelRequested)
        {
            return OutOfPlace("The caller wants it stopped; nothing more is sent.");
        }

        if (task.Attempts.Any(a => string.Equals(a.Id, command.AttemptId, StringComparison.Ordinal)))
        {
            return TaskDecision.Nothing;
        }

        return TaskDecision.Of(new TaskEvent.AttemptStarted(
            command.AttemptId,
            command.Route.Id,
            command.Route.Upstream,
            command.Route.Account,
            command.Route.CostAt(task.Request.Quality, command.Now)
                ?? throw new InvalidOperationException($"Route {command.Route.Id} does not serve {task.Request.Quality}."),
            command.SendBy,
            command.Rejections,
            command.Slot)
        { At = command.Now });
    }

    private static TaskDecision DecideNotFound(GenerationTask task, TaskCommand.RecordNotFound command)
    {
        // Until then the request may be on its way, and proves nothing by not having arrived.
        var sendBy = task.Attempts[^1].SendBy;
        if (command.Now < sendBy)
        {
            return TaskDecision.Nothing;
        }

        // Nothing more is sent for a task that is to stop; nobody has it, so that it can be cancelled at once.
        if (task.CancelRequested)
        {
            return TaskDecision.Of(
                new TaskEvent.AttemptRefused(command.AttemptId, AttemptEnding.Refused, NeverArrived, command.Now) { At = command.Now });
        }

        // An answer that was acted on before brings the send-by time that the attempt has already.
        return command.SendBy > sendBy
            ? TaskDecision.Of(new TaskEvent.AttemptResent(command.AttemptId, command.SendBy) { At = command.Now })
            : TaskDecision.Nothing;
    }

    private static TaskDecision DecideComplete(GenerationTask task, TaskCommand.Complete command)
    {
        var seconds = Seconds.ToBill(command.Result.Info.DurationSeconds ?? 0m, task.Price.Rounding, task.ReservedSeconds);
        var used = CreditAmount.Min(task.Price.UnitPrice * seconds, task.CreditsReserved);
        return TaskDecision.Of(new TaskEvent.Completed(command.Result, seconds, used) { At = command.Now });
    }

    private static bool IsCurrent(GenerationTask task, string attemptId) =>
        string.Equals(task.CurrentAttempt?.Id, attemptId, StringComparison.Ordinal);

    private static bool IsAbandoned(Attempt attempt, string attemptId) =>
        attempt.Ending is AttemptEnding.Abandoned or AttemptEnding.Cancelled
        && string.Equals(attempt.Id, attemptId, StringComparison.Ordinal);

    private static TaskDecision OutOfPlace(string reason) => TaskDecision.Refuse(new TaskRefusal.OutOfPlace(reason));
}
