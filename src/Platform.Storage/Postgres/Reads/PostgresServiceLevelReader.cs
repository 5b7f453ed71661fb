using Platform.Domain.ServiceLevels;
using Platform.Domain.Tenants;

namespace Platform.Storage.Postgres.Reads;

/// <summary>Counts how tasks ended, on PostgreSQL.</summary>
internal sealed class PostgresServiceLevelReader(PostgresEngine engine) : IServiceLevelReader
{
    /// <summary>The statement.</summary>
    public const string Sql = """
        SELECT model, ended_at / 3600000, status = 3, (ended_at - created_at + 50) / 100, COUNT(*)
        FROM tasks
        WHERE ended_at IS NOT NULL AND ended_at >= $1 AND ended_at < $2 AND status <> 5 AND right(tenant, length($3)) <> $3
        GROUP BY 1, 2, 3, 4
        """;

    private const long MillisecondsPerHour = 3_600_000;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<EndCount>> CountEndsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        await engine.AllAsync(
            new PostgresStatement(Sql).Bind(from).Bind(to).Bind(TenantId.TestSuffix),
            static row => new EndCount(
                row.Text(0), UnixTime.ToTime(row.Int64(1) * MillisecondsPerHour), row.Boolean(2), row.Int64(3), row.Int64(4)),
            cancellationToken);
}
