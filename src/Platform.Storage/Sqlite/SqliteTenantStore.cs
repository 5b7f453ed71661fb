using Platform.Domain.Tenants;

namespace Platform.Storage.Sqlite;

/// <summary>The register of tenants on SQLite.</summary>
internal sealed class SqliteTenantStore(SqliteEngine engine) : ITenantStore
{
    /// <inheritdoc/>
    public Task<bool> AddTenantAsync(Tenant tenant, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("""
                    INSERT INTO tenants (id, name, user_group, status, may_use_sandbox, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                    ON CONFLICT (id) DO NOTHING
                    """)
                .Bind(1, tenant.Id.Value)
                .Bind(2, tenant.Name)
                .Bind(3, tenant.Group)
                .Bind(4, (int)tenant.Status)
                .Bind(5, tenant.MayUseSandbox)
                .Bind(6, tenant.CreatedAt)
                .Execute() == 1,
            cancellationToken);

    /// <inheritdoc/>
    public Task<Tenant?> FindTenantAsync(TenantId id, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            id,
            static (database, id) => database
                .Prepare("SELECT name, user_group, status, may_use_sandbox, created_at FROM tenants WHERE id = ?1")
                .Bind(1, id.Value)
                .First(row => new Tenant
                {
                    Id = id,
                    Name = row.Text(0),
                    Group = row.Text(1),
                    Status = (TenantStatus)row.Int32(2),
                    MayUseSandbox = row.Boolean(3),
                    CreatedAt = row.Time(4),
                }),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AddKeyAsync(ApiKey key, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("""
                    INSERT INTO api_keys (id, tenant, name, secret_hash, created_at, expires_at, revoked_at)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                    ON CONFLICT DO NOTHING
                    """)
                .Bind(1, key.Id)
                .Bind(2, key.Tenant.Value)
                .Bind(3, key.Name)
                .Bind(4, key.SecretHash)
                .Bind(5, key.CreatedAt)
                .Bind(6, key.ExpiresAt)
                .Bind(7, key.RevokedAt)
                .Execute() == 1,
            cancellationToken);

    /// <inheritdoc/>
    public Task<ApiKey?> FindKeyByHashAsync(string secretHash, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            secretHash,
            static (database, hash) => database
                .Prepare("SELECT id, tenant, name, secret_hash, created_at, expires_at, revoked_at FROM api_keys WHERE secret_hash = ?1")
                .Bind(1, hash)
                .First(static row => new ApiKey
                {
                    Id = row.Text(0),
                    Tenant = new TenantId(row.Text(1)),
                    Name = row.Text(2),
                    SecretHash = row.Text(3),
                    CreatedAt = row.Time(4),
                    ExpiresAt = row.TimeOrNull(5),
                    RevokedAt = row.TimeOrNull(6),
                }),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(TenantId tenant, string keyId, DateTimeOffset now, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("UPDATE api_keys SET revoked_at = COALESCE(revoked_at, ?3) WHERE id = ?1 AND tenant = ?2")
                .Bind(1, keyId)
                .Bind(2, tenant.Value)
                .Bind(3, now)
                .Execute() == 1,
            cancellationToken);
}
