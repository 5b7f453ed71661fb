using System.Collections.Immutable;
using Platform.Domain.Tasks;
using Platform.Domain.Webhooks;

namespace Platform.Storage.Postgres.Webhooks;

/// <summary>The way of webhooks on PostgreSQL; each step is one statement.</summary>
internal sealed class PostgresWebhookDeliveries(PostgresEngine engine) : IWebhookDeliveries
{
    // What another transaction has in its hands is being taken: it is left alone.
    private const string ClaimOutboxSql = $"""
        WITH due AS (
            SELECT id, month FROM outbox WHERE due_at <= $1 ORDER BY due_at, position LIMIT $3 FOR UPDATE SKIP LOCKED),
        taken AS (
            UPDATE outbox o SET due_at = $2 FROM due WHERE o.id = due.id AND o.month = due.month
            RETURNING o.position, o.id, o.task_id, o.tenant, o.month, o.event_type, o.created_at)
        SELECT {PostgresTaskStore.Columns}, k.id, k.event_type, k.created_at
        FROM taken k JOIN tasks t ON t.id = k.task_id AND t.tenant = k.tenant AND t.month = k.month
        ORDER BY k.position
        """;

    private const string FanOutSql = $"""
        WITH done AS (
            UPDATE outbox SET due_at = NULL WHERE id = ANY($1) AND due_at IS NOT NULL RETURNING id),
        messages AS (
            {WebhookRows.InsertMessage}
            SELECT {WebhookRows.MessageValues} FROM json_to_recordset($2::json) {WebhookRows.MessageSet} WHERE m.fence IN (SELECT id FROM done)
            ON CONFLICT DO NOTHING),
        deliveries AS (
            {WebhookRows.InsertDelivery}
            SELECT {WebhookRows.DeliveryColumns} FROM json_to_recordset($3::json) {WebhookRows.DeliverySet} WHERE d.fence IN (SELECT id FROM done)
            ON CONFLICT DO NOTHING)
        SELECT COUNT(*) FROM done
        """;

    private const string EnqueueSql = $"""
        WITH messages AS (
            {WebhookRows.InsertMessage} SELECT {WebhookRows.MessageValues} FROM json_to_recordset($1::json) {WebhookRows.MessageSet}
            ON CONFLICT DO NOTHING)
        {WebhookRows.InsertDelivery} SELECT {WebhookRows.DeliveryColumns} FROM json_to_recordset($2::json) {WebhookRows.DeliverySet}
        ON CONFLICT DO NOTHING
        """;

    // From receiver to receiver, not from row to row: one that fails can have very many.
    private const string DueLanesSql = """
        WITH RECURSIVE lanes (lane) AS (
            SELECT MIN(lane) FROM webhook_deliveries WHERE due_at IS NOT NULL AND lane > $2
            UNION ALL
            SELECT (SELECT MIN(d.lane) FROM webhook_deliveries d WHERE d.due_at IS NOT NULL AND d.lane > lanes.lane)
            FROM lanes WHERE lanes.lane IS NOT NULL)
        SELECT lane FROM lanes
        WHERE lane IS NOT NULL AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.lane = lanes.lane AND d.due_at <= $1)
        LIMIT $3
        """;

    private const string ClaimLaneSql = $"""
        WITH due AS (
            SELECT id, due_at FROM webhook_deliveries WHERE lane = $1 AND due_at <= $2
            ORDER BY due_at, row_number LIMIT $4 FOR UPDATE SKIP LOCKED),
        taken AS (
            UPDATE webhook_deliveries w SET due_at = $3 FROM due WHERE w.id = due.id RETURNING w.*, due.due_at AS was_due)
        SELECT {WebhookRows.DeliveryColumns}, m.body, d.was_due
        FROM taken d JOIN webhook_messages m ON m.id = d.message_id ORDER BY d.was_due, d.row_number
        """;

