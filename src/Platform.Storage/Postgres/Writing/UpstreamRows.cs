using Platform.Domain.Routing;
using Platform.Domain.Tasks;

namespace Platform.Storage.Postgres.Writing;

/// <summary>Slots of provider accounts that attempts take.</summary>
internal sealed class SlotRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<string?> _account;
    private readonly ArrayColumn<int> _number;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<string?> _taskId;
    private readonly ArrayColumn<string?> _attemptId;
    private readonly ArrayColumn<long> _takenAt;

    public SlotRows()
        : base("new_slots")
    {
        _unit = Int32("unit");
        _account = Text("account");
        _number = Int32("number");
        _tenant = Text("tenant");
        _taskId = Text("task_id");
        _attemptId = Text("attempt_id");
        _takenAt = Int64("taken_at");
    }

    public void Add(int unit, HeldSlot taken)
    {
        _unit.Add(unit);
        _account.Add(taken.Slot.Account);
        _number.Add(taken.Slot.Number);
        _tenant.Add(taken.Task.Tenant.Value);
        _taskId.Add(taken.Task.Id.Value);
        _attemptId.Add(taken.AttemptId);
        _takenAt.Add(UnixTime.Of(taken.TakenAt));
        Added();
    }
}

/// <summary>Tasks whose slots are free afterwards.</summary>
internal sealed class FreedRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<string?> _taskId;

    public FreedRows()
        : base("freed")
    {
        _unit = Int32("unit");
        _tenant = Text("tenant");
        _taskId = Text("task_id");
    }

    public void Add(int unit, GenerationTask task)
    {
        _unit.Add(unit);
        _tenant.Add(task.Tenant.Value);
        _taskId.Add(task.Id.Value);
        Added();
    }
}

/// <summary>What attempts cost us.</summary>
internal sealed class ChargeRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<string?> _attemptId;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<string?> _taskId;
    private readonly ArrayColumn<string?> _account;
    private readonly ArrayColumn<string?> _route;
    private readonly ArrayColumn<int> _kind;
    private readonly ArrayColumn<long> _cost;
    private readonly ArrayColumn<long> _at;
    private readonly ArrayColumn<long?> _checkAt;

    public ChargeRows()
        : base("new_charges")
    {
        _unit = Int32("unit");
        _attemptId = Text("attempt_id");
        _tenant = Text("tenant");
        _taskId = Text("task_id");
        _account = Text("account");
        _route = Text("route");
        _kind = Int32("kind");
        _cost = Int64("cost");
        _at = Int64("at");
        _checkAt = Int64OrNull("check_at");
    }

    // One statement writes a row once: of several charges of one attempt the last counts.
    public void Add(int unit, IReadOnlyList<UpstreamCharge> charges)
    {
        foreach (var charge in charges.GroupBy(c => c.AttemptId, StringComparer.Ordinal).Select(c => c.Last()))
        {
            _unit.Add(unit);
            _attemptId.Add(charge.AttemptId);
            _tenant.Add(charge.Task.Tenant.Value);
            _taskId.Add(charge.Task.Id.Value);
            _account.Add(charge.Account);
            _route.Add(charge.RouteId);
            _kind.Add((int)charge.Kind);
            _cost.Add(MicroUsd.Of(charge.CostUsd));
            _at.Add(UnixTime.Of(charge.At));
            _checkAt.Add(UnixTime.Of(charge.CheckAt));
            Added();
        }
    }
}

/// <summary>The parts of a statement that write slots and charges of units that won.</summary>
internal static class UpstreamSql
{
    /// <summary>Frees slots.</summary>
    public const string Free = """
        freed_slots AS (
            DELETE FROM upstream_slots s USING freed f JOIN won USING (unit) WHERE s.task_id = f.task_id AND s.tenant = f.tenant)
        """;

    /// <summary>Writes charges.</summary>
    public const string Charge = """
        written_charges AS (
            INSERT INTO upstream_charges (attempt_id, tenant, task_id, account, route, kind, cost, at, check_at)
            SELECT n.attempt_id, n.tenant, n.task_id, n.account, n.route, n.kind, n.cost, n.at, n.check_at FROM new_charges n JOIN won USING (unit)
            ON CONFLICT (attempt_id) DO UPDATE
            SET kind = EXCLUDED.kind, cost = EXCLUDED.cost, at = EXCLUDED.at, check_at = EXCLUDED.check_at)
        """;

    /// <summary>
    /// Takes slots for steps whose tasks are at the version that they expect, and locks those tasks: what is taken is then surely used. A
    /// slot that another transaction takes at the same time is waited for, and is the other's.
    /// </summary>
    public const string Take = """
        locked AS MATERIALIZED (
            SELECT c.unit FROM changed c JOIN tasks t ON t.id = c.id AND t.tenant = c.tenant AND t.month = c.month
            WHERE t.version = c.expected AND t.month BETWEEN $1 AND $2
            ORDER BY t.id, t.tenant FOR UPDATE OF t),
        taken AS (
            INSERT INTO upstream_slots (account, number, tenant, task_id, attempt_id, taken_at)
            SELECT n.account, n.number, n.tenant, n.task_id, n.attempt_id, n.taken_at FROM new_slots n JOIN locked USING (unit)
            ORDER BY n.account, n.number
            ON CONFLICT DO NOTHING
            RETURNING tenant, task_id),
        refused AS MATERIALIZED (
            SELECT n.unit FROM new_slots n JOIN locked USING (unit)
            WHERE NOT EXISTS (SELECT FROM taken k WHERE k.task_id = n.task_id AND k.tenant = n.tenant))
        """;
}
