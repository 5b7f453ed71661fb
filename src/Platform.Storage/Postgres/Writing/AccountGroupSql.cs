using System.Collections.Concurrent;
using System.Text;

namespace Platform.Storage.Postgres.Writing;

/// <summary>
/// The statement that commits a group of units. It finds the first fence that each unit loses, raises the version of the accounts of the
/// others, and writes their rows; a unit that lost is in no table. Kinds of rows that a group has none of are left out, so that there are
/// some dozen texts, each prepared once.
/// </summary>
/// <remarks>
/// All parts see the database as it was when the statement began. What another transaction could change meanwhile is fenced by the row
/// that it has to change as well: the account, whose version is compared once more when it is raised. Tasks that end are locked by a
/// statement before, because steps change them without the account.
/// </remarks>
internal static class AccountGroupSql
{
    private static readonly ConcurrentDictionary<int, string> Texts = new();

    /// <summary>Locks the tasks that units change, in the order of their ids, before the fences look at them.</summary>
    public static (string Sql, ArrayRows[] Rows) Lock(AccountGroup group)
    {
        ArrayRows[] rows = [.. new ArrayRows[] { group.Changed, group.Promoted }.Where(r => r.Count > 0)];
        var ids = string.Join(" UNION ALL ", rows.Select(r => $"SELECT tenant, id, month FROM {r.Name}"));
        return ($"""
            WITH {Parameters(rows)}
            SELECT t.version FROM tasks t JOIN ({ids}) wanted ON t.id = wanted.id AND t.tenant = wanted.tenant AND t.month = wanted.month
            WHERE t.month BETWEEN $1 AND $2 ORDER BY t.id, t.tenant FOR UPDATE OF t
            """, rows);
    }

    /// <summary>Commits the group; a row for each unit that won (fence 0) or lost (fence and place), and rows of nulls.</summary>
    public static (string Sql, ArrayRows[] Rows) Commit(AccountGroup group)
    {
        var all = group.Rows.ToArray();
        var shape = group.Units.MayOpen ? 1 << all.Length : 0;
        for (var i = 0; i < all.Length; i++)
        {
            shape |= all[i].Count > 0 ? 1 << i : 0;
        }

        ArrayRows[] rows = [.. all.Where(r => r.Count > 0)];
        return (Texts.GetOrAdd(shape, static (_, made) => Build(made.group, made.rows), (group, rows)), rows);
    }

    private static string Parameters(ArrayRows[] rows)
    {
        var parts = new List<string>(rows.Length);
        var next = 3;
        foreach (var one in rows)
        {
            parts.Add(one.Sql(next));
            next += one.Columns;
        }

        return string.Join(",\n", parts);
    }

