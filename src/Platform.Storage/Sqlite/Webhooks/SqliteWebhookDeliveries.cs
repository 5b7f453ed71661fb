using System.Collections.Immutable;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Storage.Sqlite.Webhooks;

/// <summary>The way of webhooks on SQLite.</summary>
internal sealed class SqliteWebhookDeliveries(SqliteEngine engine) : IWebhookDeliveries
{
    private const string OutboxSql = $"""
        SELECT t.tenant, t.id, t.version, t.created_at, t.ended_at, t.state, o.id, o.event_type, o.created_at
        FROM outbox o JOIN tasks t ON t.id = o.task_id AND t.tenant = o.tenant
        WHERE o.due_at <= ?1 ORDER BY o.due_at, o.position LIMIT ?2
        """;

    private const string LaneSql = $"""
        SELECT {WebhookRows.DeliveryColumns}, m.body
        FROM webhook_deliveries d JOIN webhook_messages m ON m.id = d.message_id
        WHERE d.lane = ?1 AND d.due_at <= ?2 ORDER BY d.due_at, d.row_number LIMIT ?3
        """;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OutboxItem>> ClaimOutboxAsync(
        DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken)
    {
        // A look costs no flush; most looks find nothing.
        var anyDue = await engine.ReadAsync(
            now,
            static (database, now) => database.Prepare("SELECT 1 FROM outbox WHERE due_at <= ?1 LIMIT 1").Bind(1, now).Any(),
            cancellationToken);
        return anyDue
            ? await engine.WriteAsync(database => ClaimOutbox(database, now, leaseUntil, limit), cancellationToken)
            : [];
    }

