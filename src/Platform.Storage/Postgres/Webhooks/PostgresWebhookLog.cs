using Npgsql;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Storage.Postgres.Webhooks;

/// <summary>The log of deliveries on PostgreSQL.</summary>
internal sealed class PostgresWebhookLog(PostgresEngine engine) : IWebhookLog
{
    // What has the schedule begin anew; 1 is pending.
    private const string AnewSql = """
        UPDATE webhook_deliveries SET status = 1, due_at = $1,
            scheduled_from = CASE WHEN status = 1 THEN scheduled_from ELSE $1 END,
            attempts_before = CASE WHEN status = 1 THEN attempts_before ELSE attempts END
        """;

    private const string ReachableSql =
        "(endpoint_id IS NULL OR EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.id = endpoint_id AND e.disabled_reason IS NULL))";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LoggedDelivery>> ListDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        await engine.SnapshotAsync(connection => WithAttemptsAsync(connection, List(query), cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public async Task<LoggedDelivery?> FindDeliveryAsync(TenantId tenant, string id, CancellationToken cancellationToken)
    {
        var find = new PostgresStatement($"SELECT {WebhookRows.DeliveryColumns} FROM webhook_deliveries d WHERE d.id = $1 AND d.tenant = $2")
            .Bind(id)
            .Bind(tenant.Value);
        var found = await engine.SnapshotAsync(connection => WithAttemptsAsync(connection, find, cancellationToken), cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    /// <inheritdoc/>
    public async Task<bool> RedeliverAsync(TenantId tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await engine.ExecuteAsync(
            new PostgresStatement($"{AnewSql} WHERE id = $2 AND tenant = $3 AND {ReachableSql}").Bind(now).Bind(id).Bind(tenant.Value),
            cancellationToken) == 1;

    /// <inheritdoc/>
    public Task<int> RedeliverSinceAsync(
        TenantId tenant, string endpointId, DateTimeOffset since, bool alsoSucceeded, DateTimeOffset now, CancellationToken cancellationToken) =>
        engine.ExecuteAsync(
            new PostgresStatement($"{AnewSql} WHERE endpoint_id = $2 AND tenant = $3 AND created_at >= $4 AND ($5 OR status <> 2) AND {ReachableSql}")
                .Bind(now)
                .Bind(endpointId)
                .Bind(tenant.Value)
                .Bind(since)
                .Bind(alsoSucceeded),
            cancellationToken);

    private static PostgresStatement List(DeliveryQuery query)
    {
        var parameters = new PostgresQuery();
        List<string> where = [$"d.tenant = {parameters.Parameter(s => s.Bind(query.Tenant.Value))}"];
        if (query.After is { } after)
        {
            where.Add($"(d.created_at, d.id) < ({parameters.Parameter(s => s.Bind(after.CreatedAt))}, {parameters.Parameter(s => s.Bind(after.Id))})");
        }

        if (query.EndpointId is { } endpoint)
        {
            where.Add($"d.endpoint_id = {parameters.Parameter(s => s.Bind(endpoint))}");
        }

        if (query.CallbacksOnly)
        {
            where.Add("d.endpoint_id IS NULL");
        }

        if (query.TaskId is { } task)
        {
            where.Add($"d.task_id = {parameters.Parameter(s => s.Bind(task.Value))}");
        }

        if (query.Status is { } status)
        {
            where.Add($"d.status = {parameters.Parameter(s => s.Bind((int)status))}");
        }

        if (query.EventType is { } type)
        {
            where.Add($"d.event_type = {parameters.Parameter(s => s.Bind(type))}");
        }

        if (query.From is { } from)
        {
            where.Add($"d.created_at >= {parameters.Parameter(s => s.Bind(from))}");
        }

        if (query.To is { } to)
        {
            where.Add($"d.created_at < {parameters.Parameter(s => s.Bind(to))}");
        }

        var limit = parameters.Parameter(s => s.Bind(query.Limit));
        return parameters.Statement($"""
            SELECT {WebhookRows.DeliveryColumns} FROM webhook_deliveries d WHERE {string.Join(" AND ", where)}
            ORDER BY d.created_at DESC, d.id DESC LIMIT {limit}
            """);
    }

    private static async Task<IReadOnlyList<LoggedDelivery>> WithAttemptsAsync(
        NpgsqlConnection connection, PostgresStatement find, CancellationToken cancellationToken)
    {
        var deliveries = await PostgresEngine.AllAsync(connection, find, WebhookRows.ReadDelivery, cancellationToken);
        if (deliveries.Count == 0)
        {
            return [];
        }

        var attempts = await PostgresEngine.AllAsync(
            connection,
            new PostgresStatement($"SELECT {WebhookRows.AttemptColumns} FROM webhook_attempts WHERE delivery_id = ANY($1) ORDER BY delivery_id, number")
                .Bind([.. deliveries.Select(d => d.Id)]),
            WebhookRows.ReadAttempt,
            cancellationToken);
        var byDelivery = attempts.ToLookup(a => a.DeliveryId, StringComparer.Ordinal);
        return deliveries.ConvertAll(d => new LoggedDelivery(d, [.. byDelivery[d.Id]]));
    }
}
