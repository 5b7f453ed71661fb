using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Postgres;
using Platform.Storage.Postgres;

namespace Platform.Storage.Tests.Postgres;

public sealed class PostgresMigrationTests : IAsyncLifetime
{
    private static readonly int Versions = typeof(PostgresEngine).Assembly.GetManifestResourceNames()
        .Count(name => name.StartsWith("Postgres.", StringComparison.Ordinal));

    private string _database = string.Empty;

    public async Task InitializeAsync() => _database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

    public async Task DisposeAsync() => await (await PostgresServer.SharedAsync()).DropDatabaseAsync(_database);

    [Fact]
    public async Task MigrateAsync_ManyAtOnceAndAgain_MigratesOnce()
    {
        var processes = Enumerable.Range(0, 4).Select(_ => PostgresDatabase.OpenServices(_database)).ToArray();

        await Task.WhenAll(processes.Select(p => Task.Run(() => p.GetRequiredService<IStoreMaintenance>().MigrateAsync(default))));
        await processes[0].GetRequiredService<IStoreMaintenance>().MigrateAsync(default);

        (await CountAsync("schema_version")).Should().Be(Versions);
        (await PostgresDatabase.SqlAsync(_database, "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'tasks'::regclass"))
            .Should().HaveCount(4, "that is this month, the next two, and the default");
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
    }

    [Fact]
    public async Task MigrateAsync_MadeByANewerProgram_IsRefused()
    {
        await using var services = PostgresDatabase.OpenServices(_database);
        var maintenance = services.GetRequiredService<IStoreMaintenance>();
        await maintenance.MigrateAsync(default);
        await PostgresDatabase.SqlAsync(_database, "INSERT INTO schema_version VALUES (99, 'later', 0)");

        var act = () => maintenance.MigrateAsync(default);

        await act.Should().ThrowAsync<StorageException>().WithMessage("*version 99*newer*");
    }

    // What the program of version 1 wrote, kept for ever.
    [Fact]
    public async Task MigrateAsync_DatabaseOfVersion1WithData_LosesNothing()
    {
        await PostgresDatabase.SqlAsync(_database, await MigrationAsync("Postgres.0001_initial.sql"));
        await PostgresDatabase.SqlAsync(_database, "SELECT make_month(202611)");
        await PostgresDatabase.SqlAsync(
            _database,
            "CREATE TABLE schema_version (version integer NOT NULL PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL);"
            + "INSERT INTO schema_version VALUES (1, 'Postgres.0001_initial.sql', 0)");
        await PostgresDatabase.SqlAsync(
            _database, await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Golden", "postgres-v1", "data.sql")));

        await using var services = PostgresDatabase.OpenServices(_database);
        await services.GetRequiredService<IStoreMaintenance>().MigrateAsync(default);

        var store = PostgresDatabase.Ports(services);
        var report = await BooksAudit.RunAsync(store.Books, 10, default);
        report.Findings.Should().BeEmpty();
        (report.Accounts, report.Entries, report.Tasks).Should().Be((2, 8, 3));
        var ann = new TenantId("ten_ann");
        var account = await store.Accounts.LoadAsync(ann, default);
        (account.Version, account.Available.Value, account.Held.Value, account.Settled.Value).Should().Be((6, 958.5m, 11.5m, 30m));
        (await store.Tasks.FindAsync(ann, Samples.TaskId(1), default))!.Status.Should().Be(GenerationStatus.Completed);
        (await store.Tasks.HistoryAsync(ann, Samples.TaskId(2), default)).Should().HaveCount(2);
        (await store.Tasks.FindIdempotencyKeyAsync(ann, "key", default, default))!.TaskId.Should().Be(Samples.TaskId(2));
        (await store.Tenants.FindTenantAsync(ann, default))!.Name.Should().Be("Ann");

        // And it goes on.
        (await store.Accounts.CommitAsync(
            Units.Accept(account, Samples.TaskId(9), 1m, DateTimeOffset.FromUnixTimeSeconds(1_795_435_300)), default))
            .Should().Be(new Domain.CommitOutcome.Committed());
    }

    [Theory]
    [InlineData("", 2, "ConnectionString")]
    [InlineData("Host=127.0.0.1", 0, "Lanes")]
    public async Task Options_OutOfRange_NameTheProperty(string connectionString, int lanes, string property)
    {
        await using var services = PostgresDatabase.OpenServices(connectionString, o => o.Lanes = lanes);

        var act = () => services.GetRequiredService<IAccountStore>();

        act.Should().Throw<OptionsValidationException>().WithMessage($"*{property}*");
    }

    private static async Task<string> MigrationAsync(string resource)
    {
        await using var stream = typeof(PostgresEngine).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private async Task<long> CountAsync(string table) => (long)(await PostgresDatabase.SqlAsync(_database, $"SELECT COUNT(*) FROM {table}"))[0];
}
