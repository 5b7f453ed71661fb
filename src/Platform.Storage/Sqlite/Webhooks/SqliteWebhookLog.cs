using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Storage.Sqlite.Webhooks;

/// <summary>The log of deliveries on SQLite.</summary>
internal sealed class SqliteWebhookLog(SqliteEngine engine) : IWebhookLog
{
    // What has the schedule begin anew.
    private const string AnewSql = """
        UPDATE webhook_deliveries SET status = 1, due_at = ?1,
            scheduled_from = CASE WHEN status = 1 THEN scheduled_from ELSE ?1 END,
            attempts_before = CASE WHEN status = 1 THEN attempts_before ELSE attempts END
        """;

    private const string ReachableSql =
        "(endpoint_id IS NULL OR EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.id = endpoint_id AND e.disabled_reason IS NULL))";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LoggedDelivery>> ListDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        await engine.ReadAsync(query, static (database, wanted) => database.Snapshot(wanted, List), cancellationToken);

    /// <inheritdoc/>
    public Task<LoggedDelivery?> FindDeliveryAsync(TenantId tenant, string id, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            (tenant, id),
            static (database, wanted) => database.Snapshot(wanted, static (database, wanted) => database
                .Prepare($"SELECT {WebhookRows.DeliveryColumns} FROM webhook_deliveries d WHERE d.id = ?1 AND d.tenant = ?2")
                .Bind(1, wanted.id)
                .Bind(2, wanted.tenant.Value)
                .First(WebhookRows.ReadDelivery) is { } delivery ? WithAttempts(database, delivery) : null),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RedeliverAsync(TenantId tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare($"{AnewSql} WHERE id = ?2 AND tenant = ?3 AND {ReachableSql}")
                .Bind(1, now)
                .Bind(2, id)
                .Bind(3, tenant.Value)
                .Execute() == 1,
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> RedeliverSinceAsync(
        TenantId tenant, string endpointId, DateTimeOffset since, bool alsoSucceeded, DateTimeOffset now, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare($"""
                    {AnewSql}
                    WHERE endpoint_id = ?2 AND tenant = ?3 AND created_at >= ?4 AND (?5 OR status <> 2) AND {ReachableSql}
                    """)
                .Bind(1, now)
                .Bind(2, endpointId)
                .Bind(3, tenant.Value)
                .Bind(4, since)
                .Bind(5, alsoSucceeded)
                .Execute(),
            cancellationToken);

    private static List<LoggedDelivery> List(SqliteConnection database, DeliveryQuery query) => database
        .Prepare($"""
            SELECT {WebhookRows.DeliveryColumns} FROM webhook_deliveries d
            WHERE d.tenant = ?1
            {(query.After is null ? "" : "AND (d.created_at, d.id) < (?2, ?3)")}
            {(query.EndpointId is null ? "" : "AND d.endpoint_id = ?4")}
            {(query.CallbacksOnly ? "AND d.endpoint_id IS NULL" : "")}
            {(query.TaskId is null ? "" : "AND d.task_id = ?5")}
            {(query.Status is null ? "" : "AND d.status = ?6")}
            {(query.EventType is null ? "" : "AND d.event_type = ?7")}
            {(query.From is null ? "" : "AND d.created_at >= ?8")}
            {(query.To is null ? "" : "AND d.created_at < ?9")}
            ORDER BY d.created_at DESC, d.id DESC LIMIT ?10
            """)
        .Bind(1, query.Tenant.Value)
        .BindIf(query.After is not null, 2, query.After?.CreatedAt)
        .BindIf(query.After is not null, 3, query.After?.Id)
        .BindIf(query.EndpointId is not null, 4, query.EndpointId)
        .BindIf(query.TaskId is not null, 5, query.TaskId?.Value)
        .BindIf(query.Status is not null, 6, (long?)query.Status)
        .BindIf(query.EventType is not null, 7, query.EventType)
        .BindIf(query.From is not null, 8, query.From)
        .BindIf(query.To is not null, 9, query.To)
        .Bind(10, query.Limit)
        .All(WebhookRows.ReadDelivery)
        .ConvertAll(delivery => WithAttempts(database, delivery));

    private static LoggedDelivery WithAttempts(SqliteConnection database, WebhookDelivery delivery) => new(
        delivery,
        database
            .Prepare($"SELECT {WebhookRows.AttemptColumns} FROM webhook_attempts WHERE delivery_id = ?1 ORDER BY number")
            .Bind(1, delivery.Id)
            .All(WebhookRows.ReadAttempt));
}
