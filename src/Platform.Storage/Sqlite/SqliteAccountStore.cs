using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Json;

namespace Platform.Storage.Sqlite;

/// <summary>Accounts on SQLite.</summary>
internal sealed class SqliteAccountStore(SqliteEngine engine) : IAccountStore
{
    /// <summary>The columns that <see cref="ReadEntry"/> reads.</summary>
    public const string EntryColumns =
        "sequence, kind, operation_id, task_id, grants, available, held, revenue, expired, available_after, held_after, at, note, expires_at";

    /// <inheritdoc/>
    public Task<Account> LoadAsync(TenantId tenant, CancellationToken cancellationToken) =>
        engine.ReadAsync(tenant, static (database, tenant) => database.Snapshot(tenant, Load), cancellationToken);

    /// <inheritdoc/>
    public async Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken)
    {
        CommitOutcome outcome;
        try
        {
            outcome = await engine.WriteAsync(new AccountCommit(unit).Run, cancellationToken);
        }
        finally
        {
            // Also after a failure, which does not say that nothing was committed. Accepted tasks were in nobody's hands before.
            foreach (var resolved in unit.Resolved)
            {
                engine.Tasks.Forget(new(unit.Tenant, resolved.Task.Id));
            }
        }

        if (outcome is CommitOutcome.Lost lost)
        {
            engine.Metrics.Lost(lost.Fence);
        }

        engine.Changes.Publish(unit, outcome);
        return outcome;
    }

    /// <inheritdoc/>
    public Task<LedgerEntry?> FindEntryAsync(
        TenantId tenant, LedgerEntryKind kind, string operationId, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            (tenant, kind, operationId),
            static (database, wanted) => database
                .Prepare($"SELECT {EntryColumns} FROM ledger_entries WHERE operation_id = ?1 AND kind = ?2 AND tenant = ?3")
                .Bind(1, wanted.operationId)
                .Bind(2, (int)wanted.kind)
                .Bind(3, wanted.tenant.Value)
                .First(ReadEntry),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LedgerEntry>> ListEntriesAsync(
        TenantId tenant, long? before, int limit, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            (tenant, before, limit),
            static (database, wanted) => database
                .Prepare($"SELECT {EntryColumns} FROM ledger_entries WHERE tenant = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3")
                .Bind(1, wanted.tenant.Value)
                .Bind(2, wanted.before ?? long.MaxValue)
                .Bind(3, wanted.limit)
                .All(ReadEntry),
            cancellationToken);

    /// <summary>Makes an entry of a row of <see cref="EntryColumns"/>.</summary>
    public static LedgerEntry ReadEntry(SqliteStatement row) => new()
    {
        Sequence = row.Int64(0),
        Kind = (LedgerEntryKind)row.Int32(1),
        OperationId = row.Text(2),
        TaskId = row.IsNull(3) ? null : new TaskId(row.Text(3)),
        Postings = new(row.Credits(4), row.Credits(5), row.Credits(6), row.Credits(7), row.Credits(8)),
        AvailableAfter = row.Credits(9),
        HeldAfter = row.Credits(10),
        At = row.Time(11),
        Note = row.TextOrNull(12),
        ExpiresAt = row.TimeOrNull(13),
    };

    private static Account Load(SqliteConnection database, TenantId tenant)
    {
        var holds = database
            .Prepare("SELECT task_id, amount, slices, sequence, queued FROM holds WHERE tenant = ?1 AND ended_at IS NULL")
            .Bind(1, tenant.Value)
            .All(static row => new Hold(
                new TaskId(row.Text(0)), row.Credits(1), LotCodec.ReadSlices(row.Utf8(2)), row.Int64(3), row.Boolean(4)));
        return database
            .Prepare("SELECT version, available, held, settled, lots, answered_through FROM accounts WHERE tenant = ?1")
            .Bind(1, tenant.Value)
            .First(row => Account.Restore(
                tenant, row.Int64(0), row.Credits(1), row.Credits(2), row.Credits(3), LotCodec.ReadLots(row.Utf8(4)), holds, row.Int64(5)))
            ?? Account.Open(tenant);
    }
}
