using Platform.Domain.Tasks;
using Platform.Domain.Usage;

namespace Platform.Storage.Postgres.Reads;

/// <summary>Adds up usage on PostgreSQL, in whole units of 10⁻⁸ credits.</summary>
internal sealed class PostgresUsageReader(PostgresEngine engine) : IUsageReader
{
    private const long MillisecondsPerDay = 86_400_000;

    // In the order of the columns that are read; all of them are grouped by.
    private static readonly (UsageDimensions Dimension, string Column, string Type)[] Groups =
    [
        (UsageDimensions.Day, $"at / {MillisecondsPerDay}", "bigint"),
        (UsageDimensions.Model, "model", "text"),
        (UsageDimensions.Quality, "quality", "text"),
        (UsageDimensions.Key, "api_key", "text"),
        (UsageDimensions.Status, "status", "integer"),
        (UsageDimensions.EndUser, "end_user", "text"),
    ];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UsageRow>> ReadAsync(UsageQuery query, CancellationToken cancellationToken) =>
        await engine.AllAsync(Statement(query), Read, cancellationToken);

    /// <summary>The statement of a query.</summary>
    public static PostgresStatement Statement(UsageQuery query)
    {
        var parameters = new PostgresQuery();
        var tenant = parameters.Parameter(s => s.Bind(query.Tenant.Value));
        var from = parameters.Parameter(s => s.Bind(query.From));
        var to = parameters.Parameter(s => s.Bind(query.To));
        var limit = parameters.Parameter(s => s.Bind(query.Limit));
        var status = query.Status is { } only ? $" AND t.status = {parameters.Parameter(s => s.Bind((int)only))}" : "";
        var ended = $"""
            SELECT t.ended_at AS at, t.model, t.quality, t.api_key, t.status, t.end_user, r.billed_seconds, r.settled
            FROM tasks t JOIN resolutions r ON r.task_id = t.id AND r.tenant = t.tenant AND r.month = t.month
            WHERE t.tenant = {tenant} AND t.ended_at IS NOT NULL AND t.ended_at >= {from} AND t.ended_at < {to}{status}
            """;

        // Few at a time, and all of them have an open hold.
        var unfinished = query.CountsUnfinished
            ? $"""
               UNION ALL
               SELECT t.created_at, t.model, t.quality, t.api_key, t.status, t.end_user, 0, 0
               FROM holds h JOIN tasks t ON t.id = h.task_id AND t.tenant = h.tenant AND t.month = h.month
               WHERE h.tenant = {tenant} AND h.ended_at IS NULL AND t.created_at >= {from} AND t.created_at < {to}{status}
               """
            : "";
        var groups = Groups.Where(g => query.GroupBy.HasFlag(g.Dimension)).Select(g => g.Column).ToList();
        var grouped = groups.Count == 0
            ? ""
            : $"GROUP BY {string.Join(", ", groups)} ORDER BY {string.Join(", ", groups.Select(g => $"{g} NULLS FIRST"))}";
        return parameters.Statement($"""
            SELECT {string.Join(", ", Groups.Select(g => query.GroupBy.HasFlag(g.Dimension) ? g.Column : $"NULL::{g.Type}"))},
                COUNT(*), COUNT(*) FILTER (WHERE status = 3), COUNT(*) FILTER (WHERE status = 4), COUNT(*) FILTER (WHERE status = 5),
                COALESCE(SUM(billed_seconds), 0)::bigint, COALESCE(SUM(settled), 0)::bigint
            FROM ({ended} {unfinished}) used
            {grouped} LIMIT {limit}
            """);
    }

    private static UsageRow Read(PostgresRow row) => new()
    {
        Day = row.IsNull(0) ? null : DateOnly.FromDateTime(UnixTime.ToTime(row.Int64(0) * MillisecondsPerDay).UtcDateTime),
        Model = row.TextOrNull(1),
        Quality = row.TextOrNull(2),
        Key = row.TextOrNull(3),
        Status = row.IsNull(4) ? null : (GenerationStatus)row.Int32(4),
        EndUser = row.TextOrNull(5),
        Tasks = row.Int64(6),
        Completed = row.Int64(7),
        Failed = row.Int64(8),
        Cancelled = row.Int64(9),
        SecondsBilled = row.Int64(10),
        CreditsUsed = row.Credits(11),
    };
}