    private static string Build(AccountGroup group, ArrayRows[] rows)
    {
        var parts = new List<string> { Parameters(rows), Lost(group) };
        parts.AddRange(Won(group));
        var demands = new List<string>();
        var changes = new List<string>();
        if (group.Entries.Count > 0)
        {
            parts.Add("""
                written_entries AS (
                    INSERT INTO ledger_entries (
                        tenant, sequence, kind, operation_id, task_id, grants, available, held, revenue, expired,
                        available_after, held_after, at, note, expires_at, month)
                    SELECT w.tenant, e.sequence, e.kind, e.operation_id, e.task_id, e.grants, e.available, e.held, e.revenue, e.expired,
                        e.available_after, e.held_after, e.at, e.note, e.expires_at, w.month
                    FROM new_entries e JOIN won w USING (unit))
                """);
        }

        if (group.Operations.Count > 0)
        {
            parts.Add("""
                written_operations AS (
                    INSERT INTO account_operations (operation_id, tenant) SELECT o.operation_id, o.tenant FROM new_operations o JOIN won USING (unit))
                """);
        }

        if (group.Accepted.Count > 0)
        {
            parts.Add("""
                written_tasks AS (
                    INSERT INTO tasks (
                        tenant, id, month, version, status, phase, model, created_at, ended_at, due_at, shard, queued, state, api_key, quality, end_user)
                    SELECT a.tenant, a.id, a.month, a.version, a.status, a.phase, a.model, a.created_at, a.ended_at, a.due_at, a.shard, a.queued,
                        a.state, a.api_key, a.quality, a.end_user
                    FROM accepted a JOIN won USING (unit)),
                written_holds AS (
                    INSERT INTO holds (task_id, tenant, month, sequence, amount, slices, queued, settled, released, ended_at)
                    SELECT a.id, a.tenant, a.month, a.sequence, a.amount, a.slices, a.queued, a.settled, a.released, a.hold_ended_at
                    FROM accepted a JOIN won USING (unit))
                """);
            changes.Add("SELECT c.tenant, c.id, c.version FROM accepted c JOIN won USING (unit)");
        }

        if (group.Metadata.Count > 0)
        {
            parts.Add("""
                written_metadata AS (
                    INSERT INTO task_metadata (tenant, key, value, created_at, task_id, month)
                    SELECT m.tenant, m.key, m.value, m.created_at, m.task_id, m.month FROM new_metadata m JOIN won USING (unit))
                """);
        }

        if (group.Events.Count > 0)
        {
            parts.Add(StepGroupSql.WriteEvents);
        }

        if (group.Keys.Count > 0)
        {
            parts.Add("""
                written_keys AS (
                    INSERT INTO idempotency_keys AS present (tenant, key, body_digest, task_id, created_at, batch)
                    SELECT k.tenant, k.key, k.body_digest, k.task_id, k.created_at, k.batch FROM new_keys k JOIN won USING (unit)
                    ON CONFLICT (tenant, key) DO UPDATE
                    SET body_digest = EXCLUDED.body_digest, task_id = EXCLUDED.task_id, created_at = EXCLUDED.created_at, batch = EXCLUDED.batch)
                """);
        }

        if (group.Changed.Count > 0)
        {
            parts.Add("""
                changed_tasks AS (
                    UPDATE tasks t
                    SET version = c.version, status = c.status, phase = c.phase, ended_at = c.ended_at, due_at = c.due_at, state = c.state, queued = false
                    FROM changed c JOIN won USING (unit)
                    WHERE t.id = c.id AND t.tenant = c.tenant AND t.month = c.month AND t.version = c.expected AND t.month BETWEEN $1 AND $2
                    RETURNING 1)
                """);
            changes.Add("SELECT c.tenant, c.id, c.version FROM changed c JOIN won USING (unit)");
            demands.Add(Demand("changed_tasks", "changed c JOIN won USING (unit)", "a task is not at the version that its fence saw"));
        }

        if (group.Ended.Count > 0)
        {
            parts.Add("""
                ended_holds AS (
                    UPDATE holds h SET settled = e.settled, released = e.released, ended_at = e.at, queued = false
                    FROM ended e JOIN won USING (unit)
                    WHERE h.task_id = e.task_id AND h.tenant = e.tenant AND h.month = e.month AND h.ended_at IS NULL AND e.has_hold
                        AND h.month BETWEEN $1 AND $2
                    RETURNING 1),
                written_resolutions AS (
                    INSERT INTO resolutions (task_id, tenant, month, outcome, settled, released, billed_seconds, at)
                    SELECT e.task_id, e.tenant, e.month, e.outcome, e.settled, e.released, e.billed_seconds, e.at
                    FROM ended e JOIN won USING (unit)),
                written_messages AS (
                    INSERT INTO outbox (id, task_id, tenant, month, event_type, created_at)
                    SELECT e.message_id, e.task_id, e.tenant, e.month, e.event_type, e.message_at FROM ended e JOIN won USING (unit))
                """);
            demands.Add(Demand("ended_holds", "ended e JOIN won USING (unit) WHERE e.has_hold", "a task has no open hold to resolve"));
        }

        if (group.Freed.Count > 0)
        {
            parts.Add(UpstreamSql.Free);
        }

        if (group.Charges.Count > 0)
        {
            parts.Add(UpstreamSql.Charge);
        }

        if (group.Promoted.Count > 0)
        {
            parts.Add("""
                promoted_holds AS (
                    UPDATE holds h SET queued = false
                    FROM promoted p JOIN won USING (unit)
                    WHERE h.task_id = p.id AND h.tenant = p.tenant AND h.month = p.month AND h.ended_at IS NULL AND h.month BETWEEN $1 AND $2
                    RETURNING 1),
                promoted_tasks AS (
                    UPDATE tasks t SET queued = false, due_at = p.due_at
                    FROM promoted p JOIN won USING (unit)
                    WHERE t.id = p.id AND t.tenant = p.tenant AND t.month = p.month AND t.month BETWEEN $1 AND $2
                    RETURNING 1)
                """);
            demands.Add(Demand("promoted_holds", "promoted p JOIN won USING (unit)", "a task has no open hold to promote"));
            demands.Add(Demand("promoted_tasks", "promoted p JOIN won USING (unit)", "a task to promote is missing"));
        }

        var result = new StringBuilder("SELECT unit, 0 AS fence, 0 AS place FROM won UNION ALL SELECT unit, fence, place FROM lost");
        if (demands.Count > 0)
        {
            result.Append($"\nUNION ALL SELECT NULL, 0, 0 WHERE {string.Join(" AND ", demands)}");
        }

        if (changes.Count > 0)
        {
            parts.Add(StepGroupSql.Tell(string.Join(" UNION ALL ", changes)));
            result.Append("\nUNION ALL SELECT NULL, 0, 0 FROM told");
        }

        return $"WITH {string.Join(",\n", parts)}\n{result}";
    }

