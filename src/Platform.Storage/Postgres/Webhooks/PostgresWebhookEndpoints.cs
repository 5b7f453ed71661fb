using Npgsql;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;
using Platform.Storage.Webhooks;

namespace Platform.Storage.Postgres.Webhooks;

/// <summary>The register of endpoints and secrets on PostgreSQL.</summary>
internal sealed class PostgresWebhookEndpoints(PostgresEngine engine) : IWebhookEndpointStore
{
    private const string SecretColumns = "id, tenant, owner, sealed, created_at, valid_until";

    private const string InsertSecretSql = $"INSERT INTO webhook_secrets ({SecretColumns}) VALUES ($1, $2, $3, $4, $5, $6)";

    /// <inheritdoc/>
    public async Task<bool> AddEndpointAsync(WebhookEndpoint endpoint, WebhookSecret secret, int most, CancellationToken cancellationToken) =>
        await InTurnAsync(
            endpoint.Tenant,
            cancellationToken,
            new PostgresStatement($"""
                WITH added AS (
                    INSERT INTO webhook_endpoints ({WebhookRows.EndpointColumns})
                    SELECT $1, $2, $3, $4, $5, $6, $7::integer, $8, $9, $10
                    WHERE (SELECT COUNT(*) FROM webhook_endpoints WHERE tenant = $2) < $11
                    RETURNING id)
                INSERT INTO webhook_secrets ({SecretColumns}) SELECT $12, $2, added.id, $13, $14, NULL FROM added
                """)
                .Bind(endpoint.Id)
                .Bind(endpoint.Tenant.Value)
                .Bind(endpoint.Version)
                .Bind(endpoint.Url)
                .Bind(endpoint.Description)
                .Bind(EventList.Write(endpoint.Events))
                .Bind((decimal?)endpoint.DisabledReason)
                .Bind(endpoint.DisabledAt)
                .Bind(endpoint.FailingSince)
                .Bind(endpoint.CreatedAt)
                .Bind(most)
                .Bind(secret.Id)
                .Bind(secret.Sealed)
                .Bind(secret.CreatedAt)) == 1;

