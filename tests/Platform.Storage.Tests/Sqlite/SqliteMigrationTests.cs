using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Storage.Sqlite;

namespace Platform.Storage.Tests.Sqlite;

public sealed class SqliteMigrationTests : IAsyncLifetime
{
    private readonly SqliteFile _file = new();

    public Task InitializeAsync() => Task.CompletedTask;

    // Each once.
    private static long Migrations =>
        typeof(SqliteMaintenance).Assembly.GetManifestResourceNames().Count(n => n.StartsWith("Sqlite.", StringComparison.Ordinal));

    public async Task DisposeAsync() => await _file.DisposeAsync();

    [Fact]
    public async Task MigrateAsync_Again_ChangesNothing()
    {
        var store = await _file.OpenAsync();
        await store.Tenants.AddTenantAsync(new() { Id = new TenantId("ten_a"), Name = "A", CreatedAt = DateTimeOffset.UnixEpoch }, default);

        await _file.Services.GetRequiredService<IStoreMaintenance>().MigrateAsync(default);

        Count("schema_version").Should().Be(Migrations);
        (await store.Tenants.FindTenantAsync(new TenantId("ten_a"), default)).Should().NotBeNull();
    }

    [Fact]
    public async Task MigrateAsync_ManyAtOnceOnAnEmptyFile_MigratesOnce()
    {
        await using var services = Services(_file.Path);
        var maintenance = services.GetRequiredService<IStoreMaintenance>();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => maintenance.MigrateAsync(default))));

        Count("schema_version").Should().Be(Migrations);
    }

    [Fact]
    public async Task MigrateAsync_MadeByANewerProgram_IsRefused()
    {
        await _file.OpenAsync();
        _file.Tamper("INSERT INTO schema_version VALUES (99, 'later', 0)");

        var act = () => _file.Services.GetRequiredService<IStoreMaintenance>().MigrateAsync(default);

        await act.Should().ThrowAsync<StorageException>().WithMessage("*version 99*newer*");
    }

    [Theory]
    [InlineData("", 256, "Path")]
    [InlineData("x.db", 0, "GroupSize")]
    public async Task Options_OutOfRange_NameTheProperty(string path, int groupSize, string property)
    {
        await using var services = new ServiceCollection()
            .AddSqliteStore(o =>
            {
                o.Path = path;
                o.GroupSize = groupSize;
            })
            .BuildServiceProvider();

        var act = () => services.GetRequiredService<IAccountStore>();

        act.Should().Throw<OptionsValidationException>().WithMessage($"*{property}*");
    }

    [Fact]
    public async Task Connection_OfTheWriter_FlushesEveryCommit()
    {
        await _file.OpenAsync();
        using var database = SqliteConnection.OpenWriter(new() { Path = _file.Path });

        database.Prepare("PRAGMA journal_mode").First(r => r.Text(0)).Should().Be("wal");
        database.Prepare("PRAGMA synchronous").First(r => r.Int32(0)).Should().Be(2, "that is FULL");
        database.Prepare("PRAGMA foreign_keys").First(r => r.Int32(0)).Should().Be(1);
    }

    private static ServiceProvider Services(string path) =>
        new ServiceCollection().AddSqliteStore(o => o.Path = path).BuildServiceProvider();

    private long Count(string table)
    {
        using var database = SqliteConnection.OpenReader(new() { Path = _file.Path });
        return database.Prepare($"SELECT COUNT(*) FROM {table}").First(r => r.Int64(0));
    }
}
