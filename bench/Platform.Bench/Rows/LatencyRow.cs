using System.Globalization;
using Platform.Bench.Hosts;
using Platform.Bench.Load;
using Platform.Bench.Measure;

namespace Platform.Bench.Rows;

/// <summary>What a create takes longer than one bare insert, both at a fixed rate whatever the answers do.</summary>
internal static class LatencyRow
{
    private const int PerSecond = 500;
    private const int Tenants = 32;
    private const int SlicesPerRound = 2;

    private static readonly double[] Percentiles = [0.5, 0.99, 0.999];

    public static async Task<Row> RunAsync(Settings settings, string command)
    {
        var folder = Repository.NewFolder(command);
        using var host = await PlatformProcess.StartAsync(folder, TimeSpan.FromHours(1));
        byte[][] requests = [.. (await Customer.CreateAsync(host, Tenants)).Select(c => c.CreateRequest())];
        using var baseline = ChildProcess.Start(
            Repository.Baselines, ["sqlite", Path.Combine(folder, "baseline.db")], new Dictionary<string, string>(StringComparer.Ordinal));
        using var load = new LoadGenerator(host.Port, Settings.Connections);
        byte[] Request(int number) => requests[number % requests.Length];

        // A warm process is what is asked about: the code is compiled under load first.
        load.Closed(settings.Slice, (_, number) => Request(number));
        var (errors, firstError) = (0, default(string));
        var processors = Interval.None;
        var added = new List<double[]>();
        var (bare, full) = (new List<double[]>(), new List<double[]>());
        var (creates, commits) = (0L, 0L);
        for (var round = 0; round < settings.Rounds; round++)
        {
            var seconds = settings.Seconds * SlicesPerRound;
            double[] insert =
            [
                .. (await baseline.AskAsync($"insert {PerSecond} {seconds}")).Split(' ')
                    .Select(p => double.Parse(p, CultureInfo.InvariantCulture) / 1000)
            ];
            var before = Commits.Count(host.Database);
            var (result, interval) = Interval.Of(host.Id, () => load.Open(TimeSpan.FromSeconds(seconds), PerSecond, Request));
            commits += unchecked(Commits.Count(host.Database) - before);
            creates += result.Latencies.Count;
            processors += interval;
            errors += result.Errors;
            firstError ??= result.FirstError;
            double[] create = [.. Percentiles.Select(p => result.Latencies.Percentile(p).TotalMilliseconds)];
            bare.Add(insert);
            full.Add(create);
            added.Add([.. create.Zip(insert, (c, i) => c - i)]);
            Console.WriteLine($"  round {round + 1}: create {Text(create)} ms, bare insert {Text(insert)} ms (p50 / p99 / p99.9)");
        }

        var middle = Middle(added);
        return new()
        {
            What = $"latency that a create adds to a bare insert, {PerSecond}/s, open loop",
            Goal = "p50 < 2 ms, p99 < 10 ms",
            Figure = $"added p50 / p99 / p99.9: {Text(middle)} ms; create itself {Text(Middle(full))} ms",
            Baseline = $"{Text(Middle(bare))} ms",
            Ratio = "–",
            // A create that seems quicker than the bare insert says that the insert was disturbed, not that the goal is met.
            IsMet = middle[0] < 0 || middle[1] < 0 ? null : middle[0] < 2 && middle[1] < 10,
            Flushes = $"1/{(double)creates / commits:0.0}",
            Command = command,
            Durability = "WAL, synchronous=FULL",
            Errors = errors,
            FirstError = firstError,
            Processors = processors,
        };
    }

    private static double[] Middle(List<double[]> rounds) =>
        [.. Enumerable.Range(0, 3).Select(i => Settings.Median(rounds.Select(r => r[i])))];

    private static string Text(double[] percentiles) =>
        string.Join(" / ", percentiles.Select(p => p.ToString("0.00", CultureInfo.InvariantCulture)));
}
