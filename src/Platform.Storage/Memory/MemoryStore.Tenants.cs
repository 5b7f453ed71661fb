using Platform.Domain.Tenants;

namespace Platform.Storage.Memory;

public partial class MemoryStore : ITenantStore
{
    private readonly Dictionary<TenantId, Tenant> _tenants = [];
    private readonly Dictionary<string, ApiKey> _keysByHash = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<bool> AddTenantAsync(Tenant tenant, CancellationToken cancellationToken) =>
        WithLock(
            () => _tenants.TryAdd(tenant.Id, tenant with { CreatedAt = UnixTime.Truncate(tenant.CreatedAt) }),
            cancellationToken);

    /// <inheritdoc/>
    public Task<Tenant?> FindTenantAsync(TenantId id, CancellationToken cancellationToken) =>
        WithLock(() => _tenants.GetValueOrDefault(id), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> AddKeyAsync(ApiKey key, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                if (_keysByHash.ContainsKey(key.SecretHash) || _keysByHash.Values.Any(k => string.Equals(k.Id, key.Id, StringComparison.Ordinal)))
                {
                    return false;
                }

                if (!_tenants.ContainsKey(key.Tenant))
                {
                    throw new StorageException($"There is no tenant {key.Tenant}.");
                }

                _keysByHash.Add(key.SecretHash, key with
                {
                    CreatedAt = UnixTime.Truncate(key.CreatedAt),
                    ExpiresAt = UnixTime.Truncate(key.ExpiresAt),
                    RevokedAt = UnixTime.Truncate(key.RevokedAt),
                });
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<ApiKey?> FindKeyByHashAsync(string secretHash, CancellationToken cancellationToken) =>
        WithLock(() => _keysByHash.GetValueOrDefault(secretHash), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(TenantId tenant, string keyId, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                var key = _keysByHash.Values.FirstOrDefault(k => string.Equals(k.Id, keyId, StringComparison.Ordinal) && k.Tenant == tenant);
                if (key is null)
                {
                    return false;
                }

                _keysByHash[key.SecretHash] = key with { RevokedAt = key.RevokedAt ?? UnixTime.Truncate(now) };
                return true;
            },
            cancellationToken);
}
