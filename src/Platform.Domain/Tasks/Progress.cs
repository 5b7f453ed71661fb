namespace Platform.Domain.Tasks;

/// <summary>
/// The progress that callers see: a pure function of what is committed and of the time, so that every replica shows the same and
/// it never goes back.
/// </summary>
public static class Progress
{
    private const int Accepted = 0;
    private const int InputsCopied = 5;
    private const int Submitted = 10;
    private const int Storing = 95;
    private const int Done = 100;

    /// <summary>Progress in percent, 0–100; 100 only when completed.</summary>
    public static int Of(GenerationTask task, DateTimeOffset now)
    {
        var shown = task.Phase switch
        {
            TaskPhase.Accepted => Accepted,
            TaskPhase.Ready => task.Attempts.IsEmpty ? InputsCopied : Submitted,
            TaskPhase.Submitting or TaskPhase.InDoubt or TaskPhase.Running => WhileRunning(task, now),
            TaskPhase.Storing => Storing,
            TaskPhase.Ended { Outcome: TaskOutcome.Completed } => Done,

            // A task that did not complete keeps what it had reached: the floor.
            TaskPhase.Ended => Accepted,
            _ => throw new InvalidOperationException($"Unknown phase {task.Phase.GetType().Name}."),
        };

        return Math.Max(shown, task.ProgressFloor);
    }

    // Nears the end without reaching it, however long it takes: half of what is left per half of the usual time.
    private static int WhileRunning(GenerationTask task, DateTimeOffset now)
    {
        var elapsed = (now - task.Attempts[^1].StartedAt).TotalSeconds;
        var share = 1 - Math.Pow(0.5, Math.Max(0, elapsed) / (task.EstimatedSeconds / 2.0));
        return Submitted + (int)((Storing - 1 - Submitted) * share);
    }
}
