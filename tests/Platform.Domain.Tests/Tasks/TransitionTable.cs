using Platform.Domain.Tasks;

namespace Platform.Domain.Tests.Tasks;

/// <summary>
/// The transitions of a task (product.md section 4), once as a table: what a command about the current attempt makes of each phase
/// while nobody wants the task cancelled. <c>-</c> nothing, <c>!</c> out of place, <c>E</c> already ended, otherwise the next phase.
/// </summary>
internal static class TransitionTable
{
    private const string Text = """
        command              | Accepted | Ready      | Submitting | InDoubt    | Running | Storing | Ended
        RecordInputs         | Ready    | -          | -          | -          | -       | -       | -
        StartAttempt         | !        | Submitting | !          | !          | !       | !       | E
        RecordAccepted       | -        | -          | Running    | Running    | -       | -       | -
        RecordRefused        | -        | -          | Ready      | Ready      | -       | -       | -
        RecordUnclear        | -        | -          | InDoubt    | -          | InDoubt | -       | -
        RecordNotFound       | -        | -          | Submitting | Submitting | -       | -       | -
        RecordOutput         | -        | -          | Storing    | Storing    | Storing | -       | Ended
        RecordAttemptFailed  | -        | -          | Ready      | Ready      | Ready   | Ready   | -
        RecordNoOutput       | -        | -          | -          | -          | -       | -       | Ended
        RequestCancel        | Accepted | Ready      | Submitting | InDoubt    | Running | !       | E
        RecordCancelDeclined | -        | -          | -          | -          | Running | -       | -
        Complete             | !        | !          | !          | !          | !       | Ended   | E
        Fail                 | Ended    | Ended      | Ended      | Ended      | Ended   | Ended   | E
        CancelUnstopped      | Ended    | Ended      | !          | !          | !       | !       | E
        CancelStopped        | Ended    | Ended      | Ended      | Ended      | Ended   | Ended   | E
        EraseMedia           | !        | !          | !          | !          | !       | !       | Ended
        """;

    private static readonly string[][] Cells =
        [.. Text.Split('\n').Select(line => line.Split('|', StringSplitOptions.TrimEntries))];

    public static IReadOnlyList<string> Phases { get; } = Cells[0][1..];

    public static IReadOnlyList<string> Commands { get; } = [.. Cells[1..].Select(row => row[0])];

    /// <summary>What the table says.</summary>
    public static string Next(string phase, string command) =>
        Cells[1 + Commands.ToList().IndexOf(command)][1 + Phases.ToList().IndexOf(phase)];

    public static string NameOf(TaskPhase phase) => phase.GetType().Name;

    public static string NameOf(TaskCommand command) =>
        command is TaskCommand.Cancel cancel ? (cancel.UpstreamStopped ? "CancelStopped" : "CancelUnstopped") : command.GetType().Name;

    /// <summary>What really happens, in the words of the table.</summary>
    public static string Outcome(GenerationTask task, TaskCommand command, out GenerationTask after)
    {
        var decision = TaskDecider.Decide(task, command);
        after = TaskDecider.Apply(task, decision.Events);
        return decision switch
        {
            { Refusal: TaskRefusal.AlreadyEnded } => "E",
            { Refusal: TaskRefusal.OutOfPlace } => "!",
            { Events.IsEmpty: true } => "-",
            _ => NameOf(after.Phase),
        };
    }
}
