using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platform.Storage.Postgres;

/// <summary>Brings a database's schema up to date, and makes the partitions of the months to come.</summary>
internal sealed partial class PostgresMaintenance(PostgresEngine engine, PostgresMonths months, TimeProvider clock, ILogger<PostgresMaintenance> logger)
    : IStoreMaintenance
{
    private const string ResourcePrefix = "Postgres.";

    // Any number that nobody else locks in this database.
    private const long AdvisoryLock = 7_146_552_213;

    /// <inheritdoc/>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await engine.OpenAsync(cancellationToken))
        {
            try
            {
                await MigrateAsync(connection, cancellationToken);
            }
            catch (NpgsqlException failure)
            {
                throw PostgresEngine.Failed(failure);
            }
        }

        await months.MakeAsync(cancellationToken);
    }

    private async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // The look and all that follows are one transaction: a second process waits here and then finds nothing to do.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({AdvisoryLock})", cancellationToken);
        await ExecuteAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)",
            cancellationToken);
        var current = (await PostgresEngine.AllAsync(
            connection, new("SELECT COALESCE(MAX(version), 0) FROM schema_version"), static row => row.Int32(0), cancellationToken))[0];
        var migrations = Migrations();
        if (current > migrations.Count)
        {
            throw new StorageException($"The database has schema version {current}; this program knows {migrations.Count}. A newer program made it.");
        }

        foreach (var (version, name) in migrations.Where(m => m.Version > current))
        {
            await ExecuteAsync(connection, Read(name), cancellationToken);
            await using var command = new PostgresStatement("INSERT INTO schema_version (version, name, applied_at) VALUES ($1, $2, $3)")
                .Bind(version)
                .Bind(name)
                .Bind(clock.GetUtcNow())
                .On(connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            LogMigrated(version, name);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    // A migration may take as long as it takes.
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Named NNNN_what.sql, from 0001 on without a gap.
    private static List<(int Version, string Name)> Migrations() =>
    [
        .. typeof(PostgresMaintenance).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select((name, index) => (index + 1, name)),
    ];

    private static string Read(string resource)
    {
        using var stream = typeof(PostgresMaintenance).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The database is at schema version {Version} ({Migration}).")]
    private partial void LogMigrated(int version, string migration);
}
