using System.Text;
using Platform.Domain.Credits;
using Platform.Domain.Statements;

namespace Platform.Storage.Postgres.Reads;

/// <summary>Statements on PostgreSQL.</summary>
internal sealed class PostgresLedgerReader(PostgresEngine engine) : ILedgerReader
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<LedgerEntry>> ListAsync(LedgerQuery query, CancellationToken cancellationToken) =>
        await engine.AllAsync(Statement(query), PostgresAccountStore.ReadEntry, cancellationToken);

    /// <summary>The statement of a query.</summary>
    public static PostgresStatement Statement(LedgerQuery query)
    {
        var parameters = new PostgresQuery();
        var tenant = parameters.Parameter(s => s.Bind(query.Tenant.Value));
        var filters = new StringBuilder($"tenant = {tenant} AND sequence < {parameters.Parameter(s => s.Bind(query.Before ?? long.MaxValue))}");
        if (query.From is { } from)
        {
            // The month of an entry is never before that of its time: older partitions are not looked at.
            filters.Append($" AND at >= {parameters.Parameter(s => s.Bind(from))} AND month >= {parameters.Parameter(s => s.Bind(TaskMonth.Of(from)))}");
        }

        if (query.To is { } to)
        {
            filters.Append($" AND at < {parameters.Parameter(s => s.Bind(to))}");
        }

        if (query.Kind is { } kind)
        {
            filters.Append($" AND kind = {parameters.Parameter(s => s.Bind((int)kind))}");
        }

        var source = query switch
        {
            { TaskId: { } task } => OfTask(parameters, task.Value, filters),

            // A partial index serves only where its condition stands in the query as well.
            { Kind: LedgerEntryKind.Grant or LedgerEntryKind.Adjustment or LedgerEntryKind.Expiry } =>
                $"ledger_entries WHERE {filters} AND kind IN (1, 5, 6)",
            _ => $"ledger_entries WHERE {filters}",
        };
        var limit = parameters.Parameter(s => s.Bind(query.Limit));
        return parameters.Statement($"SELECT {PostgresAccountStore.EntryColumns} FROM {source} ORDER BY sequence DESC LIMIT {limit}");
    }

    // A task's own entries have the task's id as their operation, or begin with it and a slash, which is the character before '0'. Only
    // what an operator books for a task has an id of its own.
    private static string OfTask(PostgresQuery parameters, string taskId, StringBuilder filters)
    {
        var task = parameters.Parameter(s => s.Bind(taskId));
        var end = parameters.Parameter(s => s.Bind(taskId + "0"));
        return $"""
            (
                SELECT * FROM ledger_entries
                WHERE operation_id >= {task} AND operation_id < {end} AND task_id = {task} AND kind NOT IN (1, 5) AND {filters}
                UNION ALL
                SELECT * FROM ledger_entries WHERE kind IN (1, 5) AND kind IN (1, 5, 6) AND task_id = {task} AND {filters}
            ) entries
            """;
    }
}
