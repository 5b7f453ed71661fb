using Platform.Domain.ServiceLevels;
using Platform.Domain.Tenants;

namespace Platform.Storage.Sqlite;

/// <summary>Counts how tasks ended, on SQLite; the index has all that is asked for.</summary>
internal sealed class SqliteServiceLevelReader(SqliteEngine engine) : IServiceLevelReader
{
    /// <summary>The statement.</summary>
    public const string Sql = """
        SELECT model, ended_at / 3600000, status = 3, (ended_at - created_at + 50) / 100, COUNT(*)
        FROM tasks INDEXED BY tasks_ended
        WHERE ended_at IS NOT NULL AND ended_at >= ?1 AND ended_at < ?2 AND status <> 5 AND substr(tenant, -length(?3)) <> ?3
        GROUP BY 1, 2, 3, 4
        """;

    private const long MillisecondsPerHour = 3_600_000;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EndCount>> CountEndsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            (from, to),
            static (database, wanted) => database
                .Prepare(Sql)
                .Bind(1, wanted.from)
                .Bind(2, wanted.to)
                .Bind(3, TenantId.TestSuffix)
                .All(static row => new EndCount(
                    row.Text(0), UnixTime.ToTime(row.Int64(1) * MillisecondsPerHour), row.Boolean(2), row.Int64(3), row.Int64(4))),
            cancellationToken);
}
