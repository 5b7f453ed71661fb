using System.Diagnostics;
using Platform.EndToEnd.Tests.Running;
using Platform.Postgres;

namespace Platform.Cluster.Live.Running;

/// <summary>
/// Three silos as processes over one PostgreSQL and one folder of media, and tenants with credits. Tests share it, one after the other,
/// and leave it whole.
/// </summary>
public sealed class LiveCluster : IAsyncLifetime
{
    internal const int Size = 3;
    internal const string AdminKey = "adm-of-the-cluster-tests";
    private const int Tenants = 4;
    private const string Credits = "10000000";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-cluster-");

    internal PostgresServer Server { get; private set; } = null!;

    internal Database Database { get; private set; } = null!;

    internal IReadOnlyList<SiloProcess> Silos { get; private set; } = [];

    internal IReadOnlyList<Tenant> Customers { get; private set; } = [];

    internal Dictionary<string, string> Settings { get; private set; } = [];

    internal string Folder => _folder.FullName;

    public async Task InitializeAsync()
    {
        // A killed server must keep what it said is committed, though not what a power cut would take.
        Server = await PostgresServer.StartAsync(new() { Settings = new Dictionary<string, string> { ["synchronous_commit"] = "on" } });
        var connectionString = await Server.CreateDatabaseAsync();
        Database = new(connectionString);
        Settings = new(StringComparer.Ordinal)
        {
            ["ConnectionStrings__Platform"] = connectionString,
            ["Platform__Storage"] = "postgres",
            ["Platform__DataDirectory"] = Path.Combine(Folder, "shared"),
            ["Platform__PublicUrl"] = "http://127.0.0.1:9",
            ["Platform__AdminKey"] = AdminKey,
            ["Platform__LinkSigningKey"] = "a-key-that-all-silos-of-the-tests-share",
            ["Platform__Sandbox__Everyone"] = "true",
            ["Platform__Sandbox__Latency"] = "00:00:00.2",
            ["Platform__Sandbox__Parallelism"] = "1",
            ["Platform__Sandbox__Lease"] = "00:00:15",
            ["Platform__Limits__Default__TasksInFlight"] = "25",
            ["Platform__Sweeper__Lease"] = "00:00:10",
            ["Platform__Sweeper__Interval"] = "00:00:01",
            ["Platform__Silo__ProbeTimeout"] = "00:00:02",
            ["Platform__Silo__TableRefresh"] = "00:00:02",
            ["Platform__Silo__Heartbeat"] = "00:00:03",
            ["Platform__Shutdown__Timeout"] = "00:00:20",
        };
        await MigrateAsync();
        Silos = [.. Enumerable.Range(0, Size).Select(n => new SiloProcess($"silo-{n}", Folder, Settings))];

        // All at once: they find each other in an empty table.
        foreach (var silo in Silos)
        {
            silo.Start();
        }

        await WholeAsync();
        Customers = await Task.WhenAll(Enumerable.Range(0, Tenants).Select(n => Tenant.NewAsync(Silos[n % Size].Http, AdminKey, Credits)));
    }

    /// <summary>Runs the migration, as the role does.</summary>
    internal async Task MigrateAsync()
    {
        var migrated = await SiloProcess.RunAsync(Folder, new Dictionary<string, string>(Settings) { ["Platform__Role"] = "migrate" });
        migrated.ExitCode.Should().Be(0, "the migration said: {0}", migrated.Output);
    }

    /// <summary>Waits until all silos serve and are active in the table; one that has died is started.</summary>
    internal async Task WholeAsync()
    {
        await Task.WhenAll(Silos.Select(s => s.ReadyAsync()));
        await Wait.UntilAsync("all silos active", async () =>
        {
            var ports = await Database.RowsAsync("SELECT port FROM orleans.silo WHERE status = 3", static row => row.GetInt32(0));
            return Silos.All(s => ports.Contains(s.Port));
        });
    }

    /// <summary>Whether the table says that the last process of a silo is dead.</summary>
    internal async Task<bool> IsDeclaredDeadAsync(SiloProcess silo) => await Database.NumberAsync(
        "SELECT status FROM orleans.silo WHERE port = $1 ORDER BY generation DESC LIMIT 1", silo.Port) == 6;

    /// <summary>
    /// Waits until every task has ended. On a machine that does much else, what is rendered takes minutes: it is waited for as long as tasks
    /// go on ending.
    /// </summary>
    internal async Task EmptyAsync()
    {
        for (var before = long.MaxValue; await UnfinishedAsync() is > 0 and var left && left < before; before = left)
        {
            var patience = Stopwatch.StartNew();
            while (patience.Elapsed < Wait.Deadline && await UnfinishedAsync() is > 0 and var now && now >= left)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
            }
        }

        var open = await Database.LinesAsync("SELECT id, phase, due_at, state FROM tasks WHERE ended_at IS NULL");
        open.Should().BeEmpty("every task ends; the silos said:\n{0}", string.Join("\n", Silos.Select(s => s.Log)));
    }

    /// <summary>How many tasks have not ended.</summary>
    internal Task<long> UnfinishedAsync() => Database.NumberAsync("SELECT count(*) FROM tasks WHERE ended_at IS NULL");

    /// <summary>Recounts the books while the cluster lives; they must be clean.</summary>
    internal async Task VerifyAsync()
    {
        var verified = await SiloProcess.RunAsync(Folder, Settings, "verify");
        verified.Output.Should().StartWith("clean:");
        verified.ExitCode.Should().Be(0);
    }

    public async Task DisposeAsync()
    {
        foreach (var silo in Silos)
        {
            await silo.DisposeAsync();
        }

        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        // A render of a killed process may go on for a moment, and write while its folder is emptied.
        await Wait.UntilAsync("an empty folder", () =>
        {
            try
            {
                _folder.Delete(recursive: true);
                return Task.FromResult(true);
            }
            catch (IOException)
            {
                return Task.FromResult(false);
            }
        });
    }
}

[CollectionDefinition(Name)]
public sealed class LiveClusterTests : ICollectionFixture<LiveCluster>
{
    public const string Name = "One cluster that lives";
}
