using Platform.Domain.Tenants;

namespace Platform.Domain.Webhooks;

/// <summary>The register of endpoints and of the secrets that sign.</summary>
public interface IWebhookEndpointStore
{
    /// <summary>Adds an endpoint with its first secret; false, and nothing changes, where the tenant has <paramref name="most"/> already.</summary>
    Task<bool> AddEndpointAsync(WebhookEndpoint endpoint, WebhookSecret secret, int most, CancellationToken cancellationToken);

    /// <summary>An endpoint of a tenant, or null.</summary>
    Task<WebhookEndpoint?> FindEndpointAsync(TenantId tenant, string id, CancellationToken cancellationToken);

    /// <summary>All endpoints of some tenants, oldest first.</summary>
    Task<IReadOnlyList<WebhookEndpoint>> ListEndpointsAsync(IReadOnlyCollection<TenantId> tenants, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces what a tenant may change (url, description, events, whether it is disabled); false, and nothing changes, where it is
    /// gone or its version is not one less than the given. One that is disabled by it has nothing waiting afterwards; one that is
    /// enabled by it has a clean record.
    /// </summary>
    Task<bool> UpdateEndpointAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken);

    /// <summary>Removes an endpoint and its secrets, and discards what waits for it; false where there is none. The log stays.</summary>
    Task<bool> RemoveEndpointAsync(TenantId tenant, string id, CancellationToken cancellationToken);

    /// <summary>The secrets of an owner that are good at <paramref name="now"/>, the newest first.</summary>
    Task<IReadOnlyList<WebhookSecret>> ListSecretsAsync(TenantId tenant, string owner, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a secret as the newest of its owner; the others end at <paramref name="othersUntil"/> at the latest, and the oldest end at
    /// once where more than <see cref="WebhookSecret.MaxValid"/> would be good.
    /// </summary>
    Task RotateSecretAsync(WebhookSecret secret, DateTimeOffset othersUntil, CancellationToken cancellationToken);

    /// <summary>Adds a secret where its owner has none that is good; else nothing changes.</summary>
    Task EnsureSecretAsync(WebhookSecret secret, CancellationToken cancellationToken);
}
