using System.Globalization;
using Platform.Bench.Hosts;
using Platform.Bench.Load;
using Platform.Bench.Measure;

namespace Platform.Bench.Rows;

/// <summary>Accepts over HTTP against one transaction per accept on a file beside it, database only.</summary>
internal static class AcceptRow
{
    private const double Goal = 1.5;
    private const double FlushGoal = 1.0 / 8;

    public static async Task<Row> RunAsync(Settings settings, string command, int tenants)
    {
        var folder = Repository.NewFolder(command);
        using var host = await PlatformProcess.StartAsync(folder, TimeSpan.FromHours(1));
        var customers = await Customer.CreateAsync(host, tenants);
        byte[][] requests = [.. customers.Select(c => c.CreateRequest())];
        using var baseline = ChildProcess.Start(
            Repository.Baselines, ["sqlite", Path.Combine(folder, "baseline.db")], new Dictionary<string, string>(StringComparer.Ordinal));
        using var load = new LoadGenerator(host.Port, Settings.Connections);
        byte[] Request(int connection, int number) => requests[connection % requests.Length];

        await baseline.AskAsync("accept 1");
        var warm = load.Closed(settings.Slice, Request);
        var rounds = new List<(double Rate, double Baseline)>();
        var (errors, firstError) = (warm.Errors, warm.FirstError);
        var (accepts, commits) = (0L, 0L);
        var processors = Interval.None;
        var latencies = new List<Latencies>();
        for (var round = 0; round < settings.Rounds; round++)
        {
            var slow = double.Parse(await baseline.AskAsync($"accept {settings.Seconds}"), CultureInfo.InvariantCulture);
            var before = Commits.Count(host.Database);
            var (result, interval) = Interval.Of(host.Id, () => load.Closed(settings.Slice, Request));
            commits += unchecked(Commits.Count(host.Database) - before);
            accepts += result.Latencies.Count;
            processors += interval;
            errors += result.Errors;
            firstError ??= result.FirstError;
            rounds.Add((result.PerSecond, slow));
            latencies.Add(result.Latencies);
            Console.WriteLine(
                $"  round {round + 1}: {result.PerSecond:0}/s, baseline {slow:0}/s, p50 {result.Latencies.Percentile(0.5).TotalMilliseconds:0.0} ms, p99 {result.Latencies.Percentile(0.99).TotalMilliseconds:0.0} ms");
        }

        var ratio = Settings.Median(rounds.Select(r => r.Rate / r.Baseline));
        var flushes = (double)commits / accepts;
        return new()
        {
            What = tenants == 1 ? "accept on SQLite through HTTP, one hot tenant" : $"accept on SQLite through HTTP, {tenants} tenants",
            Goal = "≥ 1.5×; ≤ 1/8 flush",
            Figure = $"{Settings.Median(rounds.Select(r => r.Rate)):0}/s, p99 {Settings.Median(latencies.Select(l => l.Percentile(0.99).TotalMilliseconds)):0} ms",
            Baseline = $"{Settings.Median(rounds.Select(r => r.Baseline)):0}/s",
            Ratio = $"{ratio:0.00}×",
            IsMet = ratio >= Goal && flushes <= FlushGoal,
            Flushes = $"1/{1 / flushes:0}",
            Command = command,
            Durability = "WAL, synchronous=FULL",
            Errors = errors,
            FirstError = firstError,
            Processors = processors,
        };
    }
}
