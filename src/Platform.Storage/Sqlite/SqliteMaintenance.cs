using Microsoft.Extensions.Logging;

namespace Platform.Storage.Sqlite;

/// <summary>Brings a file's schema up to date.</summary>
internal sealed partial class SqliteMaintenance(SqliteEngine engine, TimeProvider clock, ILogger<SqliteMaintenance> logger) : IStoreMaintenance
{
    private const string ResourcePrefix = "Sqlite.";

    /// <inheritdoc/>
    public Task MigrateAsync(CancellationToken cancellationToken) => Task.Run(Migrate, cancellationToken);

    private void Migrate()
    {
        using var database = SqliteConnection.OpenWriter(engine.Options);

        // The look and all that follows are one transaction: a second process waits here and then finds nothing to do.
        database.Execute("BEGIN IMMEDIATE");
        try
        {
            MigrateInTransaction(database);
            database.Execute("COMMIT");
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    private void MigrateInTransaction(SqliteConnection database)
    {
        database.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
        var current = database.Prepare("SELECT COALESCE(MAX(version), 0) FROM schema_version").First(static row => row.Int32(0));
        var migrations = Migrations();
        if (current > migrations.Count)
        {
            throw new StorageException($"The database has schema version {current}; this program knows {migrations.Count}. A newer program made it.");
        }

        foreach (var (version, name) in migrations.Where(m => m.Version > current))
        {
            database.Execute(Read(name));
            database
                .Prepare("INSERT INTO schema_version (version, name, applied_at) VALUES (?1, ?2, ?3)")
                .Bind(1, version)
                .Bind(2, name)
                .Bind(3, clock.GetUtcNow())
                .Execute();
            LogMigrated(version, name);
        }
    }

    // Named NNNN_what.sql, from 0001 on without a gap.
    private static List<(int Version, string Name)> Migrations() =>
    [
        .. typeof(SqliteMaintenance).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select((name, index) => (index + 1, name)),
    ];

    private static string Read(string resource)
    {
        using var stream = typeof(SqliteMaintenance).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database is at schema version {Version} ({Migration}).")]
    private partial void LogMigrated(int version, string migration);
}
