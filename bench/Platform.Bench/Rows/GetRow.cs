using Platform.Bench.Hosts;
using Platform.Bench.Load;
using Platform.Bench.Measure;

namespace Platform.Bench.Rows;

/// <summary>Reads of tasks with their key checked, against an endpoint that answers with the same bytes.</summary>
internal static class GetRow
{
    private const double Goal = 0.6;
    private const int Tenants = 8;
    private const int TasksPerTenant = 128;

    /// <summary>Tasks that wait or have completed, many of several tenants.</summary>
    public static async Task<Row[]> RunAsync(Settings settings, string command)
    {
        var folder = Repository.NewFolder(command);
        var completed = await CompleteTasksAsync(folder);
        using var host = await PlatformProcess.StartAsync(folder, TimeSpan.FromHours(1));
        var waiting = new List<byte[]>();
        foreach (var customer in await Customer.CreateAsync(host, Tenants))
        {
            for (var i = 0; i < TasksPerTenant; i++)
            {
                waiting.Add(customer.GetRequest(await customer.CreateTaskAsync()));
            }
        }

        return
        [
            await CompareAsync(settings, command, $"{waiting.Count} waiting tasks of {Tenants} tenants", host, folder, waiting),
            await CompareAsync(settings, command, $"{completed.Count} completed tasks, links signed", host, folder, completed),
        ];
    }

    // Rendered by a process before, so that nothing renders while it is measured.
    private static async Task<List<byte[]>> CompleteTasksAsync(string folder)
    {
        using var host = await PlatformProcess.StartAsync(folder, TimeSpan.Zero);
        var requests = new List<byte[]>();
        foreach (var customer in await Customer.CreateAsync(host, 2))
        {
            var task = await customer.CreateTaskAsync();
            if (await customer.WaitUntilEndedAsync(task) is not "completed" and var status)
            {
                throw new InvalidOperationException($"A task ended as {status}.");
            }

            requests.Add(customer.GetRequest(task));
        }

        return requests;
    }

    private static async Task<Row> CompareAsync(
        Settings settings, string command, string what, PlatformProcess host, string folder, List<byte[]> requests)
    {
        using var load = new LoadGenerator(host.Port, Settings.Connections);
        byte[] Request(int connection, int number) => requests[number % requests.Count];
        var body = Path.Combine(folder, "body.json");
        await File.WriteAllBytesAsync(body, load.One(requests[0]));
        var port = ChildProcess.FreePort();
        using var baseline = ChildProcess.Start(
            Repository.Baselines, ["get", $"http://127.0.0.1:{port}", body], new Dictionary<string, string>(StringComparer.Ordinal));
        await baseline.Output.ReadLineAsync();
        using var baselineLoad = new LoadGenerator(port, Settings.Connections);

        baselineLoad.Closed(settings.Slice, Request);
        var warm = load.Closed(settings.Slice, Request);
        var rounds = new List<(double Rate, double Baseline)>();
        var (errors, firstError) = (warm.Errors, warm.FirstError);
        var processors = Interval.None;
        var costs = new List<(double Subject, double Baseline)>();
        for (var round = 0; round < settings.Rounds; round++)
        {
            var (fast, fastInterval) = Interval.Of(baseline.Id, () => baselineLoad.Closed(settings.Slice, Request));
            var (result, interval) = Interval.Of(host.Id, () => load.Closed(settings.Slice, Request));
            processors += interval;
            costs.Add((Cost(interval, result), Cost(fastInterval, fast)));
            errors += result.Errors + fast.Errors;
            firstError ??= result.FirstError ?? fast.FirstError;
            rounds.Add((result.PerSecond, fast.PerSecond));
            Console.WriteLine(
                $"  round {round + 1}: {result.PerSecond:0}/s, baseline {fast.PerSecond:0}/s, p99 {result.Latencies.Percentile(0.99).TotalMilliseconds:0.0} ms");
        }

        var ratio = Settings.Median(rounds.Select(r => r.Rate / r.Baseline));
        return new()
        {
            What = $"`GET /v1/tasks/{{id}}`, keys checked: {what}",
            Goal = "≥ 0.6×",
            Figure = $"{Settings.Median(rounds.Select(r => r.Rate)):0}/s, {Settings.Median(costs.Select(c => c.Subject)):0} µs of processor each",
            Baseline = $"{Settings.Median(rounds.Select(r => r.Baseline)):0}/s, {Settings.Median(costs.Select(c => c.Baseline)):0} µs each",
            Ratio = $"{ratio:0.00}×",
            IsMet = ratio >= Goal,
            Command = command,
            Durability = "reads",
            Errors = errors,
            FirstError = firstError,
            Processors = processors,
        };
    }

    // Of the server alone: says what an answer costs even while others take a part of the machine.
    private static double Cost(Interval interval, LoadResult result) => interval.Subject.TotalMicroseconds / result.Latencies.Count;
}
