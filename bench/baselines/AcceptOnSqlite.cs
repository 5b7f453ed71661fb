using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SQLitePCL;

namespace Platform.Baselines;

/// <summary>
/// The five statements of an accept, one transaction per accept, on one connection without HTTP, without JSON, without decisions:
/// as fast as one request per transaction can be on this disk. <c>accept SECONDS</c> runs it, <c>insert RATE SECONDS</c> makes bare
/// durable inserts at a fixed rate. Both are answered with one line.
/// </summary>
internal sealed class AcceptOnSqlite
{
    private const int Tenants = 32;
    private const long Amount = 4_082_400_000;

    // What the platform stores for the bench's create, byte for byte but for ids and times.
    private const string Link =
        "http://127.0.0.1:8080/v1/files/file_2v7h3kq9xw5m8r4t2v7h/content?expires=1800000000&signature=aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hI5kL7nO9q";

    private const string State = $$$"""
        {"v":1,"key":"key_2v7h3kq9xw5m8r4t","request":{"model":"kling-v3-motion-control","image":"{{{Link}}}","video":"{{{Link}}}","prompt":"A girl wearing a gray loose T-shirt and denim shorts","quality":"720p","orientation":"image","sound":true},"price":{"version":1,"base":8.1648,"quality":1,"group":"default","groupFactor":1,"unit":8.1648,"rounding":1,"perUsd":72},"reservedSeconds":5,"inspectedSeconds":5,"reserved":40.8240,"queueDeadline":1800000000000,"generationTimeout":3600000,"estimatedSeconds":180,"phase":{"is":"accepted"}}
        """;

    private const string Lots = """{"v":1,"lots":[{"grant":"grt_2v7h3kq9xw5m8r4t2v7h","amount":999962890.9840}]}""";
    private const string Slices = """{"v":1,"lots":[{"grant":"grt_2v7h3kq9xw5m8r4t2v7h","amount":40.8240}]}""";
    private const string Event = """{"v":1,"reserved":40.8240,"reservedSeconds":5,"queued":true}""";

    private static readonly double[] Percentiles = [0.5, 0.99, 0.999];

    private readonly sqlite3 _database;
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _account;
    private readonly Statement _task;
    private readonly Statement _taskEvent;
    private readonly Statement _hold;
    private readonly Statement _entry;
    private readonly Statement _bare;
    private readonly byte[][] _tenants = [.. Enumerable.Range(0, Tenants).Select(i => Utf8($"ten_2v7h3kq9xw5m{i:0000}"))];
    private readonly long[] _versions = new long[Tenants];
    private readonly long _now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private int _count;

    private AcceptOnSqlite(string file)
    {
        Batteries_V2.Init();
        Statement.Check(
            raw.sqlite3_open_v2(file, out _database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null), file);

        // The platform's settings.
        Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=4096; PRAGMA cache_size=-32768");
        using (var schema = new StreamReader(typeof(AcceptOnSqlite).Assembly.GetManifestResourceStream("schema.sql")!))
        {
            Run(schema.ReadToEnd());
        }

        Run("CREATE TABLE bare (id INTEGER NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT");
        _begin = new(_database, "BEGIN IMMEDIATE");
        _commit = new(_database, "COMMIT");
        _account = new(_database, "UPDATE accounts SET version = version + 1, available = available - ?2, held = held + ?2, lots = ?3 WHERE tenant = ?1 AND version = ?4");
        _task = new(_database, """
            INSERT INTO tasks (tenant, id, version, status, phase, model, created_at, ended_at, due_at, shard, queued, state, api_key, quality, end_user)
            VALUES (?1, ?2, 1, 1, 'accepted', 'kling-v3-motion-control', ?3, NULL, ?4, ?5, 1, ?6, 'key_2v7h3kq9xw5m8r4t', '720p', NULL)
            """);
        _taskEvent = new(_database, "INSERT INTO task_events (task_id, tenant, version, position, at, kind, data) VALUES (?1, ?2, 1, 0, ?3, 'accepted', ?4)");
        _hold = new(_database, """
            INSERT INTO holds (task_id, tenant, sequence, amount, slices, queued, settled, released) VALUES (?1, ?2, ?3, ?4, ?5, 1, 0, 0)
            """);
        _entry = new(_database, """
            INSERT INTO ledger_entries (
                tenant, sequence, kind, operation_id, task_id, grants, available, held, revenue, expired, available_after, held_after, at)
            VALUES (?1, ?2, 2, ?3, ?3, 0, -?4, ?4, 0, 0, 1000000000, ?4, ?5)
            """);
        _bare = new(_database, "INSERT INTO bare (value) VALUES (?1)");
        var open = new Statement(_database, "INSERT INTO accounts VALUES (?1, 0, 9000000000000000000, 0, 0, ?2)");
        foreach (var tenant in _tenants)
        {
            open.Text(1, tenant).Text(2, Utf8(Lots)).Run();
        }
    }

