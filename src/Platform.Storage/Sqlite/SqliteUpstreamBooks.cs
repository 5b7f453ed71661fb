using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Sqlite;

/// <summary>Slots, charges and switches on SQLite.</summary>
internal sealed class SqliteUpstreamBooks(SqliteEngine engine) : IUpstreamBooks
{
    private const string DueSql = """
        SELECT tenant, task_id, attempt_id FROM upstream_charges INDEXED BY upstream_charges_due
        WHERE check_at <= ?1 ORDER BY check_at, attempt_id LIMIT ?2
        """;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HeldSlot>> ListSlotsAsync(string? account, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            account,
            static (database, account) => database
                .Prepare($"""
                    SELECT account, number, tenant, task_id, attempt_id, taken_at FROM upstream_slots
                    {(account is null ? "" : "WHERE account = ?1")} ORDER BY account, number
                    """)
                .BindIf(account is not null, 1, account)
                .All(static row => new HeldSlot(
                    new(row.Text(0), row.Int32(1)), new(new TenantId(row.Text(2)), new TaskId(row.Text(3))), row.Text(4), row.Time(5))),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DueCheck>> ClaimChecksAsync(
        DateTimeOffset now, DateTimeOffset givenUpAfter, int limit, CancellationToken cancellationToken)
    {
        // A look costs no flush; most looks find nothing.
        var anyDue = await engine.ReadAsync(
            now, static (database, now) => database.Prepare(DueSql).Bind(1, now).Bind(2, 1).Any(), cancellationToken);
        return anyDue
            ? await engine.WriteAsync(database => Claim(database, now, givenUpAfter, limit), cancellationToken)
            : [];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RouteSpend>> SpendAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            (from, to),
            static (database, wanted) => database
                .Prepare("""
                    SELECT account, route, kind, COUNT(*), SUM(cost) FROM upstream_charges
                    WHERE at >= ?1 AND at < ?2 GROUP BY account, route, kind ORDER BY account, route, kind
                    """)
                .Bind(1, wanted.from)
                .Bind(2, wanted.to)
                .All(static row => new RouteSpend(row.Text(0), row.Text(1), (ChargeKind)row.Int32(2), row.Int64(3), MicroUsd.ToUsd(row.Int64(4)))),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UpstreamCharge>> ListChargesAsync(TaskKey task, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            task,
            static (database, task) => database
                .Prepare("""
                    SELECT attempt_id, account, route, kind, cost, at, check_at FROM upstream_charges
                    WHERE task_id = ?1 AND tenant = ?2 ORDER BY attempt_id
                    """)
                .Bind(1, task.Id.Value)
                .Bind(2, task.Tenant.Value)
                .All(row => new UpstreamCharge(
                    row.Text(0),
                    task,
                    row.Text(1),
                    row.Text(2),
                    (ChargeKind)row.Int32(3),
                    MicroUsd.ToUsd(row.Int64(4)),
                    row.Time(5),
                    row.TimeOrNull(6))),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OperatorSwitch>> ListSwitchesAsync(string account, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            account,
            static (database, account) => database
                .Prepare("SELECT account, route, state, set_at FROM operator_switches WHERE account = ?1 ORDER BY route")
                .Bind(1, account)
                .All(static row => new OperatorSwitch(
                    row.Text(0), row.Text(1) is { Length: > 0 } route ? route : null, (RouteState)row.Int32(2), row.Time(3))),
            cancellationToken);

    /// <inheritdoc/>
    public Task SetSwitchAsync(OperatorSwitch set, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("""
                    INSERT INTO operator_switches (account, route, state, set_at) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT (account, route) DO UPDATE SET state = ?3, set_at = ?4
                    """)
                .Bind(1, set.Account)
                .Bind(2, set.RouteId ?? "")
                .Bind(3, (int)set.State)
                .Bind(4, set.SetAt)
                .Execute(),
            cancellationToken);

    /// <summary>Writes what the commit of a task does to the books; inside its transaction.</summary>
    public static void Write(SqliteConnection database, TaskKey task, UpstreamEffects effects)
    {
        if (effects.Frees)
        {
            database
                .Prepare("DELETE FROM upstream_slots WHERE task_id = ?1 AND tenant = ?2")
                .Bind(1, task.Id.Value)
                .Bind(2, task.Tenant.Value)
                .Execute();
        }

        if (effects.Takes is { } taken)
        {
            database
                .Prepare("INSERT INTO upstream_slots (account, number, tenant, task_id, attempt_id, taken_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                .Bind(1, taken.Slot.Account)
                .Bind(2, taken.Slot.Number)
                .Bind(3, task.Tenant.Value)
                .Bind(4, task.Id.Value)
                .Bind(5, taken.AttemptId)
                .Bind(6, taken.TakenAt)
                .Execute();
        }

        foreach (var charge in effects.Charges)
        {
            database
                .Prepare("""
                    INSERT INTO upstream_charges (attempt_id, tenant, task_id, account, route, kind, cost, at, check_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                    ON CONFLICT (attempt_id) DO UPDATE SET kind = ?6, cost = ?7, at = ?8, check_at = ?9
                    """)
                .Bind(1, charge.AttemptId)
                .Bind(2, task.Tenant.Value)
                .Bind(3, task.Id.Value)
                .Bind(4, charge.Account)
                .Bind(5, charge.RouteId)
                .Bind(6, (int)charge.Kind)
                .Bind(7, MicroUsd.Of(charge.CostUsd))
                .Bind(8, charge.At)
                .Bind(9, charge.CheckAt)
                .Execute();
        }
    }

    private static List<DueCheck> Claim(SqliteConnection database, DateTimeOffset now, DateTimeOffset givenUpAfter, int limit)
    {
        database
            .Prepare("UPDATE upstream_charges INDEXED BY upstream_charges_due SET check_at = NULL WHERE check_at <= ?1 AND at < ?2")
            .Bind(1, now)
            .Bind(2, givenUpAfter)
            .Execute();
        var due = database
            .Prepare(DueSql)
            .Bind(1, now)
            .Bind(2, limit)
            .All(static row => new DueCheck(new(new TenantId(row.Text(0)), new TaskId(row.Text(1))), row.Text(2)));
        foreach (var check in due)
        {
            database
                .Prepare("UPDATE upstream_charges SET check_at = ?2 + MAX(?3, ?2 - at) WHERE attempt_id = ?1")
                .Bind(1, check.AttemptId)
                .Bind(2, now)
                .Bind(3, (long)UpstreamEffects.FirstCheck.TotalMilliseconds)
                .Execute();
        }

        return due;
    }
}
