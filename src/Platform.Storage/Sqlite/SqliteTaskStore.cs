using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Commits;
using Platform.Storage.Json;

namespace Platform.Storage.Sqlite;

/// <summary>Tasks on SQLite.</summary>
internal sealed class SqliteTaskStore(SqliteEngine engine) : ITaskStore
{
    /// <summary>The columns that <see cref="ReadTask"/> reads.</summary>
    public const string Columns = "tenant, id, version, created_at, ended_at, state";

    private const string DueSql = "SELECT tenant, id, row_number FROM tasks WHERE shard = ?1 AND due_at <= ?2 ORDER BY due_at, row_number LIMIT ?3";

    /// <inheritdoc/>
    public Task<GenerationTask?> FindAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken)
    {
        var key = new TaskKey(tenant, id);
        return engine.Tasks.Find(key) is { } kept
            ? Task.FromResult<GenerationTask?>(kept)
            : engine.ReadAsync((Key: key, Cache: engine.Tasks), static (database, wanted) => FindAndKeep(database, wanted.Key, wanted.Cache), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<CommitOutcome> CommitAsync(TaskUnit unit, CancellationToken cancellationToken)
    {
        UnitShape.Check(unit);
        var row = new TaskRow(unit.Task, unit.Events, unit.DueAt);
        CommitOutcome outcome;
        try
        {
            outcome = await engine.WriteAsync<CommitOutcome>(
                database =>
                {
                    if (UnitFences.FirstLost(unit, row.Upstreams, new SqliteFenceView(database)) is { } lost)
                    {
                        return lost;
                    }

                    row.Update(database, unit.ExpectedVersion);
                    return new CommitOutcome.Committed();
                },
                cancellationToken);
        }
        finally
        {
            // Also after a failure, which does not say that nothing was committed.
            engine.Tasks.Forget(new(unit.Task.Tenant, unit.Task.Id));
        }

        if (outcome is CommitOutcome.Lost { Fence: var fence })
        {
            engine.Metrics.Lost(fence);
        }

        engine.Changes.Publish(unit, outcome);
        return outcome;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GenerationTask>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            query, static (database, wanted) => TaskListSql.List(database, wanted, offset: 0).All(ReadTask), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskEvent>> HistoryAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            (tenant, id),
            static (database, wanted) => database
                .Prepare("SELECT kind, at, data FROM task_events WHERE task_id = ?1 AND tenant = ?2 ORDER BY version, position")
                .Bind(1, wanted.id.Value)
                .Bind(2, wanted.tenant.Value)
                .All(static row => TaskEventCodec.Read(row.Text(0), row.Time(1), row.Utf8(2))),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IdempotencyRecord?> FindIdempotencyKeyAsync(
        TenantId tenant, string key, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            (tenant, key, notBefore),
            static (database, wanted) => database
                .Prepare("SELECT key, body_digest, task_id, created_at, batch FROM idempotency_keys WHERE tenant = ?1 AND key = ?2 AND created_at > ?3")
                .Bind(1, wanted.tenant.Value)
                .Bind(2, wanted.key)
                .Bind(3, wanted.notBefore)
                .First(static row => new IdempotencyRecord(row.Text(0), row.Text(1), new TaskId(row.Text(2)), row.Time(3))
                {
                    Batch = row.IsNull(4) ? null : BatchCodec.Read(row.Utf8(4)),
                }),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UnansweredTask>> ListUnansweredAsync(
        TenantId tenant, long afterSequence, DateTimeOffset notBefore, int limit, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            (tenant, afterSequence, notBefore, limit),
            static (database, wanted) => database
                .Prepare($"""
                    SELECT t.{Columns.Replace(", ", ", t.", StringComparison.Ordinal)}, e.sequence
                    FROM ledger_entries e JOIN tasks t ON t.id = e.task_id AND t.tenant = e.tenant
                    WHERE e.tenant = ?1 AND e.sequence > ?2 AND e.kind = {(int)LedgerEntryKind.Hold}
                        AND t.created_at > ?3 AND json_extract(t.state, '$.body') IS NOT NULL
                    ORDER BY e.sequence DESC LIMIT ?4
                    """)
                .Bind(1, wanted.tenant.Value)
                .Bind(2, wanted.afterSequence)
                .Bind(3, wanted.notBefore)
                .Bind(4, wanted.limit)
                .All(static row => new UnansweredTask(ReadTask(row), row.Int64(6))),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<TaskKey>> ClaimDueAsync(
        int shard, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken)
    {
        // A look costs no flush; most looks find nothing.
        var anyDue = await engine.ReadAsync(
            (shard, now),
            static (database, wanted) => database.Prepare(DueSql).Bind(1, wanted.shard).Bind(2, wanted.now).Bind(3, 1).Any(),
            cancellationToken);
        return anyDue
            ? await engine.WriteAsync(database => Claim(database, shard, now, leaseUntil, limit), cancellationToken)
            : [];
    }

    /// <inheritdoc/>
    public Task<int> MakeUnfinishedDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("UPDATE tasks INDEXED BY tasks_due SET due_at = ?1 WHERE due_at IS NOT NULL AND queued = 0")
                .Bind(1, now)
                .Execute(),
            cancellationToken);

    private static List<TaskKey> Claim(SqliteConnection database, int shard, DateTimeOffset now, DateTimeOffset leaseUntil, int limit)
    {
        var due = database
            .Prepare(DueSql)
            .Bind(1, shard)
            .Bind(2, now)
            .Bind(3, limit)
            .All(static row => (Key: new TaskKey(new TenantId(row.Text(0)), new TaskId(row.Text(1))), Row: row.Int64(2)));
        foreach (var (_, row) in due)
        {
            database.Prepare("UPDATE tasks SET due_at = ?2 WHERE row_number = ?1").Bind(1, row).Bind(2, leaseUntil).Execute();
        }

        return due.ConvertAll(d => d.Key);
    }

    /// <summary>A task, or null where the tenant has none of this id.</summary>
    public static GenerationTask? Find(SqliteConnection database, TenantId tenant, TaskId id) => database
        .Prepare($"SELECT {Columns} FROM tasks WHERE id = ?1 AND tenant = ?2")
        .Bind(1, id.Value)
        .Bind(2, tenant.Value)
        .First(ReadTask);

    /// <summary>Makes a task of a row of <see cref="Columns"/>.</summary>
    public static GenerationTask ReadTask(SqliteStatement row) => TaskCodec.Read(
        new TenantId(row.Text(0)), new TaskId(row.Text(1)), row.Int64(2), row.Time(3), row.TimeOrNull(4), row.Utf8(5));

    private static GenerationTask? FindAndKeep(SqliteConnection database, TaskKey key, TaskCache cache)
    {
        var stamp = cache.Stamp(key);
        var task = Find(database, key.Tenant, key.Id);
        if (task is not null)
        {
            cache.Keep(key, task, stamp);
        }

        return task;
    }
}
