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

    /// <summary>The statement: a row for each step that won.</summary>
    public static string Commit(StepGroup group)
    {
        var events = group.Events.Count == 0 ? "" : $"{group.Events.Sql(3 + group.Changed.Columns)},";
        return $"""
            WITH {group.Changed.Sql(3)}, {events}
            won AS (
                UPDATE tasks t
                SET version = c.version, status = c.status, phase = c.phase, ended_at = c.ended_at, due_at = c.due_at, state = c.state,
                    queued = t.queued AND c.ended_at IS NULL
                FROM changed c
                WHERE t.id = c.id AND t.tenant = c.tenant AND t.month = c.month AND t.version = c.expected AND t.month BETWEEN $1 AND $2
                RETURNING c.unit, t.tenant, t.id, t.version),
            {(group.Events.Count == 0 ? "" : $"{WriteEvents},")}
            {Tell("SELECT tenant, id, version FROM won")}
            SELECT unit FROM won UNION ALL SELECT NULL FROM told
            """;
    }
}
