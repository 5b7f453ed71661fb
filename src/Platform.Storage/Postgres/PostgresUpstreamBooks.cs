using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Postgres;

/// <summary>Slots, charges and switches on PostgreSQL.</summary>
internal sealed class PostgresUpstreamBooks(PostgresEngine engine) : IUpstreamBooks
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<HeldSlot>> ListSlotsAsync(string? account, CancellationToken cancellationToken)
    {
        const string Columns = "SELECT account, number, tenant, task_id, attempt_id, taken_at FROM upstream_slots";
        var statement = account is null
            ? new PostgresStatement($"{Columns} ORDER BY account, number")
            : new PostgresStatement($"{Columns} WHERE account = $1 ORDER BY number").Bind(account);
        return await engine.AllAsync(
            statement,
            static row => new HeldSlot(
                new(row.Text(0), row.Int32(1)), new(new TenantId(row.Text(2)), new TaskId(row.Text(3))), row.Text(4), row.Time(5)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DueCheck>> ClaimChecksAsync(
        DateTimeOffset now, DateTimeOffset givenUpAfter, int limit, CancellationToken cancellationToken)
    {
        // A look costs no flush; most looks find nothing.
        if (!await engine.AnyAsync(
            new PostgresStatement("SELECT 1 FROM upstream_charges WHERE check_at <= $1 ORDER BY check_at LIMIT 1").Bind(now), cancellationToken))
        {
            return [];
        }

        await engine.WriteAsync(
            new PostgresStatement("UPDATE upstream_charges SET check_at = NULL WHERE check_at <= $1 AND at < $2").Bind(now).Bind(givenUpAfter),
            static _ => true,
            cancellationToken);
        var claimed = await engine.WriteAsync(
            new PostgresStatement("""
                WITH due AS (
                    SELECT attempt_id, check_at FROM upstream_charges WHERE check_at <= $1 AND at >= $2
                    ORDER BY check_at, attempt_id LIMIT $3 FOR UPDATE SKIP LOCKED)
                UPDATE upstream_charges c SET check_at = $1 + GREATEST($4, $1 - c.at) FROM due WHERE c.attempt_id = due.attempt_id
                RETURNING c.tenant, c.task_id, c.attempt_id, due.check_at
                """)
                .Bind(now)
                .Bind(givenUpAfter)
                .Bind(limit)
                .Bind((long)UpstreamEffects.FirstCheck.TotalMilliseconds),
            static row => (Check: new DueCheck(new(new TenantId(row.Text(0)), new TaskId(row.Text(1))), row.Text(2)), DueAt: row.Int64(3)),
            cancellationToken);
        return [.. claimed.OrderBy(c => c.DueAt).ThenBy(c => c.Check.AttemptId, StringComparer.Ordinal).Select(c => c.Check)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RouteSpend>> SpendAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        await engine.AllAsync(
            new PostgresStatement("""
                SELECT account, route, kind, COUNT(*), SUM(cost)::bigint FROM upstream_charges
                WHERE at >= $1 AND at < $2 GROUP BY account, route, kind ORDER BY account, route, kind
                """)
                .Bind(from)
                .Bind(to),
            static row => new RouteSpend(row.Text(0), row.Text(1), (ChargeKind)row.Int32(2), row.Int64(3), MicroUsd.ToUsd(row.Int64(4))),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UpstreamCharge>> ListChargesAsync(TaskKey task, CancellationToken cancellationToken) =>
        await engine.AllAsync(
            new PostgresStatement("""
                SELECT attempt_id, account, route, kind, cost, at, check_at FROM upstream_charges
                WHERE task_id = $1 AND tenant = $2 ORDER BY attempt_id
                """)
                .Bind(task.Id.Value)
                .Bind(task.Tenant.Value),
            row => new UpstreamCharge(
                row.Text(0), task, row.Text(1), row.Text(2), (ChargeKind)row.Int32(3), MicroUsd.ToUsd(row.Int64(4)), row.Time(5), row.TimeOrNull(6)),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OperatorSwitch>> ListSwitchesAsync(string account, CancellationToken cancellationToken) =>
        await engine.AllAsync(
            new PostgresStatement("SELECT account, route, state, set_at FROM operator_switches WHERE account = $1 ORDER BY route").Bind(account),
            static row => new OperatorSwitch(
                row.Text(0), row.Text(1) is { Length: > 0 } route ? route : null, (RouteState)row.Int32(2), row.Time(3)),
            cancellationToken);

    /// <inheritdoc/>
    public Task SetSwitchAsync(OperatorSwitch set, CancellationToken cancellationToken) => engine.WriteAsync(
        new PostgresStatement("""
            INSERT INTO operator_switches (account, route, state, set_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (account, route) DO UPDATE SET state = EXCLUDED.state, set_at = EXCLUDED.set_at
            """)
            .Bind(set.Account)
            .Bind(set.RouteId ?? "")
            .Bind((int)set.State)
            .Bind(set.SetAt),
        static _ => true,
        cancellationToken);
}
