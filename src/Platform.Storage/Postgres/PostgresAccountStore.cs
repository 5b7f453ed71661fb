using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Json;
using Platform.Storage.Postgres.Writing;

namespace Platform.Storage.Postgres;

/// <summary>Accounts on PostgreSQL.</summary>
internal sealed class PostgresAccountStore(PostgresEngine engine, PostgresLanes lanes) : IAccountStore
{
    /// <summary>The columns that <see cref="ReadEntry"/> reads.</summary>
    public const string EntryColumns =
        "sequence, kind, operation_id, task_id, grants, available, held, revenue, expired, available_after, held_after, at, note, expires_at";

    // One statement, so that account and holds are of one moment.
    private const string LoadSql = """
        SELECT a.version, a.available, a.held, a.settled, a.lots, a.answered_through, h.task_id, h.amount, h.slices, h.sequence, h.queued
        FROM accounts a LEFT JOIN holds h ON h.tenant = a.tenant AND h.ended_at IS NULL
        WHERE a.tenant = $1
        """;

    /// <inheritdoc/>
    public async Task<Account> LoadAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var rows = await engine.AllAsync(
            new PostgresStatement(LoadSql).Bind(tenant.Value),
            static row => (Account: ReadAccount(row), Hold: row.IsNull(6) ? null : ReadHold(row)),
            cancellationToken);
        if (rows.Count == 0)
        {
            return Account.Open(tenant);
        }

        var (version, available, held, settled, lots, answeredThrough) = rows[0].Account;
        return Account.Restore(
            tenant, version, available, held, settled, LotCodec.ReadLots(lots), rows.Select(r => r.Hold).OfType<Hold>(), answeredThrough);
    }

    /// <inheritdoc/>
    public Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken) => lanes.CommitAsync(unit, cancellationToken);

    /// <inheritdoc/>
    public Task<LedgerEntry?> FindEntryAsync(
        TenantId tenant, LedgerEntryKind kind, string operationId, CancellationToken cancellationToken) =>
        engine.FirstAsync(
            new PostgresStatement($"SELECT {EntryColumns} FROM ledger_entries WHERE operation_id = $1 AND kind = $2 AND tenant = $3")
                .Bind(operationId)
                .Bind((int)kind)
                .Bind(tenant.Value),
            ReadEntry,
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LedgerEntry>> ListEntriesAsync(
        TenantId tenant, long? before, int limit, CancellationToken cancellationToken) =>
        await engine.AllAsync(
            new PostgresStatement($"SELECT {EntryColumns} FROM ledger_entries WHERE tenant = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3")
                .Bind(tenant.Value)
                .Bind(before ?? long.MaxValue)
                .Bind(limit),
            ReadEntry,
            cancellationToken);

    /// <summary>Makes an entry of a row of <see cref="EntryColumns"/>.</summary>
    public static LedgerEntry ReadEntry(PostgresRow row) => new()
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

    private static (long Version, CreditAmount Available, CreditAmount Held, CreditAmount Settled, byte[] Lots, long AnsweredThrough) ReadAccount(PostgresRow row) =>
        (row.Int64(0), row.Credits(1), row.Credits(2), row.Credits(3), row.Utf8(4), row.Int64(5));

    private static Hold ReadHold(PostgresRow row) =>
        new(new TaskId(row.Text(6)), row.Credits(7), LotCodec.ReadSlices(row.Utf8(8)), row.Int64(9), row.Boolean(10));
}
