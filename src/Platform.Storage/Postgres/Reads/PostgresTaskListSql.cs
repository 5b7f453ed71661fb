using System.Text;
using Platform.Domain.Tasks;

namespace Platform.Storage.Postgres.Reads;

/// <summary>
/// The statements that list and count tasks. Each is led by an index that leads with the tenant; the filters that it does not cover are
/// checked on its rows. The newest come first from each month's index.
/// </summary>
internal static class PostgresTaskListSql
{
    /// <summary>The statement that lists; its columns are those of <see cref="PostgresTaskStore.Columns"/>.</summary>
    public static PostgresStatement List(TaskQuery query, int offset)
    {
        var plan = new Plan(query);
        var limit = plan.Parameters.Parameter(s => s.Bind(query.Limit));
        var skip = plan.Parameters.Parameter(s => s.Bind(offset));
        return plan.Parameters.Statement(
            $"SELECT {PostgresTaskStore.Columns} {plan.Source} ORDER BY {plan.CreatedAt} DESC, {plan.Id} DESC LIMIT {limit} OFFSET {skip}");
    }

    /// <summary>The statement that counts all that match, wherever the list begins.</summary>
    public static PostgresStatement Count(TaskQuery query)
    {
        var plan = new Plan(query with { After = null });
        return plan.Parameters.Statement($"SELECT COUNT(*) {plan.Source}");
    }

    private sealed class Plan
    {
        private readonly TaskQuery _query;
        private readonly string _tenant;

        public Plan(TaskQuery query)
        {
            _query = query;
            _tenant = Parameters.Parameter(s => s.Bind(query.Tenant.Value));
            if (query.Metadata.Count > 0)
            {
                (CreatedAt, Id) = ("m.created_at", "m.task_id");
            }

            Source = Build();
        }

        public PostgresQuery Parameters { get; } = new();

        public string CreatedAt { get; } = "t.created_at";

        public string Id { get; } = "t.id";

        public string Source { get; }

        private string Build()
        {
            var pairs = _query.Metadata.OrderBy(p => p.Key, StringComparer.Ordinal).ToArray();
            var sql = new StringBuilder(Lead(pairs));
            if (_query.After is { } after)
            {
                sql.Append($" AND ({CreatedAt}, {Id}) < ({Parameters.Parameter(s => s.Bind(after.CreatedAt))}, {Parameters.Parameter(s => s.Bind(after.Id.Value))})");
            }

            if (_query.Status is { } status)
            {
                sql.Append($" AND t.status = {Parameters.Parameter(s => s.Bind((int)status))}");
            }

            if (_query.Model is { } model)
            {
                sql.Append($" AND t.model = {Parameters.Parameter(s => s.Bind(model))}");
            }

            if (_query.From is { } from)
            {
                sql.Append($" AND {CreatedAt} >= {Parameters.Parameter(s => s.Bind(from))}");
            }

            if (_query.To is { } to)
            {
                sql.Append($" AND {CreatedAt} < {Parameters.Parameter(s => s.Bind(to))}");
            }

            if (_query.AnyOfModels is { } models)
            {
                sql.Append($" AND t.model = ANY({Parameters.Parameter(s => s.Bind([.. models]))}::text[])");
            }

            if (_query.EndUser is { } endUser)
            {
                sql.Append($" AND t.end_user = {Parameters.Parameter(s => s.Bind(endUser))}");
            }

            if (pairs.Length > 1)
            {
                var keys = Parameters.Parameter(s => s.Bind([.. pairs.Skip(1).Select(p => p.Key)]));
                var values = Parameters.Parameter(s => s.Bind([.. pairs.Skip(1).Select(p => p.Value)]));
                sql.Append($"""
                     AND NOT EXISTS (
                        SELECT FROM unnest({keys}::text[], {values}::text[]) f (key, value) WHERE NOT EXISTS (
                            SELECT FROM task_metadata o
                            WHERE o.tenant = {_tenant} AND o.key = f.key AND o.value = f.value
                                AND o.created_at = m.created_at AND o.task_id = m.task_id AND o.month = m.month))
                    """);
            }

            return sql.ToString();
        }

        private string Lead(KeyValuePair<string, string>[] pairs) => _query switch
        {
            { Metadata.Count: > 0 } => $"""
                FROM task_metadata m JOIN tasks t ON t.id = m.task_id AND t.tenant = m.tenant AND t.month = m.month
                WHERE m.tenant = {_tenant}
                    AND m.key = {Parameters.Parameter(s => s.Bind(pairs[0].Key))} AND m.value = {Parameters.Parameter(s => s.Bind(pairs[0].Value))}
                """,
            { EndUser: not null } => $"FROM tasks t WHERE t.tenant = {_tenant} AND t.end_user IS NOT NULL",
            { Status: GenerationStatus.Pending or GenerationStatus.Processing } => $"""
                FROM holds h JOIN tasks t ON t.id = h.task_id AND t.tenant = h.tenant AND t.month = h.month
                WHERE h.tenant = {_tenant} AND h.ended_at IS NULL
                """,
            { Status: GenerationStatus.Failed or GenerationStatus.Cancelled } => $"FROM tasks t WHERE t.tenant = {_tenant} AND t.status >= 4",
            _ => $"FROM tasks t WHERE t.tenant = {_tenant}",
        };
    }
}