    // Of a delivery that was discarded, or asked for again, meanwhile only the try is kept. 1 is pending, 2 has arrived.
    private const string RecordSql = $"""
        WITH r AS MATERIALIZED (
            SELECT * FROM json_to_recordset($1::json) AS r (
                delivery_id text, number int, at bigint, url text, outcome int, latency_ms bigint, status_code int, excerpt text, error text,
                retry_after bigint, status int, due_at bigint, attempts_before int, endpoint_id text)),
        tried AS (
            INSERT INTO webhook_attempts ({WebhookRows.AttemptColumns}) SELECT {WebhookRows.AttemptColumns} FROM r ON CONFLICT DO NOTHING),
        arrived AS (
            UPDATE webhook_deliveries d SET status = 2, due_at = NULL, attempts = GREATEST(d.attempts, r.number), url = r.url
            FROM r WHERE d.id = r.delivery_id AND r.status = 2),
        failed AS (
            UPDATE webhook_deliveries d SET
                attempts = r.number,
                url = r.url,
                status = CASE WHEN d.status = 1 AND d.attempts_before = r.attempts_before THEN r.status ELSE d.status END,
                due_at = CASE WHEN d.status = 1 AND d.attempts_before = r.attempts_before THEN r.due_at ELSE d.due_at END
            FROM r WHERE d.id = r.delivery_id AND r.status <> 2 AND d.attempts = r.number - 1),
        well AS (
            UPDATE webhook_endpoints SET failing_since = NULL
            WHERE failing_since IS NOT NULL AND id IN (SELECT r.endpoint_id FROM r WHERE r.status = 2)),
        ill AS (
            UPDATE webhook_endpoints e SET failing_since = f.at
            FROM (SELECT r.endpoint_id, MIN(r.at) AS at, BOOL_OR(r.status = 2) AS any_arrived FROM r GROUP BY r.endpoint_id) f
            WHERE e.id = f.endpoint_id AND NOT f.any_arrived AND e.failing_since IS NULL AND e.disabled_reason IS NULL)
        SELECT 1
        """;

    private const string DisableSql = $"""
        WITH off AS (
            UPDATE webhook_endpoints SET disabled_reason = $2, disabled_at = $3, version = version + 1
            WHERE id = $1 AND disabled_reason IS NULL RETURNING id, tenant),
        discarded AS (
            UPDATE webhook_deliveries d SET status = 4, due_at = NULL FROM off
            WHERE d.lane = off.tenant || '/' || off.id AND d.due_at IS NOT NULL),
        messages AS (
            {WebhookRows.InsertMessage}
            SELECT {WebhookRows.MessageValues} FROM json_to_recordset($4::json) {WebhookRows.MessageSet} WHERE EXISTS (SELECT 1 FROM off)
            ON CONFLICT DO NOTHING),
        deliveries AS (
            {WebhookRows.InsertDelivery}
            SELECT {WebhookRows.DeliveryColumns} FROM json_to_recordset($5::json) {WebhookRows.DeliverySet} WHERE EXISTS (SELECT 1 FROM off)
            ON CONFLICT DO NOTHING)
        SELECT COUNT(*) FROM off
        """;

