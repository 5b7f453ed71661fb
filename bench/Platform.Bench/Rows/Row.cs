using System.Globalization;
using Platform.Bench.Measure;

namespace Platform.Bench.Rows;

/// <summary>One figure of the table.</summary>
internal sealed record Row
{
    private const double MostOfOthers = 0.15;

    public required string What { get; init; }

    public required string Goal { get; init; }

    public required string Figure { get; init; }

    public required string Baseline { get; init; }

    public required string Ratio { get; init; }

    /// <summary>Whether the goal is met by the figure; null where the figure cannot say.</summary>
    public required bool? IsMet { get; init; }

    public required string Command { get; init; }

    public required string Durability { get; init; }

    public required int Errors { get; init; }

    public string? FirstError { get; init; }

    public string Flushes { get; init; } = "–";

    public Interval Processors { get; init; } = Interval.None;

    /// <summary>Others on the machine make a figure of latency or rate say little.</summary>
    private string Verdict => (Processors != Interval.None && Processors.OthersShare > MostOfOthers, IsMet) switch
    {
        (_, null) => "unsettled: the baseline was disturbed",
        (true, true) => "yes, on a busy machine",
        (true, false) => "**no**, on a busy machine",
        (false, true) => "yes",
        (false, false) => "**no**",
    };

    /// <summary>The lines of a Markdown table of rows.</summary>
    public static IEnumerable<string> Table(IEnumerable<Row> rows)
    {
        yield return "| what | goal | figure | baseline, same run | ratio | met | flushes per accept | durability | generator's share | others' share | errors | command |";
        yield return "|---|---|---|---|---|---|---|---|---|---|---|---|";
        foreach (var row in rows)
        {
            var (generator, others) = row.Processors == Interval.None
                ? ("–", "–")
                : (Percent(row.Processors.GeneratorShare), Percent(row.Processors.OthersShare));
            yield return $"| {row.What} | {row.Goal} | {row.Figure} | {row.Baseline} | {row.Ratio} | {row.Verdict} | {row.Flushes} "
                + $"| {row.Durability} | {generator} | {others} | {row.Errors} | `{row.Command}` |";
        }
    }

    private static string Percent(double part) => part.ToString("0 %", CultureInfo.InvariantCulture);
}
