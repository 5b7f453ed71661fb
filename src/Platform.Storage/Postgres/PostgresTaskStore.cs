using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Json;
using Platform.Storage.Postgres.Reads;
using Platform.Storage.Postgres.Writing;

namespace Platform.Storage.Postgres;

/// <summary>Tasks on PostgreSQL.</summary>
internal sealed class PostgresTaskStore(PostgresEngine engine, PostgresLanes lanes) : ITaskStore
{
    /// <summary>The columns that <see cref="ReadTask"/> reads, of a table named <c>t</c>.</summary>
    public const string Columns = "t.tenant, t.id, t.version, t.created_at, t.ended_at, t.state";

    /// <summary>Finds a task by tenant, id and month.</summary>
    public const string FindSql = $"SELECT {Columns} FROM tasks t WHERE t.tenant = $1 AND t.id = $2 AND t.month = $3";

    /// <summary>What is due: its shard and the time.</summary>
    public const string DueSql = "SELECT 1 FROM tasks WHERE shard = $1 AND due_at <= $2 ORDER BY due_at LIMIT 1";

    // What another transaction has in its hands is changing anyway: it is left alone.
    private const string ClaimSql = """
        WITH due AS (
            SELECT id, tenant, month, due_at FROM tasks WHERE shard = $1 AND due_at <= $2
            ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
        UPDATE tasks t SET due_at = $4 FROM due
        WHERE t.id = due.id AND t.tenant = due.tenant AND t.month = due.month
        RETURNING t.tenant, t.id, due.due_at
        """;

    /// <inheritdoc/>
    public Task<GenerationTask?> FindAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        engine.FirstAsync(
            new PostgresStatement(FindSql).Bind(tenant.Value).Bind(id.Value).Bind(TaskMonth.Of(id)), ReadTask, cancellationToken);

    /// <inheritdoc/>
    public Task<CommitOutcome> CommitAsync(TaskUnit unit, CancellationToken cancellationToken) => lanes.CommitAsync(unit, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GenerationTask>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        await engine.AllAsync(PostgresTaskListSql.List(query, offset: 0), ReadTask, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskEvent>> HistoryAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        await engine.AllAsync(
            new PostgresStatement("""
                SELECT kind, at, data FROM task_events WHERE task_id = $1 AND tenant = $2 AND month = $3 ORDER BY version, position
                """)
                .Bind(id.Value)
                .Bind(tenant.Value)
                .Bind(TaskMonth.Of(id)),
            static row => TaskEventCodec.Read(row.Text(0), row.Time(1), row.Utf8(2)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IdempotencyRecord?> FindIdempotencyKeyAsync(
        TenantId tenant, string key, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        engine.FirstAsync(
            new PostgresStatement("""
                SELECT key, body_digest, task_id, created_at, batch FROM idempotency_keys WHERE tenant = $1 AND key = $2 AND created_at > $3
                """)
                .Bind(tenant.Value)
                .Bind(key)
                .Bind(notBefore),
            static row => new IdempotencyRecord(row.Text(0), row.Text(1), new TaskId(row.Text(2)), row.Time(3))
            {
                Batch = row.IsNull(4) ? null : BatchCodec.Read(row.Utf8(4)),
            },
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UnansweredTask>> ListUnansweredAsync(
        TenantId tenant, long afterSequence, DateTimeOffset notBefore, int limit, CancellationToken cancellationToken) =>
        await engine.AllAsync(
            new PostgresStatement($"""
                SELECT {Columns}, e.sequence
                FROM ledger_entries e JOIN tasks t ON t.id = e.task_id AND t.tenant = e.tenant
                WHERE e.tenant = $1 AND e.sequence > $2 AND e.kind = {(int)LedgerEntryKind.Hold}
                    AND t.created_at > $3 AND t.state::json -> 'body' IS NOT NULL
                ORDER BY e.sequence DESC LIMIT $4
                """)
                .Bind(tenant.Value)
                .Bind(afterSequence)
                .Bind(notBefore)
                .Bind(limit),
            static row => new UnansweredTask(ReadTask(row), row.Int64(6)),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskKey>> ClaimDueAsync(
        int shard, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken)
    {
        // A look costs no flush; most looks find nothing.
        if (!await engine.AnyAsync(new PostgresStatement(DueSql).Bind(shard).Bind(now), cancellationToken))
        {
            return [];
        }

        var claimed = await engine.WriteAsync(
            new PostgresStatement(ClaimSql).Bind(shard).Bind(now).Bind(limit).Bind(leaseUntil),
            static row => (Key: new TaskKey(new TenantId(row.Text(0)), new TaskId(row.Text(1))), DueAt: row.Int64(2)),
            cancellationToken);
        return [.. claimed.OrderBy(c => c.DueAt).ThenBy(c => c.Key.Id.Value, StringComparer.Ordinal).Select(c => c.Key)];
    }

    /// <inheritdoc/>
    public Task<int> MakeUnfinishedDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        engine.ExecuteAsync(
            new PostgresStatement("UPDATE tasks SET due_at = $1 WHERE due_at IS NOT NULL AND NOT queued").Bind(now), cancellationToken);

    /// <summary>Makes a task of a row of <see cref="Columns"/>.</summary>
    public static GenerationTask ReadTask(PostgresRow row) => TaskCodec.Read(
        new TenantId(row.Text(0)), new TaskId(row.Text(1)), row.Int64(2), row.Time(3), row.TimeOrNull(4), row.Utf8(5));
}
