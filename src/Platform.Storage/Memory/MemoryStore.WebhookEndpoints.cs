using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Storage.Memory;

public partial class MemoryStore : IWebhookEndpointStore
{
    private readonly Dictionary<string, WebhookEndpoint> _endpoints = new(StringComparer.Ordinal);
    private readonly List<WebhookSecret> _secrets = [];

    /// <inheritdoc/>
    public Task<bool> AddEndpointAsync(WebhookEndpoint endpoint, WebhookSecret secret, int most, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                if (_endpoints.Values.Count(e => e.Tenant == endpoint.Tenant) >= most)
                {
                    return false;
                }

                _endpoints.Add(endpoint.Id, AsKept(endpoint));
                _secrets.Add(AsKept(secret));
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<WebhookEndpoint?> FindEndpointAsync(TenantId tenant, string id, CancellationToken cancellationToken) =>
        WithLock(() => FindEndpoint(tenant, id), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WebhookEndpoint>> ListEndpointsAsync(IReadOnlyCollection<TenantId> tenants, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<WebhookEndpoint>>(
            () => [.. _endpoints.Values.Where(e => tenants.Contains(e.Tenant)).OrderBy(e => e.CreatedAt).ThenBy(e => e.Id, StringComparer.Ordinal)],
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> UpdateEndpointAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                if (FindEndpoint(endpoint.Tenant, endpoint.Id) is not { } known || known.Version != endpoint.Version - 1)
                {
                    return false;
                }

                _endpoints[endpoint.Id] = AsKept(endpoint) with
                {
                    CreatedAt = known.CreatedAt,
                    FailingSince = !known.IsEnabled && endpoint.IsEnabled ? null : known.FailingSince,
                };
                if (!endpoint.IsEnabled)
                {
                    Discard(DeliveryLane.OfEndpoint(endpoint.Tenant, endpoint.Id));
                }

                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveEndpointAsync(TenantId tenant, string id, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                if (FindEndpoint(tenant, id) is null)
                {
                    return false;
                }

                _endpoints.Remove(id);
                _secrets.RemoveAll(s => s.Tenant == tenant && string.Equals(s.Owner, id, StringComparison.Ordinal));
                Discard(DeliveryLane.OfEndpoint(tenant, id));
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WebhookSecret>> ListSecretsAsync(
        TenantId tenant, string owner, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<WebhookSecret>>(() => [.. ListSecrets(tenant, owner, now)], cancellationToken);

    /// <inheritdoc/>
    public Task RotateSecretAsync(WebhookSecret secret, DateTimeOffset othersUntil, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                var until = UnixTime.Truncate(othersUntil);
                var others = _secrets.Where(s => IsOf(s, secret.Tenant, secret.Owner)).Select(s => s with { ValidUntil = s.ValidUntil < until ? s.ValidUntil : until })
                    .Where(s => s.ValidUntil > UnixTime.Truncate(secret.CreatedAt))
                    .OrderByDescending(s => s.CreatedAt)
                    .ThenByDescending(s => s.Id, StringComparer.Ordinal)
                    .Take(WebhookSecret.MaxValid - 1)
                    .ToList();
                _secrets.RemoveAll(s => IsOf(s, secret.Tenant, secret.Owner));
                _secrets.AddRange(others);
                _secrets.Add(AsKept(secret));
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task EnsureSecretAsync(WebhookSecret secret, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                if (!ListSecrets(secret.Tenant, secret.Owner, secret.CreatedAt).Any())
                {
                    _secrets.Add(AsKept(secret));
                }

                return true;
            },
            cancellationToken);

    private WebhookEndpoint? FindEndpoint(TenantId tenant, string id) =>
        _endpoints.TryGetValue(id, out var endpoint) && endpoint.Tenant == tenant ? endpoint : null;

    private IEnumerable<WebhookSecret> ListSecrets(TenantId tenant, string owner, DateTimeOffset now) => _secrets
        .Where(s => IsOf(s, tenant, owner) && (s.ValidUntil is null || s.ValidUntil > UnixTime.Truncate(now)))
        .OrderBy(s => s.ValidUntil is not null)
        .ThenByDescending(s => s.CreatedAt)
        .ThenByDescending(s => s.Id, StringComparer.Ordinal);

    private static bool IsOf(WebhookSecret secret, TenantId tenant, string owner) =>
        secret.Tenant == tenant && string.Equals(secret.Owner, owner, StringComparison.Ordinal);

    private static WebhookEndpoint AsKept(WebhookEndpoint endpoint) => endpoint with
    {
        DisabledAt = UnixTime.Truncate(endpoint.DisabledAt),
        FailingSince = UnixTime.Truncate(endpoint.FailingSince),
        CreatedAt = UnixTime.Truncate(endpoint.CreatedAt),
    };

    private static WebhookSecret AsKept(WebhookSecret secret) => secret with
    {
        CreatedAt = UnixTime.Truncate(secret.CreatedAt),
        ValidUntil = UnixTime.Truncate(secret.ValidUntil),
    };
}
