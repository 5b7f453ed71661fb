using Microsoft.Extensions.DependencyInjection;
using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.ServiceLevels;
using Platform.Domain.Statements;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Usage;
using Platform.Storage.Sqlite;

namespace Platform.Storage.Tests.Sqlite;

/// <summary>A database file of a test, in a folder of its own, opened as the host opens it.</summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platform-storage-").FullName;
    private ServiceProvider? _services;

    public string Path => System.IO.Path.Combine(_folder, "data", "platform.db");

    public IServiceProvider Services => _services!;

    public async Task<OpenStore> OpenAsync(Action<SqliteStoreOptions>? configure = null)
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _services = new ServiceCollection()
            .AddSqliteStore(o =>
            {
                o.Path = Path;
                configure?.Invoke(o);
            })
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        await _services.GetRequiredService<IStoreMaintenance>().MigrateAsync(default);
        return new(
            _services.GetRequiredService<IAccountStore>(),
            _services.GetRequiredService<ITaskStore>(),
            _services.GetRequiredService<ITenantStore>(),
            _services.GetRequiredService<IFileStore>(),
            _services.GetRequiredService<IBooksReader>(),
            new(
                _services.GetRequiredService<ITaskQueries>(),
                _services.GetRequiredService<ILedgerReader>(),
                _services.GetRequiredService<IUsageReader>(),
                _services.GetRequiredService<IServiceLevelReader>()));
    }

    /// <summary>Does something to the file past the store, without its constraints between tables.</summary>
    public void Tamper(string sql)
    {
        using var database = SqliteConnection.OpenWriter(new() { Path = Path });
        database.Execute("PRAGMA foreign_keys=OFF");
        database.Execute(sql);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