    /// <inheritdoc/>
    public async Task<int> FanOutAsync(IReadOnlyCollection<FannedOut> messages, CancellationToken cancellationToken) =>
        await engine.WriteAsync(
            database =>
            {
                var count = 0;
                foreach (var fanned in messages)
                {
                    var first = database
                        .Prepare("UPDATE outbox SET due_at = NULL WHERE id = ?1 AND due_at IS NOT NULL")
                        .Bind(1, fanned.OutboxId)
                        .Execute() == 1;
                    if (first && fanned.Message is { } message)
                    {
                        WebhookRows.Insert(database, message, fanned.Deliveries);
                    }

                    count += first ? 1 : 0;
                }

                return count;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task EnqueueAsync(WebhookMessage message, ImmutableArray<WebhookDelivery> deliveries, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database =>
            {
                WebhookRows.Insert(database, message, deliveries);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FindDueLanesAsync(DateTimeOffset now, string? after, int limit, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            (now, after, limit),
            static (database, wanted) => database

                // From receiver to receiver, not from row to row: one that fails can have very many.
                .Prepare("""
                    WITH RECURSIVE lanes (lane) AS (
                        SELECT MIN(lane) FROM webhook_deliveries WHERE due_at IS NOT NULL AND lane > ?2
                        UNION ALL
                        SELECT (SELECT MIN(d.lane) FROM webhook_deliveries d WHERE d.due_at IS NOT NULL AND d.lane > lanes.lane)
                        FROM lanes WHERE lanes.lane IS NOT NULL)
                    SELECT lane FROM lanes
                    WHERE lane IS NOT NULL AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.lane = lanes.lane AND d.due_at <= ?1)
                    LIMIT ?3
                    """)
                .Bind(1, wanted.now)
                .Bind(2, wanted.after ?? "")
                .Bind(3, wanted.limit)
                .All(static row => row.Text(0)),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<ClaimedLane> ClaimLaneAsync(
        string lane, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken)
    {
        var anyDue = await engine.ReadAsync(
            (lane, now),
            static (database, wanted) => database
                .Prepare("SELECT 1 FROM webhook_deliveries WHERE lane = ?1 AND due_at <= ?2 LIMIT 1")
                .Bind(1, wanted.lane)
                .Bind(2, wanted.now)
                .Any(),
            cancellationToken);
        return anyDue
            ? await engine.WriteAsync(database => ClaimLane(database, lane, now, leaseUntil, limit), cancellationToken)
            : ClaimedLane.Nothing;
    }

    /// <inheritdoc/>
    public Task RecordAsync(IReadOnlyCollection<DeliveryRecord> records, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database =>
            {
                foreach (var record in records)
                {
                    Record(database, record);
                }

                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DisableAsync(EndpointDisabling disabling, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database =>
            {
                var tenant = database
                    .Prepare("""
                        UPDATE webhook_endpoints SET disabled_reason = ?2, disabled_at = ?3, version = version + 1
                        WHERE id = ?1 AND disabled_reason IS NULL RETURNING tenant
                        """)
                    .Bind(1, disabling.EndpointId)
                    .Bind(2, (int)disabling.Reason)
                    .Bind(3, disabling.At)
                    .First(static row => row.Text(0));
                if (tenant is null)
                {
                    return false;
                }

                WebhookRows.Discard(database, DeliveryLane.OfEndpoint(new TenantId(tenant), disabling.EndpointId));
                if (disabling.Told is { } message)
                {
                    WebhookRows.Insert(database, message, disabling.Deliveries);
                }

                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database =>
            {
                var messages = database
                    .Prepare("""
                        SELECT m.id FROM webhook_messages m
                        WHERE m.created_at < ?1
                          AND NOT EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.message_id = m.id AND d.due_at IS NOT NULL)
                        ORDER BY m.created_at LIMIT ?2
                        """)
                    .Bind(1, before)
                    .Bind(2, limit)
                    .All(static row => row.Text(0));
                foreach (var message in messages)
                {
                    database
                        .Prepare("DELETE FROM webhook_attempts WHERE delivery_id IN (SELECT id FROM webhook_deliveries WHERE message_id = ?1)")
                        .Bind(1, message)
                        .Execute();
                    database.Prepare("DELETE FROM webhook_deliveries WHERE message_id = ?1").Bind(1, message).Execute();
                    database.Prepare("DELETE FROM webhook_messages WHERE id = ?1").Bind(1, message).Execute();
                }

                return messages.Count;
            },
            cancellationToken);

    private static List<OutboxItem> ClaimOutbox(SqliteConnection database, DateTimeOffset now, DateTimeOffset leaseUntil, int limit)
    {
        var items = database
            .Prepare(OutboxSql)
            .Bind(1, now)
            .Bind(2, limit)
            .All(static row => new OutboxItem(
                new(row.Text(6), new TaskId(row.Text(1)), row.Text(7), row.Time(8)), SqliteTaskStore.ReadTask(row)));
        foreach (var item in items)
        {
            database.Prepare("UPDATE outbox SET due_at = ?2 WHERE id = ?1").Bind(1, item.Message.Id).Bind(2, leaseUntil).Execute();
        }

        return items;
    }

    private static ClaimedLane ClaimLane(SqliteConnection database, string lane, DateTimeOffset now, DateTimeOffset leaseUntil, int limit)
    {
        var tenant = DeliveryLane.TenantOf(lane);
        WebhookEndpoint? endpoint = null;
        if (DeliveryLane.EndpointOf(lane) is { } id)
        {
            endpoint = SqliteWebhookEndpoints.Find(database, tenant, id);
            if (endpoint is not { IsEnabled: true })
            {
                // It was disabled or removed while a message was fanned out to it.
                WebhookRows.Discard(database, lane);
                return ClaimedLane.Nothing;
            }
        }

        var claimed = database
            .Prepare(LaneSql)
            .Bind(1, lane)
            .Bind(2, now)
            .Bind(3, limit)
            .All(static row => new ClaimedDelivery(WebhookRows.ReadDelivery(row), row.Text(14)));
        foreach (var claim in claimed)
        {
            database.Prepare("UPDATE webhook_deliveries SET due_at = ?2 WHERE id = ?1").Bind(1, claim.Delivery.Id).Bind(2, leaseUntil).Execute();
        }

        var secrets = SqliteWebhookEndpoints.ListSecrets(database, tenant, endpoint?.Id ?? WebhookSecret.OfCallbacks, now);
        return new(
            [.. claimed.Select(c => c with { Delivery = c.Delivery with { Url = endpoint?.Url ?? c.Delivery.Url } })],
            endpoint,
            [.. secrets.Select(s => s.Sealed)]);
    }

    private static void Record(SqliteConnection database, DeliveryRecord record)
    {
        WebhookRows.Insert(database, record.Attempt);
        var endpoint = record.Delivery.EndpointId;
        if (record.Status == DeliveryStatus.Succeeded)
        {
            database
                .Prepare("UPDATE webhook_deliveries SET status = ?2, due_at = NULL, attempts = MAX(attempts, ?3), url = ?4 WHERE id = ?1")
                .Bind(1, record.Delivery.Id)
                .Bind(2, (int)DeliveryStatus.Succeeded)
                .Bind(3, record.Attempt.Number)
                .Bind(4, record.Attempt.Url)
                .Execute();
            if (endpoint is not null)
            {
                database
                    .Prepare("UPDATE webhook_endpoints SET failing_since = NULL WHERE id = ?1 AND failing_since IS NOT NULL")
                    .Bind(1, endpoint)
                    .Execute();
            }

            return;
        }

        // Of a delivery that was discarded, or asked for again, meanwhile only the try is kept.
        database
            .Prepare("""
                UPDATE webhook_deliveries SET
                    attempts = ?2,
                    url = ?3,
                    status = CASE WHEN status = 1 AND attempts_before = ?4 THEN ?5 ELSE status END,
                    due_at = CASE WHEN status = 1 AND attempts_before = ?4 THEN ?6 ELSE due_at END
                WHERE id = ?1 AND attempts = ?2 - 1
                """)
            .Bind(1, record.Delivery.Id)
            .Bind(2, record.Attempt.Number)
            .Bind(3, record.Attempt.Url)
            .Bind(4, record.Delivery.AttemptsBefore)
            .Bind(5, (int)record.Status)
            .Bind(6, record.DueAt)
            .Execute();
        if (endpoint is not null)
        {
            database
                .Prepare("UPDATE webhook_endpoints SET failing_since = ?2 WHERE id = ?1 AND failing_since IS NULL AND disabled_reason IS NULL")
                .Bind(1, endpoint)
                .Bind(2, record.Attempt.At)
                .Execute();
        }
    }
}
