using Platform.Domain.Routing;
using Platform.Domain.Upstreams;

namespace Platform.Domain.Tasks;

/// <summary>What an event makes of a task.</summary>
internal static class TaskEvolution
{
    /// <summary>The task after an event. The version is raised by the commit, not here.</summary>
    public static GenerationTask Evolve(GenerationTask task, TaskEvent happened) => happened switch
    {
        TaskEvent.Accepted => task,
        TaskEvent.InputsCopied e => task with { Inputs = e.Inputs, Phase = new TaskPhase.Ready(e.At) },
        TaskEvent.AttemptStarted e => Start(task, e),
        TaskEvent.AttemptAccepted e => Current(task, a => a with { UpstreamTaskId = e.UpstreamTaskId }) with
        {
            Phase = new TaskPhase.Running(e.UpstreamTaskId),
        },
        TaskEvent.AttemptRefused e => Current(task, a => a with { Ending = e.Ending, EndedAt = e.At, Fault = e.Fault }) with
        {
            Phase = new TaskPhase.Ready(e.RetryNotBefore),
            GenerationDeadline = task.Attempts.Any(a => a.UpstreamTaskId is not null) ? task.GenerationDeadline : null,
            ProgressFloor = Progress.Of(task, e.At),
        },
        TaskEvent.AttemptUnclear e => Current(task, a => a with { Fault = e.Fault }) with { Phase = new TaskPhase.InDoubt(e.At) },
        TaskEvent.AttemptResent e => Current(task, a => a with { SendBy = e.SendBy, Sends = a.Sends + 1 }) with
        {
            Phase = new TaskPhase.Submitting(),
        },
        TaskEvent.OutputReady e => Current(task, a => Made(task, a, e.Output)) with { Phase = new TaskPhase.Storing(e.Output) },
        TaskEvent.AttemptFailed e => Current(task, a => a with { Ending = AttemptEnding.Failed, EndedAt = e.At, Error = e.Error, Fault = e.Fault }) with
        {
            Phase = new TaskPhase.Ready(e.At),
            ProgressFloor = Progress.Of(task, e.At),
        },
        TaskEvent.CancelRequested => task with { CancelRequested = true },
        TaskEvent.CancelDeclined => task with { CancelDeclined = true },
        TaskEvent.Completed e => End(task, e, AttemptEnding.Succeeded, new TaskOutcome.Completed(e.Result, e.BilledSeconds, e.CreditsUsed)),
        TaskEvent.Failed e => End(task, e, EndingOf(task, e), new TaskOutcome.Failed(e.Error)),
        TaskEvent.Cancelled e => End(
            task, e, e.UpstreamStopped ? AttemptEnding.Cancelled : AttemptEnding.Abandoned, new TaskOutcome.Cancelled()),
        TaskEvent.LateOutput e => task with
        {
            Attempts = [.. task.Attempts.Select(a => a.Id == e.AttemptId ? Made(task, a, e.Output) with { Ending = AttemptEnding.Succeeded, EndedAt = e.At } : a)],
        },
        TaskEvent.AbandonedCleared e => task with
        {
            Attempts = [.. task.Attempts.Select(a => a.Id == e.AttemptId ? a with { Ending = AttemptEnding.Failed, EndedAt = e.At, Fault = e.Fault } : a)],
        },
        TaskEvent.MediaErased e => task with { MediaDeletedAt = e.At },
        _ => throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
    };

    private static GenerationTask Start(GenerationTask task, TaskEvent.AttemptStarted started) => task with
    {
        Attempts = task.Attempts.Add(new()
        {
            Id = started.AttemptId,
            RouteId = started.RouteId,
            Upstream = started.Upstream,
            Account = started.Account,
            CostPerSecondUsd = started.CostPerSecondUsd,
            StartedAt = started.At,
            SendBy = started.SendBy,
            Slot = started.Slot,
        }),
        GenerationDeadline = task.GenerationDeadline ?? started.At + task.GenerationTimeout,
        ProgressFloor = Progress.Of(task, started.At),
        CancelDeclined = false,
        Phase = new TaskPhase.Submitting(),
    };

    // An upstream charges by what it made; where it does not say how long that is, by what was asked for.
    private static Attempt Made(GenerationTask task, Attempt attempt, UpstreamOutput output) =>
        attempt with { CostUsd = UpstreamEffects.Cost(attempt, output.DurationSeconds ?? task.ReservedSeconds) };

    // What the upstream said of the attempt ended it; without that the attempt was given up, and what it will come to is not known.
    private static AttemptEnding EndingOf(GenerationTask task, TaskEvent.Failed failed) =>
        failed.Fault is null ? AttemptEnding.Abandoned
        : task.CurrentAttempt?.UpstreamTaskId is null ? AttemptEnding.Refused : AttemptEnding.Failed;

    private static GenerationTask End(GenerationTask task, TaskEvent happened, AttemptEnding ending, TaskOutcome outcome)
    {
        var ended = task.CurrentAttempt is null
            ? task
            : Current(task, a => a with { Ending = ending, EndedAt = happened.At });
        return ended with
        {
            Phase = new TaskPhase.Ended(outcome),
            EndedAt = happened.At,
            ProgressFloor = Progress.Of(task, happened.At),
        };
    }

    private static GenerationTask Current(GenerationTask task, Func<Attempt, Attempt> change) => task with
    {
        Attempts = task.Attempts.SetItem(task.Attempts.Length - 1, change(task.Attempts[^1])),
    };
}
