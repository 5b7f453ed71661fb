using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Platform.Postgres;
using Platform.Storage.Postgres;

namespace Platform.Waking;

/// <summary>What happens while the tasks come due.</summary>
internal enum Scenario
{
    /// <summary>Nothing.</summary>
    Quiet,

    /// <summary>One of two silos is killed.</summary>
    Kill,

    /// <summary>Both are dead for the whole time, and are started afterwards.</summary>
    Downtime,
}

/// <summary>One measurement: a database and two silos of its own.</summary>
internal sealed class Run : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly PostgresServer _server;
    private readonly string _connectionString;
    private readonly NpgsqlDataSource _database;
    private readonly string _way;
    private readonly int _tasks;
    private readonly List<Process> _silos = [];

    private Run(PostgresServer server, string connectionString, string way, int tasks)
    {
        _server = server;
        _connectionString = connectionString;
        _database = NpgsqlDataSource.Create(connectionString);
        _way = way;
        _tasks = tasks;
    }

    public static async Task<Run> StartAsync(string way, int tasks)
    {
        var server = await PostgresServer.StartAsync(new() { Durable = true });
        var run = new Run(server, await server.CreateDatabaseAsync(), way, tasks);
        await using (var connection = await run._database.OpenConnectionAsync())
        {
            await OrleansSchema.ApplyAsync(connection, CancellationToken.None);
        }

        await run.ExecuteAsync("""
            CREATE TABLE due_task (
                id bigint PRIMARY KEY, shard integer NOT NULL, due_at timestamptz NOT NULL, due_first timestamptz NOT NULL,
                woken boolean NOT NULL DEFAULT false, woken_at timestamptz, claims integer NOT NULL DEFAULT 0)
            """);
        await run.ExecuteAsync("CREATE INDEX due ON due_task (shard, due_at) WHERE NOT woken");
        run.StartSilo(0);
        await run.SaysAsync(0, "ready");
        run.StartSilo(1);
        await run.SaysAsync(1, "ready");
        return run;
    }

    public async Task<string> MeasureAsync(Scenario scenario)
    {
        // Far enough away that all are scheduled before the first is due.
        var (seconds, spread) = (_way == "reminders" ? 90 : 20, 30);
        var before = await RemindersWrittenAsync();
        if (_way == "reminders")
        {
            await _silos[0].StandardInput.WriteLineAsync($"remind 0 {_tasks} {seconds} {spread}");
            await SaysAsync(0, "done");
            await ExecuteAsync("""
                INSERT INTO due_task (id, shard, due_at, due_first)
                SELECT ('x' || lpad(substring(grain_id FROM '[^/]*$'), 16, '0'))::bit(64)::bigint, 0, start_time, start_time FROM orleans.reminder
                """);
        }
        else
        {
            await ExecuteAsync($"""
                INSERT INTO due_task (id, shard, due_at, due_first)
                SELECT n, n % 16, d, d FROM (
                    SELECT n, now() + make_interval(secs => {seconds} + (n % 1000) * {spread} / 1000.0) AS d FROM generate_series(0, {_tasks - 1}) n) s
                """);
        }

        var first = (DateTime)(await ScalarAsync("SELECT min(due_first) FROM due_task"))!;
        var last = (DateTime)(await ScalarAsync("SELECT max(due_first) FROM due_task"))!;
        switch (scenario)
        {
            case Scenario.Kill:
                await UntilAsync(first.AddSeconds(spread / 3));
                await KillAsync(1);
                break;
            case Scenario.Downtime:
                await UntilAsync(first.AddSeconds(-5));
                await KillAsync(0);
                await KillAsync(1);
                await UntilAsync(last.AddSeconds(5));
                _silos.Clear();
                StartSilo(2);
                StartSilo(3);
                break;
            default:
                break;
        }

        var watch = Stopwatch.StartNew();
        while ((long)(await ScalarAsync("SELECT count(*) FROM due_task WHERE NOT woken"))! > 0 && watch.Elapsed < Patience)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }

        // A reminder is written again when it is unregistered; that comes after the wake.
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        var written = _way == "reminders"
            ? await RemindersWrittenAsync() - before
            : Convert.ToInt64(await ScalarAsync("SELECT sum(claims) FROM due_task"), CultureInfo.InvariantCulture);
        await using var command = _database.CreateCommand("""
            SELECT count(woken_at), percentile_disc(0.5) WITHIN GROUP (ORDER BY late), percentile_disc(0.99) WITHIN GROUP (ORDER BY late), max(late),
                (SELECT max(n) FROM (SELECT count(*) AS n FROM due_task GROUP BY date_trunc('second', woken_at)) s)
            FROM (SELECT woken_at, extract(epoch FROM woken_at - due_first)::double precision AS late FROM due_task) d
            """);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(double)written / _tasks:0.00} | {reader.GetInt64(0)} | {reader.GetDouble(1):0.0} s | {reader.GetDouble(2):0.0} s | {reader.GetDouble(3):0.0} s | {reader.GetInt64(4)}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.Where(s => !s.HasExited))
        {
            silo.Kill();
            await silo.WaitForExitAsync();
        }

        await _database.DisposeAsync();
        await _server.DisposeAsync();
    }

    private void StartSilo(int number)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Run).Assembly.Location, "silo", _connectionString, $"{_server.Port + 1 + (number * 2)}", _way])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        _silos.Add(Process.Start(start)!);
    }

    private async Task SaysAsync(int silo, string what)
    {
        string? line;
        do
        {
            line = await _silos[silo].StandardOutput.ReadLineAsync();
        }
        while (line is not null && line != what);
        if (line is null)
        {
            throw new InvalidOperationException($"Silo {silo} ended.");
        }
    }

    private async Task KillAsync(int silo)
    {
        _silos[silo].Kill();
        await _silos[silo].WaitForExitAsync();
    }

    private static async Task UntilAsync(DateTime time)
    {
        var wait = time - TimeProvider.System.GetUtcNow().UtcDateTime;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, TimeProvider.System);
        }
    }

    private async Task<long> RemindersWrittenAsync()
    {
        await ExecuteAsync("SELECT pg_stat_force_next_flush()");
        return Convert.ToInt64(
            await ScalarAsync("SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relname = 'reminder'"), CultureInfo.InvariantCulture);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
