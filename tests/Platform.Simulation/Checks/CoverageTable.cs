using System.Globalization;
using System.Text;
using Platform.Grains.Faults;

namespace Platform.Simulation.Checks;

/// <summary>All that a campaign is to reach, and how often it did.</summary>
internal static class CoverageTable
{
    private static readonly string[] TaskPhases = ["Accepted", "Ready", "Submitting", "InDoubt", "Running", "Storing", "Ended"];

    private static readonly string[] TaskCommands =
    [
        "RecordInputs", "StartAttempt", "RecordAccepted", "RecordRefused", "RecordUnclear", "RecordNotFound", "RecordOutput",
        "RecordAttemptFailed", "RequestCancel", "RecordCancelDeclined", "Complete", "Fail", "CancelUnstopped", "CancelStopped", "EraseMedia",
    ];

    private static readonly string[] AccountStandings = ["New", "Idle", "Flying", "Full", "Waiting", "Crowded", "Lapsed"];

    private static readonly string[] AccountCommands = ["Grant", "Adjust", "Reserve", "Resolve", "ExpireLots"];

    private static readonly string[] Calls =
    [
        "account read", "account commit", "task read", "task commit", "key read", "entry read", "tenant read", "claim", "copy in", "submit",
        "look-up", "query", "cancel", "copy out",
    ];

    private static readonly string[] Messages = ["Wake of TaskGrain", "Resolve of TenantGrain", "answer to Resolve of TenantGrain"];

    /// <summary>Every state with every command.</summary>
    public static IReadOnlyList<string> Pairs { get; } =
    [
        .. TaskPhases.SelectMany(p => TaskCommands.Select(c => $"task {p}, {c}")),
        .. AccountStandings.SelectMany(s => AccountCommands.Select(c => $"account {s}, {c}")),
    ];

    /// <summary>Every place at which a silo may die.</summary>
    public static IReadOnlyList<string> Crashes { get; } =
    [
        .. FaultPoint.All.Select(p => $"at {p}"),
        .. Calls.SelectMany(c => new[] { $"{c}: under way", $"{c}: done, not answered" }),
        .. Messages.Select(m => $"grain call: {m}"),
    ];

    /// <summary>The counts as tables of Markdown.</summary>
    public static string Of(Coverage coverage)
    {
        var text = new StringBuilder();
        Matrix(text, "task", TaskCommands, TaskPhases, coverage.Pairs);
        Matrix(text, "account", AccountCommands, AccountStandings, coverage.Pairs);
        text.AppendLine("| a silo died | times |").AppendLine("|---|---:|");
        foreach (var crash in Crashes.Concat(coverage.Crashes.Keys.Except(Crashes, StringComparer.Ordinal).Order(StringComparer.Ordinal)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {crash} | {coverage.Crashes.GetValueOrDefault(crash)} |");
        }

        text.AppendLine().AppendLine("| what else happened | times |").AppendLine("|---|---:|");
        foreach (var (fact, times) in coverage.Facts.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {fact} | {times} |");
        }

        return text.ToString();
    }

    private static void Matrix(StringBuilder text, string of, string[] commands, string[] states, IReadOnlyDictionary<string, long> pairs)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"| {of} | {string.Join(" | ", states)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(states.Select(_ => "---:|"))}");
        foreach (var command in commands)
        {
            var counts = states.Select(s => pairs.GetValueOrDefault($"{of} {s}, {command}").ToString(CultureInfo.InvariantCulture));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {command} | {string.Join(" | ", counts)} |");
        }

        text.AppendLine();
    }
}