    private const string PurgeSql = """
        WITH old AS MATERIALIZED (
            SELECT m.id FROM webhook_messages m
            WHERE m.created_at < $1
              AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.message_id = m.id AND d.due_at IS NOT NULL)
            ORDER BY m.created_at LIMIT $2),
        deliveries AS (
            DELETE FROM webhook_deliveries WHERE message_id IN (SELECT id FROM old) RETURNING id),
        attempts AS (
            DELETE FROM webhook_attempts WHERE delivery_id IN (SELECT id FROM deliveries)),
        messages AS (
            DELETE FROM webhook_messages WHERE id IN (SELECT id FROM old) RETURNING id)
        SELECT COUNT(*) FROM messages
        """;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OutboxItem>> ClaimOutboxAsync(
        DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken)
    {
        // A look costs no flush; most looks find nothing.
        if (!await engine.AnyAsync(new PostgresStatement("SELECT 1 FROM outbox WHERE due_at <= $1 LIMIT 1").Bind(now), cancellationToken))
        {
            return [];
        }

        return await engine.WriteAsync(
            new PostgresStatement(ClaimOutboxSql).Bind(now).Bind(leaseUntil).Bind(limit),
            static row => new OutboxItem(
                new(row.Text(6), new TaskId(row.Text(1)), row.Text(7), row.Time(8)), PostgresTaskStore.ReadTask(row)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<int> FanOutAsync(IReadOnlyCollection<FannedOut> messages, CancellationToken cancellationToken) =>
        await CountAsync(
            new PostgresStatement(FanOutSql)
                .Bind([.. messages.Select(m => m.OutboxId).Distinct(StringComparer.Ordinal)])
                .Bind(WebhookRows.Array(messages.Where(m => m.Message is not null).Select(m => WebhookRows.Of(m.Message!, m.OutboxId))))
                .Bind(WebhookRows.Array(messages.SelectMany(m => m.Deliveries.Select(d => WebhookRows.Of(d, m.OutboxId))))),
            cancellationToken);

    /// <inheritdoc/>
    public Task EnqueueAsync(WebhookMessage message, ImmutableArray<WebhookDelivery> deliveries, CancellationToken cancellationToken) =>
        engine.ExecuteAsync(
            new PostgresStatement(EnqueueSql)
                .Bind(WebhookRows.Array([WebhookRows.Of(message, message.Id)]))
                .Bind(WebhookRows.Array(deliveries.Select(d => WebhookRows.Of(d, message.Id)))),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindDueLanesAsync(DateTimeOffset now, string? after, int limit, CancellationToken cancellationToken) =>
        await engine.AllAsync(
            new PostgresStatement(DueLanesSql).Bind(now).Bind(after ?? "").Bind(limit), static row => row.Text(0), cancellationToken);

    /// <inheritdoc/>
    public async Task<ClaimedLane> ClaimLaneAsync(
        string lane, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken)
    {
        var tenant = DeliveryLane.TenantOf(lane);
        WebhookEndpoint? endpoint = null;
        if (DeliveryLane.EndpointOf(lane) is { } id)
        {
            endpoint = await engine.FirstAsync(PostgresWebhookEndpoints.Find(tenant, id), WebhookRows.ReadEndpoint, cancellationToken);
            if (endpoint is not { IsEnabled: true })
            {
                // It was disabled or removed while a message was fanned out to it.
                await engine.ExecuteAsync(
                    new PostgresStatement("UPDATE webhook_deliveries SET status = 4, due_at = NULL WHERE lane = $1 AND due_at IS NOT NULL").Bind(lane),
                    cancellationToken);
                return ClaimedLane.Nothing;
            }
        }

        // Where nothing is due it changes nothing, and costs no flush.
        var claimed = await engine.WriteAsync(
            new PostgresStatement(ClaimLaneSql).Bind(lane).Bind(now).Bind(leaseUntil).Bind(limit),
            static row => new ClaimedDelivery(WebhookRows.ReadDelivery(row), row.Text(14)),
            cancellationToken);
        if (claimed.Count == 0)
        {
            return ClaimedLane.Nothing;
        }

        var secrets = await engine.AllAsync(
            PostgresWebhookEndpoints.ListSecrets(tenant, endpoint?.Id ?? WebhookSecret.OfCallbacks, now), WebhookRows.ReadSecret, cancellationToken);
        return new(
            [.. claimed.Select(c => c with { Delivery = c.Delivery with { Url = endpoint?.Url ?? c.Delivery.Url } })],
            endpoint,
            [.. secrets.Select(s => s.Sealed)]);
    }

    /// <inheritdoc/>
    public async Task RecordAsync(IReadOnlyCollection<DeliveryRecord> records, CancellationToken cancellationToken)
    {
        // A statement changes a row once: tries of one delivery that meet in a group go one after the other.
        var left = records.ToList();
        while (left.Count > 0)
        {
            var group = left.DistinctBy(r => r.Attempt.DeliveryId, StringComparer.Ordinal).ToList();
            await engine.ExecuteAsync(new PostgresStatement(RecordSql).Bind(WebhookRows.Array(group.Select(WebhookRows.Of))), cancellationToken);
            left = [.. left.Except(group)];
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DisableAsync(EndpointDisabling disabling, CancellationToken cancellationToken) =>
        await CountAsync(
            new PostgresStatement(DisableSql)
                .Bind(disabling.EndpointId)
                .Bind((int)disabling.Reason)
                .Bind(disabling.At)
                .Bind(WebhookRows.Array(disabling.Told is { } told ? [WebhookRows.Of(told, told.Id)] : []))
                .Bind(WebhookRows.Array(disabling.Deliveries.Select(d => WebhookRows.Of(d, d.MessageId)))),
            cancellationToken) == 1;

    /// <inheritdoc/>
    public Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        CountAsync(new PostgresStatement(PurgeSql).Bind(before).Bind(limit), cancellationToken);

    private async Task<int> CountAsync(PostgresStatement statement, CancellationToken cancellationToken) =>
        (int)(await engine.WriteAsync(statement, static row => row.Int64(0), cancellationToken))[0];
}