    public static void Serve(string file, TextReader input, TextWriter output)
    {
        var baseline = new AcceptOnSqlite(file);
        while (input.ReadLine() is { } line)
        {
            output.WriteLine(line.Split(' ') switch
            {
                ["accept", var seconds] => baseline.Accept(Seconds(seconds)),
                ["insert", var rate, var seconds] => baseline.Insert(Seconds(rate), Seconds(seconds)),
                _ => throw new InvalidOperationException($"'{line}' is no command."),
            });
            output.Flush();
        }
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static int Seconds(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Accepts as fast as it can; answers with accepts per second.</summary>
    private string Accept(int seconds)
    {
        var (state, taskEvent, lots, slices) = (Utf8(State), Utf8(Event), Utf8(Lots), Utf8(Slices));
        var started = Stopwatch.GetTimestamp();
        var count = 0;
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            var tenant = _count % Tenants;
            var version = _versions[tenant]++;
            var id = Utf8($"task-unified-{(_now / 1000) + (_count / 4000)}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
            _begin.Run();
            _account.Text(1, _tenants[tenant]).Number(2, Amount).Text(3, lots).Number(4, version).Run();
            _task.Text(1, _tenants[tenant]).Text(2, id).Number(3, _now + _count).Number(4, _now + 3_600_000 + _count).Number(5, _count % 16).Text(6, state).Run();
            _taskEvent.Text(1, id).Text(2, _tenants[tenant]).Number(3, _now).Text(4, taskEvent).Run();
            _hold.Text(1, id).Text(2, _tenants[tenant]).Number(3, version + 1).Number(4, Amount).Text(5, slices).Run();
            _entry.Text(1, _tenants[tenant]).Number(2, version + 1).Text(3, id).Number(4, Amount).Number(5, _now).Run();
            _commit.Run();
            _count++;
            count++;
        }

        return (count / Stopwatch.GetElapsedTime(started).TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture);
    }

    /// <summary>Inserts one row per transaction at a fixed rate; answers with p50, p99 and p99.9 in microseconds since each was due.</summary>
    private string Insert(int perSecond, int seconds)
    {
        var value = Utf8(Event);
        var interval = Stopwatch.Frequency / perSecond;
        var latencies = new double[perSecond * seconds];
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < latencies.Length; i++)
        {
            // Within the last millisecond it spins: a timer of this runtime is no finer.
            var due = started + (i * interval);
            while (Stopwatch.GetTimestamp() is var now && now < due)
            {
                if (Stopwatch.GetElapsedTime(now, due).TotalMilliseconds > 1.2)
                {
                    timer.WaitForNextTickAsync().AsTask().GetAwaiter().GetResult();
                }
            }

            _bare.Text(1, value).Run();
            latencies[i] = Stopwatch.GetElapsedTime(due).TotalMicroseconds;
        }

        Array.Sort(latencies);
        return string.Join(' ', Percentiles.Select(
            p => latencies[(int)Math.Ceiling(p * latencies.Length) - 1].ToString("0", CultureInfo.InvariantCulture)));
    }

    private void Run(string sql) => Statement.Check(raw.sqlite3_exec(_database, sql), sql);
}
