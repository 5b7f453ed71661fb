using Platform.Domain.Tasks;
using Platform.Domain.Usage;

namespace Platform.Storage.Sqlite;

/// <summary>Adds up usage on SQLite, in whole units of 10⁻⁸ credits.</summary>
internal sealed class SqliteUsageReader(SqliteEngine engine) : IUsageReader
{
    private const long MillisecondsPerDay = 86_400_000;

    // In the order of the columns that are read; all of them are grouped by.
    private static readonly (UsageDimensions Dimension, string Column)[] Groups =
    [
        (UsageDimensions.Day, $"at / {MillisecondsPerDay}"),
        (UsageDimensions.Model, "model"),
        (UsageDimensions.Quality, "quality"),
        (UsageDimensions.Key, "api_key"),
        (UsageDimensions.Status, "status"),
        (UsageDimensions.EndUser, "end_user"),
    ];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UsageRow>> ReadAsync(UsageQuery query, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            query,
            static (database, wanted) => database
                .Prepare(Sql(wanted))
                .Bind(1, wanted.Tenant.Value)
                .Bind(2, wanted.From)
                .Bind(3, wanted.To)
                .Bind(4, wanted.Limit)
                .BindIf(wanted.Status is not null, 5, (long?)wanted.Status)
                .All(Read),
            cancellationToken);

    /// <summary>The statement of a query.</summary>
    public static string Sql(UsageQuery query)
    {
        var status = query.Status is null ? "" : " AND t.status = ?5";
        var ended = $"""
            SELECT t.ended_at AS at, t.model, t.quality, t.api_key, t.status, t.end_user, r.billed_seconds, r.settled
            FROM tasks t INDEXED BY tasks_by_end CROSS JOIN resolutions r ON r.task_id = t.id AND r.tenant = t.tenant
            WHERE t.tenant = ?1 AND t.ended_at IS NOT NULL AND t.ended_at >= ?2 AND t.ended_at < ?3{status}
            """;

        // Few at a time, and all of them have an open hold.
        var unfinished = query.CountsUnfinished
            ? $"""
               UNION ALL
               SELECT t.created_at, t.model, t.quality, t.api_key, t.status, t.end_user, 0, 0
               FROM holds h INDEXED BY holds_open CROSS JOIN tasks t ON t.id = h.task_id AND t.tenant = h.tenant
               WHERE h.tenant = ?1 AND h.ended_at IS NULL AND t.created_at >= ?2 AND t.created_at < ?3{status}
               """
            : "";
        var groups = Groups.Where(g => query.GroupBy.HasFlag(g.Dimension)).Select(g => g.Column).ToList();
        var grouped = groups.Count == 0 ? "" : $"GROUP BY {string.Join(", ", groups)} ORDER BY {string.Join(", ", groups)}";
        return $"""
            SELECT {string.Join(", ", Groups.Select(g => query.GroupBy.HasFlag(g.Dimension) ? g.Column : "NULL"))},
                COUNT(*), COALESCE(SUM(status = 3), 0), COALESCE(SUM(status = 4), 0), COALESCE(SUM(status = 5), 0),
                COALESCE(SUM(billed_seconds), 0), COALESCE(SUM(settled), 0)
            FROM ({ended} {unfinished})
            {grouped} LIMIT ?4
            """;
    }

    private static UsageRow Read(SqliteStatement row) => new()
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
