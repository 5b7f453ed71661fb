using Platform.Domain.Tenants;

namespace Platform.Storage.Postgres;

/// <summary>The register of tenants on PostgreSQL.</summary>
internal sealed class PostgresTenantStore(PostgresEngine engine) : ITenantStore
{
    /// <inheritdoc/>
    public async Task<bool> AddTenantAsync(Tenant tenant, CancellationToken cancellationToken) =>
        await engine.ExecuteAsync(
            new PostgresStatement("""
                INSERT INTO tenants (id, name, user_group, status, may_use_sandbox, created_at) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (id) DO NOTHING
                """)
                .Bind(tenant.Id.Value)
                .Bind(tenant.Name)
                .Bind(tenant.Group)
                .Bind((int)tenant.Status)
                .Bind(tenant.MayUseSandbox)
                .Bind(tenant.CreatedAt),
            cancellationToken) == 1;

    /// <inheritdoc/>
    public Task<Tenant?> FindTenantAsync(TenantId id, CancellationToken cancellationToken) =>
        engine.FirstAsync(
            new PostgresStatement("SELECT name, user_group, status, may_use_sandbox, created_at FROM tenants WHERE id = $1").Bind(id.Value),
            row => new Tenant
            {
                Id = id,
                Name = row.Text(0),
                Group = row.Text(1),
                Status = (TenantStatus)row.Int32(2),
                MayUseSandbox = row.Boolean(3),
                CreatedAt = row.Time(4),
            },
            cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> AddKeyAsync(ApiKey key, CancellationToken cancellationToken) =>
        await engine.ExecuteAsync(
            new PostgresStatement("""
                INSERT INTO api_keys (id, tenant, name, secret_hash, created_at, expires_at, revoked_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT DO NOTHING
                """)
                .Bind(key.Id)
                .Bind(key.Tenant.Value)
                .Bind(key.Name)
                .Bind(key.SecretHash)
                .Bind(key.CreatedAt)
                .Bind(key.ExpiresAt)
                .Bind(key.RevokedAt),
            cancellationToken) == 1;

    /// <inheritdoc/>
    public Task<ApiKey?> FindKeyByHashAsync(string secretHash, CancellationToken cancellationToken) =>
        engine.FirstAsync(
            new PostgresStatement("SELECT id, tenant, name, secret_hash, created_at, expires_at, revoked_at FROM api_keys WHERE secret_hash = $1")
                .Bind(secretHash),
            static row => new ApiKey
            {
                Id = row.Text(0),
                Tenant = new TenantId(row.Text(1)),
                Name = row.Text(2),
                SecretHash = row.Text(3),
                CreatedAt = row.Time(4),
                ExpiresAt = row.TimeOrNull(5),
                RevokedAt = row.TimeOrNull(6),
            },
            cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> RevokeKeyAsync(TenantId tenant, string keyId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await engine.ExecuteAsync(
            new PostgresStatement("UPDATE api_keys SET revoked_at = COALESCE(revoked_at, $3) WHERE id = $1 AND tenant = $2")
                .Bind(keyId)
                .Bind(tenant.Value)
                .Bind(now),
            cancellationToken) == 1;
}
