using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Routing;
using Platform.Domain.ServiceLevels;
using Platform.Domain.Statements;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;
using Platform.Domain.Usage;
using Platform.Storage.Changes;
using Platform.Storage.Memory;
using Platform.Storage.Postgres;
using Platform.Storage.Postgres.Reads;
using Platform.Storage.Postgres.Writing;
using Platform.Storage.Sqlite;

namespace Platform.Storage;

/// <summary>Registers a store: all ports that it implements, and <see cref="IStoreMaintenance"/>.</summary>
public static class StorageServices
{
    /// <summary>
    /// Keeps everything in one SQLite file, with full durability. The host calls <see cref="IStoreMaintenance.MigrateAsync"/> before
    /// anything else uses the store; disposing of the services writes what still waits.
    /// </summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, Action<SqliteStoreOptions> configure)
    {
        services.AddOptions<SqliteStoreOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton<TaskChangeFeed>();
        services.AddSingleton<ITaskChanges>(p => p.GetRequiredService<TaskChangeFeed>());
        services.AddSingleton<SqliteEngine>();
        services.AddSingleton<IStoreMaintenance, SqliteMaintenance>();
        services.AddSingleton<IAccountStore, SqliteAccountStore>();
        services.AddSingleton<ITaskStore, SqliteTaskStore>();
        services.AddSingleton<ITenantStore, SqliteTenantStore>();
        services.AddSingleton<IFileStore, SqliteFileStore>();
        services.AddSingleton<ISandboxJobs, SqliteSandboxJobs>();
        services.AddSingleton<IBooksReader, SqliteBooksReader>();
        services.AddSingleton<ITaskQueries, SqliteTaskQueries>();
        services.AddSingleton<ILedgerReader, SqliteLedgerReader>();
        services.AddSingleton<IUsageReader, SqliteUsageReader>();
        services.AddSingleton<IServiceLevelReader, SqliteServiceLevelReader>();
        services.AddSingleton<IUpstreamBooks, SqliteUpstreamBooks>();
        return services;
    }

    /// <summary>
    /// Keeps everything in a PostgreSQL database, which several processes may use. One of them calls
    /// <see cref="IStoreMaintenance.MigrateAsync"/> before any uses the store; disposing of the services writes what still waits. Its hosted
    /// services hear of the changes of other processes and make the partitions of months to come.
    /// </summary>
    public static IServiceCollection AddPostgresStore(this IServiceCollection services, Action<PostgresStoreOptions> configure)
    {
        services.AddOptions<PostgresStoreOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton<TaskChangeFeed>();
        services.AddSingleton<ITaskChanges>(p => p.GetRequiredService<TaskChangeFeed>());
        services.AddSingleton<PostgresEngine>();
        services.AddSingleton<PostgresLanes>();
        services.AddSingleton<PostgresMonths>();
        services.AddHostedService(p => p.GetRequiredService<PostgresMonths>());
        services.AddHostedService<PostgresChangeListener>();
        services.AddSingleton<IStoreMaintenance, PostgresMaintenance>();
        services.AddSingleton<IAccountStore, PostgresAccountStore>();
        services.AddSingleton<ITaskStore, PostgresTaskStore>();
        services.AddSingleton<ITenantStore, PostgresTenantStore>();
        services.AddSingleton<IFileStore, PostgresFileStore>();
        services.AddSingleton<ISandboxJobs, PostgresSandboxJobs>();
        services.AddSingleton<IBooksReader, PostgresBooksReader>();
        services.AddSingleton<ITaskQueries, PostgresTaskQueries>();
        services.AddSingleton<ILedgerReader, PostgresLedgerReader>();
        services.AddSingleton<IUsageReader, PostgresUsageReader>();
        services.AddSingleton<IServiceLevelReader, PostgresServiceLevelReader>();
        services.AddSingleton<IUpstreamBooks, PostgresUpstreamBooks>();
        return services;
    }

    /// <summary>Keeps everything in memory until the process ends: for tests and simulations.</summary>
    public static IServiceCollection AddMemoryStore(this IServiceCollection services)
    {
        services.AddSingleton<MemoryStore>();
        services.AddSingleton<IStoreMaintenance>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<IAccountStore>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<ITaskStore>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<ITaskChanges>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<ITenantStore>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<IFileStore>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<ISandboxJobs>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<IBooksReader>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<ITaskQueries>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<ILedgerReader>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<IUsageReader>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<IServiceLevelReader>(p => p.GetRequiredService<MemoryStore>());
        services.AddSingleton<IUpstreamBooks>(p => p.GetRequiredService<MemoryStore>());
        return services;
    }
}
