using System.Text;
using System.Text.Json;
using Platform.Domain.Tasks;

namespace Platform.Storage.Sqlite;

/// <summary>
/// The statements that list and count tasks. Each is led by the one index that leaves least to look at, and that index leads with the
/// tenant; the filters that it does not cover are checked on its rows. There are few different texts, for each is prepared once.
/// </summary>
internal static class TaskListSql
{
    private const string OfOpenHolds = "t.id IN (SELECT task_id FROM holds INDEXED BY holds_open WHERE tenant = ?1 AND ended_at IS NULL)";

    /// <summary>The statement that lists; its columns are those of <see cref="SqliteTaskStore.Columns"/>.</summary>
    public static SqliteStatement List(SqliteConnection database, TaskQuery query, int offset)
    {
        var plan = new Plan(query);
        return plan
            .Bind(database.Prepare($"SELECT {Columns} {plan.Source} ORDER BY {plan.CreatedAt} DESC, {plan.Id} DESC LIMIT ?2 OFFSET ?3"))
            .Bind(2, query.Limit)
            .Bind(3, offset);
    }

    /// <summary>The statement that counts all that match, wherever the list begins.</summary>
    public static SqliteStatement Count(SqliteConnection database, TaskQuery query)
    {
        var plan = new Plan(query with { After = null });
        return plan.Bind(database.Prepare($"SELECT COUNT(*) {plan.Source}"));
    }

    private static string Columns { get; } = string.Join(", ", SqliteTaskStore.Columns.Split(", ").Select(c => $"t.{c}"));

    private sealed class Plan
    {
        private readonly TaskQuery _query;
        private readonly TaskCursor? _after;
        private readonly DateTimeOffset? _to;
        private readonly KeyValuePair<string, string>? _pair;

        public Plan(TaskQuery query)
        {
            _query = query;

            // One upper bound, the lower of the two: the index can start at one only.
            var cursorLeads = query.After is { } after && (query.To is not { } to || after.CreatedAt < to);
            _after = cursorLeads ? query.After : null;
            _to = cursorLeads ? null : query.To;
            _pair = query.Metadata.Count == 0 ? null : query.Metadata.OrderBy(p => p.Key, StringComparer.Ordinal).First();
            if (_pair is not null)
            {
                (CreatedAt, Id) = ("m.created_at", "m.task_id");
            }

            Source = Build();
        }

        public string CreatedAt { get; } = "t.created_at";

        public string Id { get; } = "t.id";

        public string Source { get; }

        private string OtherPairs => JsonSerializer.Serialize(_query.Metadata.Where(p => p.Key != _pair!.Value.Key).ToDictionary(StringComparer.Ordinal));

        public SqliteStatement Bind(SqliteStatement statement) => statement
            .Bind(1, _query.Tenant.Value)
            .BindIf(_after is not null, 4, _after?.CreatedAt)
            .BindIf(_after is not null, 5, _after?.Id.Value)
            .BindIf(_query.Status is not null, 6, (long?)_query.Status)
            .BindIf(_query.Model is not null, 7, _query.Model)
            .BindIf(_query.From is not null, 8, _query.From)
            .BindIf(_to is not null, 9, _to)
            .BindIf(_query.AnyOfModels is not null, 10, JsonSerializer.Serialize(_query.AnyOfModels))
            .BindIf(_query.EndUser is not null, 11, _query.EndUser)
            .BindIf(_pair is not null, 12, _pair?.Key)
            .BindIf(_pair is not null, 13, _pair?.Value)
            .BindIf(_query.Metadata.Count > 1, 14, _query.Metadata.Count > 1 ? OtherPairs : null);

        private string Build()
        {
            var sql = new StringBuilder(Lead());
            sql.Append(_after is null ? "" : $" AND ({CreatedAt}, {Id}) < (?4, ?5)");
            sql.Append(_query.Status is null ? "" : " AND t.status = ?6");
            sql.Append(_query.Model is null ? "" : " AND t.model = ?7");
            sql.Append(_query.From is null ? "" : $" AND {CreatedAt} >= ?8");
            sql.Append(_to is null ? "" : $" AND {CreatedAt} < ?9");
            sql.Append(_query.AnyOfModels is null ? "" : " AND t.model IN (SELECT value FROM json_each(?10))");
            sql.Append(_query.EndUser is null ? "" : " AND t.end_user = ?11");
            sql.Append(_query.Metadata.Count < 2 ? "" : """
                 AND NOT EXISTS (
                    SELECT 1 FROM json_each(?14) f WHERE NOT EXISTS (
                        SELECT 1 FROM task_metadata o
                        WHERE o.tenant = ?1 AND o.key = f.key AND o.value = f.value AND o.created_at = m.created_at AND o.task_id = m.task_id))
                """);
            return sql.ToString();
        }

        private string Lead() => _query switch
        {
            { Metadata.Count: > 0 } =>
                "FROM task_metadata m CROSS JOIN tasks t ON t.id = m.task_id AND t.tenant = m.tenant WHERE m.tenant = ?1 AND m.key = ?12 AND m.value = ?13",
            { EndUser: not null } => "FROM tasks t INDEXED BY tasks_by_end_user WHERE t.tenant = ?1",
            { Status: GenerationStatus.Pending or GenerationStatus.Processing } =>
                $"FROM tasks t INDEXED BY tasks_by_id WHERE t.tenant = ?1 AND {OfOpenHolds}",
            { Status: GenerationStatus.Failed or GenerationStatus.Cancelled } =>
                "FROM tasks t INDEXED BY tasks_unsuccessful WHERE t.tenant = ?1 AND t.status >= 4",
            _ => "FROM tasks t INDEXED BY tasks_by_age WHERE t.tenant = ?1",
        };
    }
}
