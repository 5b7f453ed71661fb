using System.Security.Cryptography;
using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Domain.Usage;
using Platform.Storage.Sqlite;

namespace Platform.Storage.Tests.Sqlite;

/// <summary>A database that was made by the first schema, with data, and is then brought to the second.</summary>
public sealed class SqliteSecondMigrationTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TenantId Ann = new("ten_ann");

    private static readonly string[] FirstTables =
    [
        "tenants", "api_keys", "accounts", "ledger_entries", "tasks", "task_events", "holds", "resolutions", "outbox", "idempotency_keys",
        "files", "sandbox_jobs",
    ];

    private readonly Dictionary<string, List<string>> _columns = [];
    private readonly SqliteFile _file = new();
    private readonly SqliteFile _source = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _file.DisposeAsync();
        await _source.DisposeAsync();
    }

    // There are databases that it has made; what is to be changed comes in a migration of its own.
    [Fact]
    public void FirstMigration_Always_IsWhatItWas() =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(FirstMigration()))).Should()
            .Be("2db61b1e1f6b18754defc3c8dfda59542d91081c53df155511109cdb3bf24260");

    [Fact]
    public async Task MigrateAsync_FromTheFirstSchemaWithData_LosesNothingAndFindsAllByTheNewIndexes()
    {
        var source = await FillAsync();
        var before = MakeFirstSchema();

        var store = await _file.OpenAsync();

        Dump().Should().BeEquivalentTo(before);
        before.Should().HaveCountGreaterThan(8).And.OnlyContain(t => t.Key == "sandbox_jobs" || t.Value.Count > 0, "each table must have something to lose");
        (await BooksAudit.RunAsync(store.Books, 10, default)).Findings.Should().BeEmpty();
        var byUser = await store.Tasks.ListAsync(new() { Tenant = Ann, Limit = 10, EndUser = "user é" }, default);
        byUser.Select(t => t.Id).Should().Equal(Samples.TaskId(2), Samples.TaskId(1));
        var byMetadata = await store.Tasks.ListAsync(
            new() { Tenant = Ann, Limit = 10, Metadata = ManyTasks.Pairs(("a \"b\" é💃", "x\\y\n"), ("n", "2")) }, default);
        byMetadata.Should().BeEquivalentTo([source[2]], o => o.PreferringRuntimeMemberTypes().WithStrictOrdering());
        var usage = await store.Reads.Usage.ReadAsync(
            new()
            {
                Tenant = Ann,
                From = Noon,
                To = Noon.AddDays(1),
                GroupBy = UsageDimensions.Key | UsageDimensions.Quality | UsageDimensions.EndUser,
                Limit = 10,
            },
            default);
        usage.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Key = "key_a", Quality = "720p", EndUser = "user é", Tasks = 1L, CreditsUsed = CreditAmount.From(4.5m) });
    }

    private static string FirstMigration()
    {
        using var reader = new StreamReader(typeof(SqliteMaintenance).Assembly.GetManifestResourceStream("Sqlite.0001_initial.sql")!);
        return reader.ReadToEnd();
    }

    private async Task<ManyTasks> FillAsync()
    {
        var store = await _source.OpenAsync();
        await store.Tenants.AddTenantAsync(new() { Id = Ann, Name = "Ann", CreatedAt = Noon }, default);
        await store.Tenants.AddKeyAsync(new() { Id = "key_a", Tenant = Ann, Name = "A", SecretHash = "h", CreatedAt = Noon }, default);
        await store.Files.AddAsync(
            new() { Id = "file_a", Tenant = Ann, FileName = "f", Info = Samples.Result.Info, Blob = Samples.Result.Blob, CreatedAt = Noon }, default);
        var tasks = await new ManyTasks(store.Accounts, Ann).GrantAsync(1000m, Noon);
        for (var i = 1; i <= 3; i++)
        {
            await tasks.AcceptAsync(i, Noon.AddSeconds(i), 10m, t => t with
            {
                Request = t.Request with
                {
                    EndUser = i == 3 ? null : "user é",
                    Metadata = i == 3 ? ManyTasks.Pairs() : ManyTasks.Pairs(("a \"b\" é💃", "x\\y\n"), ("n", $"{i}")),
                },
            });
        }

        await tasks.ResolveAsync(1, 4.5m, Noon.AddHours(1));
        await store.Accounts.CommitAsync(Units.Accept(tasks.Account, Samples.TaskId(9), 1m, Noon, "idempotency-key"), default);
        return tasks;
    }

    // As the first program made it: its schema, and of each table the columns that it knew.
    private Dictionary<string, List<string>> MakeFirstSchema()
    {
        using var database = SqliteConnection.OpenWriter(new() { Path = _file.Path });
        database.Execute("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
        database.Execute("INSERT INTO schema_version VALUES (1, 'Sqlite.0001_initial.sql', 0)");
        database.Execute(FirstMigration());
        database.Execute($"PRAGMA foreign_keys=OFF; ATTACH '{_source.Path}' AS source");
        foreach (var table in FirstTables)
        {
            var columns = string.Join(", ", FirstColumns(database, table));
            database.Execute($"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM source.{table}");
        }

        foreach (var table in FirstTables)
        {
            _columns[table] = FirstColumns(database, table);
        }

        return Dump(database);
    }

    private static List<string> FirstColumns(SqliteConnection database, string table) =>
        database.Prepare($"SELECT name FROM main.pragma_table_info('{table}')").All(r => r.Text(0));

    private Dictionary<string, List<string>> Dump()
    {
        using var database = SqliteConnection.OpenReader(new() { Path = _file.Path });
        return Dump(database);
    }

    private Dictionary<string, List<string>> Dump(SqliteConnection database) => FirstTables.ToDictionary(
        table => table,
        table => database
            .Prepare($"SELECT {string.Join(" || '|' || ", _columns[table].Select(c => $"quote({c})"))} FROM main.{table}")
            .All(r => r.Text(0)).Order(StringComparer.Ordinal).ToList());
}
