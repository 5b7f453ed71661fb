using Microsoft.Extensions.DependencyInjection;
using Platform.Bench.Hosts;
using Platform.Bench.Load;
using Platform.Bench.Measure;
using Platform.Domain.Credits;
using Platform.Postgres;
using Platform.Storage;

namespace Platform.Bench.Rows;

/// <summary>Accepts on PostgreSQL, over HTTP and by the store alone, against <c>pgbench</c> on the same server.</summary>
internal static class PostgresRows
{
    private const string Durability = "fsync, synchronous_commit=on";
    private const double FlushGoal = 1.0 / 8;
    private const int ManyTenants = 32;
    private const int StoreCallers = 256;

    public static async Task<IReadOnlyList<Row>> RunAsync(Settings settings, string command)
    {
        await using var server = await PostgresServer.StartAsync(new() { Durable = true });
        var baseline = await PostgresBaseline.CreateAsync(server);
        await baseline.RunAsync("five.sql", 1);
        return
        [
            await StoreAsync(settings, command, server, baseline),
            .. await HttpAsync(settings, command, server, baseline),
        ];
    }

    private static async Task<Row> StoreAsync(Settings settings, string command, PostgresServer server, PostgresBaseline baseline)
    {
        var database = await server.CreateDatabaseAsync();
        await using var services = new ServiceCollection().AddPostgresStore(store => store.ConnectionString = database).BuildServiceProvider();
        await services.GetRequiredService<IStoreMaintenance>().MigrateAsync(default);
        var load = new StoreLoad(services.GetRequiredService<IAccountStore>(), StoreCallers);
        await load.OpenAsync();
        await load.RunAsync(settings.Slice);
        var rounds = new List<(double Rate, double Five, double One)>();
        for (var round = 0; round < settings.Rounds; round++)
        {
            var five = await baseline.RunAsync("five.sql", settings.Seconds);
            var rate = await load.RunAsync(settings.Slice);
            rounds.Add((rate, five, await baseline.RunAsync("one.sql", settings.Seconds)));
            Console.WriteLine($"  store alone, round {round + 1}: {rounds[^1].Rate:0}/s, five statements {rounds[^1].Five:0}/s, one statement {rounds[^1].One:0}/s");
        }

        var overFive = Settings.Median(rounds.Select(r => r.Rate / r.Five));
        var overOne = Settings.Median(rounds.Select(r => r.Rate / r.One));
        return new()
        {
            What = $"the store's accept alone on PostgreSQL, {StoreCallers} callers of as many tenants",
            Goal = "≥ 5× five statements; ≥ 3× one statement",
            Figure = $"{Settings.Median(rounds.Select(r => r.Rate)):0}/s",
            Baseline = $"five {Settings.Median(rounds.Select(r => r.Five)):0}/s; one {Settings.Median(rounds.Select(r => r.One)):0}/s",
            Ratio = $"{overFive:0.00}×; {overOne:0.00}×",
            IsMet = overFive >= 5 && overOne >= 3,
            Command = command,
            Durability = Durability,
            Errors = 0,
        };
    }

    private static async Task<IReadOnlyList<Row>> HttpAsync(Settings settings, string command, PostgresServer server, PostgresBaseline baseline)
    {
        var database = await server.CreateDatabaseAsync();
        using var host = await PlatformProcess.StartAsync(Repository.NewFolder(command), TimeSpan.FromHours(1), database);
        return
        [
            await HttpAsync(settings, command, host, database, baseline, ManyTenants, "five.sql", goal: 1.5),
            await HttpAsync(settings, command, host, database, baseline, tenants: 1, "hot.sql", goal: 10),
        ];
    }

    private static async Task<Row> HttpAsync(
        Settings settings, string command, PlatformProcess host, string database, PostgresBaseline baseline, int tenants, string script, double goal)
    {
        var customers = await Customer.CreateAsync(host, tenants);
        byte[][] requests = [.. customers.Select(c => c.CreateRequest())];
        using var load = new LoadGenerator(host.Port, Settings.Connections);
        byte[] Request(int connection, int number) => requests[connection % requests.Length];

        var warm = load.Closed(settings.Slice, Request);
        var (errors, firstError) = (warm.Errors, warm.FirstError);
        var rounds = new List<(double Rate, double Baseline, double P99)>();
        var (accepts, flushes) = (0L, 0L);
        var processors = Interval.None;
        for (var round = 0; round < settings.Rounds; round++)
        {
            var slow = await baseline.RunAsync(script, settings.Seconds);
            var before = await WalFlushes.CountAsync(database);
            var (result, interval) = Interval.Of(host.Id, () => load.Closed(settings.Slice, Request));
            flushes += await WalFlushes.CountAsync(database) - before;
            accepts += result.Latencies.Count;
            processors += interval;
            errors += result.Errors;
            firstError ??= result.FirstError;
            rounds.Add((result.PerSecond, slow, result.Latencies.Percentile(0.99).TotalMilliseconds));
            Console.WriteLine($"  HTTP, {tenants} tenants, round {round + 1}: {rounds[^1].Rate:0}/s, {script} {slow:0}/s, p99 {rounds[^1].P99:0} ms");
        }

        var ratio = Settings.Median(rounds.Select(r => r.Rate / r.Baseline));
        var perAccept = (double)flushes / accepts;
        return new()
        {
            What = tenants == 1 ? "accept on PostgreSQL through HTTP, one hot tenant" : $"accept on PostgreSQL through HTTP, {tenants} tenants",
            Goal = $"≥ {goal:0.#}×; ≤ 1/8 flush",
            Figure = $"{Settings.Median(rounds.Select(r => r.Rate)):0}/s, p99 {Settings.Median(rounds.Select(r => r.P99)):0} ms",
            Baseline = $"{Settings.Median(rounds.Select(r => r.Baseline)):0}/s (`{script}`)",
            Ratio = $"{ratio:0.00}×",
            IsMet = ratio >= goal && perAccept <= FlushGoal,
            Flushes = $"1/{1 / perAccept:0.#}",
            Command = command,
            Durability = Durability,
            Errors = errors,
            FirstError = firstError,
            Processors = processors,
        };
    }
}
