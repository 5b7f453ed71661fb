using Npgsql;

namespace Platform.Bench.Measure;

/// <summary>How often PostgreSQL has flushed its log, by its own count (<c>pg_stat_wal.wal_sync</c>), whoever committed.</summary>
internal static class WalFlushes
{
    /// <summary>The count; processes report theirs at least once a second.</summary>
    public static async Task<long> CountAsync(string connectionString)
    {
        await Task.Delay(TimeSpan.FromSeconds(1.2), TimeProvider.System);
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT wal_sync FROM pg_stat_wal", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
