using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.ServiceLevels;
using Platform.Domain.Statements;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Usage;
using Platform.Postgres;
using Platform.Storage.Postgres;

namespace Platform.Storage.Tests.Postgres;

/// <summary>A database of a test on the server that all tests share, opened as the host opens it.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    // Migrated once; each test gets a copy.
    private static readonly Lazy<Task<string>> Migrated = new(MigrateOneAsync);

    private PostgresServer? _server;
    private ServiceProvider? _services;

    /// <summary>How it is reached.</summary>
    public string ConnectionString { get; private set; } = string.Empty;

    public IServiceProvider Services => _services!;

    /// <summary>Makes the database at the first call; afterwards closes the store and opens it again.</summary>
    public async Task<OpenStore> OpenAsync(Action<PostgresStoreOptions>? configure = null)
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (_server is null)
        {
            var template = await Migrated.Value;
            _server = await PostgresServer.SharedAsync();
            ConnectionString = await _server.CreateDatabaseAsync(template);
        }

        _services = OpenServices(ConnectionString, configure);
        await _services.GetRequiredService<IStoreMaintenance>().MigrateAsync(default);
        return Ports(_services);
    }

    /// <summary>The store's services on a database.</summary>
    public static ServiceProvider OpenServices(string connectionString, Action<PostgresStoreOptions>? configure = null) => new ServiceCollection()
        .AddPostgresStore(o =>
        {
            o.ConnectionString = connectionString;
            configure?.Invoke(o);
        })
        .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

    /// <summary>The ports of a store.</summary>
    public static OpenStore Ports(IServiceProvider services) => new(
        services.GetRequiredService<IAccountStore>(),
        services.GetRequiredService<ITaskStore>(),
        services.GetRequiredService<ITenantStore>(),
        services.GetRequiredService<IFileStore>(),
        services.GetRequiredService<IBooksReader>(),
        new(
            services.GetRequiredService<ITaskQueries>(),
            services.GetRequiredService<ILedgerReader>(),
            services.GetRequiredService<IUsageReader>(),
            services.GetRequiredService<IServiceLevelReader>()));

    /// <summary>Does something to the database past the store; returns the first value of each row.</summary>
    public Task<List<object>> SqlAsync(string sql) => SqlAsync(ConnectionString, sql);

    /// <inheritdoc cref="SqlAsync(string)"/>
    public static async Task<List<object>> SqlAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<object>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetValue(0));
        }

        return values;
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DropDatabaseAsync(ConnectionString);
        }
    }

    private static async Task<string> MigrateOneAsync()
    {
        var server = await PostgresServer.SharedAsync();
        var connectionString = await server.CreateDatabaseAsync();
        await using (var services = OpenServices(connectionString))
        {
            await services.GetRequiredService<IStoreMaintenance>().MigrateAsync(default);
        }

        return new NpgsqlConnectionStringBuilder(connectionString).Database!;
    }
}