    // For each unit the first fence that does not hold, and the place in the unit of what it is about.
    private static string Lost(AccountGroup group)
    {
        var candidates = new List<string>
        {
            """
            SELECT u.unit, 1 AS fence, 0 AS place FROM units u LEFT JOIN accounts x ON x.tenant = u.tenant
            WHERE COALESCE(x.version, 0) <> u.expected
            """,
        };
        if (group.Changed.Count > 0)
        {
            candidates.Add("""
                SELECT c.unit, 2, c.place FROM changed c
                LEFT JOIN tasks t ON t.id = c.id AND t.tenant = c.tenant AND t.month = c.month AND t.month BETWEEN $1 AND $2
                WHERE t.version IS DISTINCT FROM c.expected
                """);
        }

        if (group.Accepted.Count > 0)
        {
            candidates.Add("""
                SELECT a.unit, 3, a.place FROM accepted a
                JOIN tasks t ON t.id = a.id AND t.tenant = a.tenant AND t.month = a.month AND t.month BETWEEN $1 AND $2
                """);
        }

        if (group.Keys.Count > 0)
        {
            candidates.Add("""
                SELECT k.unit, 4, k.place FROM new_keys k
                JOIN idempotency_keys x ON x.tenant = k.tenant AND x.key = k.key AND x.created_at > k.free_before
                """);
        }

        if (group.Operations.Count > 0)
        {
            candidates.Add("""
                SELECT o.unit, 5, o.place FROM new_operations o
                JOIN account_operations x ON x.operation_id = o.operation_id AND x.tenant = o.tenant
                """);
        }

        if (group.SelfLost.Count > 0)
        {
            candidates.Add("SELECT unit, fence, place FROM self_lost");
        }

        return $"""
            lost AS MATERIALIZED (
                SELECT DISTINCT ON (unit) unit, fence, place FROM ({string.Join(" UNION ALL ", candidates)}) candidates
                ORDER BY unit, fence, place)
            """;
    }

    private static IEnumerable<string> Won(AccountGroup group)
    {
        yield return """
            raised AS (
                UPDATE accounts x
                SET version = u.version, available = u.available, held = u.held, settled = u.settled, lots = u.lots,
                    answered_through = u.answered_through, month = GREATEST(x.month, u.month)
                FROM units u
                WHERE x.tenant = u.tenant AND x.version = u.expected AND NOT EXISTS (SELECT FROM lost l WHERE l.unit = u.unit)
                RETURNING u.unit, x.tenant, x.month)
            """;
        if (!group.Units.MayOpen)
        {
            yield return "won AS MATERIALIZED (SELECT unit, tenant, month FROM raised)";
            yield break;
        }

        yield return """
            opened AS (
                INSERT INTO accounts (tenant, version, available, held, settled, lots, answered_through, month)
                SELECT u.tenant, u.version, u.available, u.held, u.settled, u.lots, u.answered_through, u.month
                FROM units u
                WHERE u.expected = 0 AND NOT EXISTS (SELECT FROM lost l WHERE l.unit = u.unit)
                ON CONFLICT (tenant) DO NOTHING
                RETURNING tenant, month),
            won AS MATERIALIZED (
                SELECT unit, tenant, month FROM raised
                UNION ALL SELECT u.unit, o.tenant, o.month FROM opened o JOIN units u USING (tenant))
            """;
    }

    // A wall behind the fences: an update of winners' rows that missed one takes the whole transaction with it.
    private static string Demand(string done, string wanted, string otherwise) =>
        $"demand((SELECT count(*) FROM {done}) = (SELECT count(*) FROM {wanted}), '{otherwise}')";
}