    /// <inheritdoc/>
    public Task<WebhookEndpoint?> FindEndpointAsync(TenantId tenant, string id, CancellationToken cancellationToken) =>
        engine.FirstAsync(Find(tenant, id), WebhookRows.ReadEndpoint, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListEndpointsAsync(
        IReadOnlyCollection<TenantId> tenants, CancellationToken cancellationToken) =>
        await engine.AllAsync(
            new PostgresStatement($"SELECT {WebhookRows.EndpointColumns} FROM webhook_endpoints WHERE tenant = ANY($1) ORDER BY tenant, created_at, id")
                .Bind([.. tenants.Select(t => t.Value)]),
            WebhookRows.ReadEndpoint,
            cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> UpdateEndpointAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken) =>
        (await engine.WriteAsync(
            new PostgresStatement("""
                WITH changed AS (
                    UPDATE webhook_endpoints SET
                        version = $3, url = $4, description = $5, events = $6,
                        failing_since = CASE WHEN disabled_reason IS NOT NULL AND $7::integer IS NULL THEN NULL ELSE failing_since END,
                        disabled_reason = $7::integer, disabled_at = $8
                    WHERE id = $1 AND tenant = $2 AND version = $3 - 1
                    RETURNING id),
                discarded AS (
                    UPDATE webhook_deliveries SET status = 4, due_at = NULL
                    WHERE lane = $9 AND due_at IS NOT NULL AND $7::integer IS NOT NULL AND EXISTS (SELECT 1 FROM changed))
                SELECT id FROM changed
                """)
                .Bind(endpoint.Id)
                .Bind(endpoint.Tenant.Value)
                .Bind(endpoint.Version)
                .Bind(endpoint.Url)
                .Bind(endpoint.Description)
                .Bind(EventList.Write(endpoint.Events))
                .Bind((decimal?)endpoint.DisabledReason)
                .Bind(endpoint.DisabledAt)
                .Bind(DeliveryLane.OfEndpoint(endpoint.Tenant, endpoint.Id)),
            static row => row.Text(0),
            cancellationToken)).Count == 1;

    /// <inheritdoc/>
    public async Task<bool> RemoveEndpointAsync(TenantId tenant, string id, CancellationToken cancellationToken) =>
        (await engine.WriteAsync(
            new PostgresStatement("""
                WITH removed AS (
                    DELETE FROM webhook_endpoints WHERE id = $1 AND tenant = $2 RETURNING id),
                secrets AS (
                    DELETE FROM webhook_secrets WHERE tenant = $2 AND owner IN (SELECT id FROM removed)),
                discarded AS (
                    UPDATE webhook_deliveries SET status = 4, due_at = NULL
                    WHERE lane = $3 AND due_at IS NOT NULL AND EXISTS (SELECT 1 FROM removed))
                SELECT id FROM removed
                """)
                .Bind(id)
                .Bind(tenant.Value)
                .Bind(DeliveryLane.OfEndpoint(tenant, id)),
            static row => row.Text(0),
            cancellationToken)).Count == 1;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WebhookSecret>> ListSecretsAsync(
        TenantId tenant, string owner, DateTimeOffset now, CancellationToken cancellationToken) =>
        await engine.AllAsync(ListSecrets(tenant, owner, now), WebhookRows.ReadSecret, cancellationToken);

    /// <inheritdoc/>
    public Task RotateSecretAsync(WebhookSecret secret, DateTimeOffset othersUntil, CancellationToken cancellationToken) =>
        InTurnAsync(
            secret.Tenant,
            cancellationToken,
            new PostgresStatement("""
                UPDATE webhook_secrets SET valid_until = LEAST(COALESCE(valid_until, $3), $3)
                WHERE tenant = $1 AND owner = $2 AND (valid_until IS NULL OR valid_until > $3)
                """)
                .Bind(secret.Tenant.Value)
                .Bind(secret.Owner)
                .Bind(othersUntil),

            // What has ended, or is one too many, is of no use to anybody any more.
            new PostgresStatement("DELETE FROM webhook_secrets WHERE tenant = $1 AND owner = $2 AND valid_until <= $3")
                .Bind(secret.Tenant.Value)
                .Bind(secret.Owner)
                .Bind(secret.CreatedAt),
            new PostgresStatement("""
                DELETE FROM webhook_secrets WHERE id IN (
                    SELECT id FROM webhook_secrets WHERE tenant = $1 AND owner = $2 ORDER BY created_at DESC, id DESC OFFSET $3)
                """)
                .Bind(secret.Tenant.Value)
                .Bind(secret.Owner)
                .Bind(WebhookSecret.MaxValid - 1),
            Insert(InsertSecretSql, secret));

    /// <inheritdoc/>
    public Task EnsureSecretAsync(WebhookSecret secret, CancellationToken cancellationToken) =>
        InTurnAsync(
            secret.Tenant,
            cancellationToken,
            Insert(
                $"""
                INSERT INTO webhook_secrets ({SecretColumns}) SELECT $1, $2, $3, $4, $5, $6
                WHERE NOT EXISTS (
                    SELECT 1 FROM webhook_secrets WHERE tenant = $2 AND owner = $3 AND (valid_until IS NULL OR valid_until > $5))
                """,
                secret));

    /// <summary>Finds an endpoint of a tenant.</summary>
    public static PostgresStatement Find(TenantId tenant, string id) =>
        new PostgresStatement($"SELECT {WebhookRows.EndpointColumns} FROM webhook_endpoints WHERE id = $1 AND tenant = $2")
            .Bind(id)
            .Bind(tenant.Value);

    /// <summary>Finds the secrets of an owner that are good, the newest first.</summary>
    public static PostgresStatement ListSecrets(TenantId tenant, string owner, DateTimeOffset now) =>
        new PostgresStatement($"""
            SELECT {SecretColumns} FROM webhook_secrets
            WHERE tenant = $1 AND owner = $2 AND (valid_until IS NULL OR valid_until > $3)
            ORDER BY valid_until IS NOT NULL, created_at DESC, id DESC
            """)
            .Bind(tenant.Value)
            .Bind(owner)
            .Bind(now);

    private static PostgresStatement Insert(string sql, WebhookSecret secret) => new PostgresStatement(sql)
        .Bind(secret.Id)
        .Bind(secret.Tenant.Value)
        .Bind(secret.Owner)
        .Bind(secret.Sealed)
        .Bind(secret.CreatedAt)
        .Bind(secret.ValidUntil);

    /// <summary>Runs statements in one transaction, one tenant's after another's; returns how many rows the last changed.</summary>
    private async Task<int> InTurnAsync(TenantId tenant, CancellationToken cancellationToken, params PostgresStatement[] statements)
    {
        await using var connection = await engine.OpenAsync(cancellationToken);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await using (var turn = new PostgresStatement("SELECT pg_advisory_xact_lock(hashtextextended('webhooks ' || $1, 0))").Bind(tenant.Value).On(connection))
            {
                await turn.ExecuteNonQueryAsync(CancellationToken.None);
            }

            var changed = 0;
            foreach (var statement in statements)
            {
                await using var command = statement.On(connection);
                changed = await command.ExecuteNonQueryAsync(CancellationToken.None);
            }

            await transaction.CommitAsync(CancellationToken.None);
            return changed;
        }
        catch (NpgsqlException failure)
        {
            throw PostgresEngine.Failed(failure);
        }
    }
}
