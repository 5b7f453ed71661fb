using Platform.Domain;

namespace Platform.Storage.Postgres.Writing;

/// <summary>The statement that commits a group of steps, one of each task, and the parts that it shares with that of accounts.</summary>
internal static class StepGroupSql
{
    /// <summary>Writes the events of units that won.</summary>
    public const string WriteEvents = """
        written_events AS (
            INSERT INTO task_events (task_id, tenant, month, version, position, at, kind, data)
            SELECT e.task_id, e.tenant, e.month, e.version, e.position, e.at, e.kind, e.data FROM new_events e JOIN won USING (unit))
        """;

    // A payload must stay below 8000 bytes; a line has at most 181.
    private const int LinesPerMessage = 40;

    /// <summary>Tells listeners of changes, when the transaction commits and in the order of commits.</summary>
    /// <param name="changes">A query for tenant, id and version.</param>
    public static string Tell(string changes) => $"""
        told AS (
            SELECT pg_notify('{TaskChangeMessage.Channel}', string_agg(line, E'\n'))
            FROM (
                SELECT concat_ws(' ', tenant, id, version) AS line, (row_number() OVER () - 1) / {LinesPerMessage} AS message FROM ({changes}) changes
            ) lines
            GROUP BY message)
        """;

    /// <summary>The statement: a row for each step that won, with 0, and for each whose slot was taken, with that fence.</summary>
    public static string Commit(StepGroup group)
    {
        var parts = new List<string>();
        var next = 3;
        foreach (var rows in new ArrayRows[] { group.Changed }.Concat(group.Optional.Where(r => r.Count > 0)))
        {
            parts.Add(rows.Sql(next));
            next += rows.Columns;
        }

        var takes = group.Slots.Count > 0;
        if (takes)
        {
            parts.Add(UpstreamSql.Take);
        }

        parts.Add($"""
            won AS (
                UPDATE tasks t
                SET version = c.version, status = c.status, phase = c.phase, ended_at = c.ended_at, due_at = c.due_at, state = c.state,
                    queued = t.queued AND c.ended_at IS NULL
                FROM changed c
                WHERE t.id = c.id AND t.tenant = c.tenant AND t.month = c.month AND t.version = c.expected AND t.month BETWEEN $1 AND $2
                    {(takes ? "AND EXISTS (SELECT FROM locked l WHERE l.unit = c.unit) AND NOT EXISTS (SELECT FROM refused r WHERE r.unit = c.unit)" : "")}
                RETURNING c.unit, t.tenant, t.id, t.version)
            """);
        if (group.Events.Count > 0)
        {
            parts.Add(WriteEvents);
        }

        if (group.Freed.Count > 0)
        {
            parts.Add(UpstreamSql.Free);
        }

        if (group.Charges.Count > 0)
        {
            parts.Add(UpstreamSql.Charge);
        }

        parts.Add(Tell("SELECT tenant, id, version FROM won"));
        return $"""
            WITH {string.Join(",\n", parts)}
            SELECT unit, 0 AS fence FROM won{(takes ? $" UNION ALL SELECT unit, {(int)Fence.Slot} FROM refused" : "")} UNION ALL SELECT NULL, 0 FROM told
            """;
    }
}
