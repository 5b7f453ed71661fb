using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;
using Platform.Storage.Webhooks;

namespace Platform.Storage.Sqlite.Webhooks;

/// <summary>The register of endpoints and secrets on SQLite.</summary>
internal sealed class SqliteWebhookEndpoints(SqliteEngine engine) : IWebhookEndpointStore
{
    /// <inheritdoc/>
    public Task<bool> AddEndpointAsync(WebhookEndpoint endpoint, WebhookSecret secret, int most, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database =>
            {
                var added = database
                    .Prepare($"""
                        INSERT INTO webhook_endpoints ({WebhookRows.EndpointColumns})
                        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
                        WHERE (SELECT COUNT(*) FROM webhook_endpoints WHERE tenant = ?2) < ?11
                        """)
                    .Bind(1, endpoint.Id)
                    .Bind(2, endpoint.Tenant.Value)
                    .Bind(3, endpoint.Version)
                    .Bind(4, endpoint.Url)
                    .Bind(5, endpoint.Description)
                    .Bind(6, EventList.Write(endpoint.Events))
                    .Bind(7, (long?)endpoint.DisabledReason)
                    .Bind(8, endpoint.DisabledAt)
                    .Bind(9, endpoint.FailingSince)
                    .Bind(10, endpoint.CreatedAt)
                    .Bind(11, most)
                    .Execute() == 1;
                if (added)
                {
                    Insert(database, secret);
                }

                return added;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<WebhookEndpoint?> FindEndpointAsync(TenantId tenant, string id, CancellationToken cancellationToken) =>
        engine.ReadAsync((tenant, id), static (database, wanted) => Find(database, wanted.tenant, wanted.id), cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListEndpointsAsync(
        IReadOnlyCollection<TenantId> tenants, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            tenants,
            static (database, tenants) => tenants
                .SelectMany(tenant => database
                    .Prepare($"SELECT {WebhookRows.EndpointColumns} FROM webhook_endpoints WHERE tenant = ?1 ORDER BY created_at, id")
                    .Bind(1, tenant.Value)
                    .All(WebhookRows.ReadEndpoint))
                .ToList(),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> UpdateEndpointAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database =>
            {
                var updated = database
                    .Prepare("""
                        UPDATE webhook_endpoints SET
                            version = ?3, url = ?4, description = ?5, events = ?6,
                            failing_since = CASE WHEN disabled_reason IS NOT NULL AND ?7 IS NULL THEN NULL ELSE failing_since END,
                            disabled_reason = ?7, disabled_at = ?8
                        WHERE id = ?1 AND tenant = ?2 AND version = ?3 - 1
                        """)
                    .Bind(1, endpoint.Id)
                    .Bind(2, endpoint.Tenant.Value)
                    .Bind(3, endpoint.Version)
                    .Bind(4, endpoint.Url)
                    .Bind(5, endpoint.Description)
                    .Bind(6, EventList.Write(endpoint.Events))
                    .Bind(7, (long?)endpoint.DisabledReason)
                    .Bind(8, endpoint.DisabledAt)
                    .Execute() == 1;
                if (updated && !endpoint.IsEnabled)
                {
                    WebhookRows.Discard(database, DeliveryLane.OfEndpoint(endpoint.Tenant, endpoint.Id));
                }

                return updated;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveEndpointAsync(TenantId tenant, string id, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database =>
            {
                var removed = database
                    .Prepare("DELETE FROM webhook_endpoints WHERE id = ?1 AND tenant = ?2")
                    .Bind(1, id)
                    .Bind(2, tenant.Value)
                    .Execute() == 1;
                if (removed)
                {
                    database.Prepare("DELETE FROM webhook_secrets WHERE tenant = ?1 AND owner = ?2").Bind(1, tenant.Value).Bind(2, id).Execute();
                    WebhookRows.Discard(database, DeliveryLane.OfEndpoint(tenant, id));
                }

                return removed;
            },
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<WebhookSecret>> ListSecretsAsync(
        TenantId tenant, string owner, DateTimeOffset now, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            (tenant, owner, now),
            static (database, wanted) => ListSecrets(database, wanted.tenant, wanted.owner, wanted.now),
            cancellationToken);

    /// <inheritdoc/>
    public Task RotateSecretAsync(WebhookSecret secret, DateTimeOffset othersUntil, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database =>
            {
                database
                    .Prepare("""
                        UPDATE webhook_secrets SET valid_until = MIN(COALESCE(valid_until, ?3), ?3)
                        WHERE tenant = ?1 AND owner = ?2 AND (valid_until IS NULL OR valid_until > ?3)
                        """)
                    .Bind(1, secret.Tenant.Value)
                    .Bind(2, secret.Owner)
                    .Bind(3, othersUntil)
                    .Execute();

                // What has ended, or is one too many, is of no use to anybody any more.
                database
                    .Prepare("DELETE FROM webhook_secrets WHERE tenant = ?1 AND owner = ?2 AND valid_until <= ?3")
                    .Bind(1, secret.Tenant.Value)
                    .Bind(2, secret.Owner)
                    .Bind(3, secret.CreatedAt)
                    .Execute();
                database
                    .Prepare("""
                        DELETE FROM webhook_secrets WHERE id IN (
                            SELECT id FROM webhook_secrets WHERE tenant = ?1 AND owner = ?2 ORDER BY created_at DESC, id DESC LIMIT -1 OFFSET ?3)
                        """)
                    .Bind(1, secret.Tenant.Value)
                    .Bind(2, secret.Owner)
                    .Bind(3, WebhookSecret.MaxValid - 1)
                    .Execute();
                Insert(database, secret);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task EnsureSecretAsync(WebhookSecret secret, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database =>
            {
                if (ListSecrets(database, secret.Tenant, secret.Owner, secret.CreatedAt).Count == 0)
                {
                    Insert(database, secret);
                }

                return true;
            },
            cancellationToken);

    /// <summary>An endpoint of a tenant, or null.</summary>
    public static WebhookEndpoint? Find(SqliteConnection database, TenantId tenant, string id) => database
        .Prepare($"SELECT {WebhookRows.EndpointColumns} FROM webhook_endpoints WHERE id = ?1 AND tenant = ?2")
        .Bind(1, id)
        .Bind(2, tenant.Value)
        .First(WebhookRows.ReadEndpoint);

    /// <summary>The secrets of an owner that are good, the newest first.</summary>
    public static List<WebhookSecret> ListSecrets(SqliteConnection database, TenantId tenant, string owner, DateTimeOffset now) => database
        .Prepare("""
            SELECT id, tenant, owner, sealed, created_at, valid_until FROM webhook_secrets
            WHERE tenant = ?1 AND owner = ?2 AND (valid_until IS NULL OR valid_until > ?3)
            ORDER BY valid_until IS NOT NULL, created_at DESC, id DESC
            """)
        .Bind(1, tenant.Value)
        .Bind(2, owner)
        .Bind(3, now)
        .All(static row => new WebhookSecret
        {
            Id = row.Text(0),
            Tenant = new TenantId(row.Text(1)),
            Owner = row.Text(2),
            Sealed = row.Text(3),
            CreatedAt = row.Time(4),
            ValidUntil = row.TimeOrNull(5),
        });

    private static void Insert(SqliteConnection database, WebhookSecret secret) => database
        .Prepare("INSERT INTO webhook_secrets (id, tenant, owner, sealed, created_at, valid_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
        .Bind(1, secret.Id)
        .Bind(2, secret.Tenant.Value)
        .Bind(3, secret.Owner)
        .Bind(4, secret.Sealed)
        .Bind(5, secret.CreatedAt)
        .Bind(6, secret.ValidUntil)
        .Execute();
}
