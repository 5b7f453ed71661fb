namespace Platform.Domain.Tenants;

/// <summary>Whether a tenant is served.</summary>
public enum TenantStatus
{
    /// <summary>It is served.</summary>
    Active = 1,

    /// <summary>Its keys are refused; its tasks end as they would.</summary>
    Suspended = 2,

    /// <summary>It is gone.</summary>
    Closed = 3,
}

/// <summary>A customer of the platform.</summary>
public sealed record Tenant
{
    /// <summary>User group of tenants that were given none.</summary>
    public const string DefaultGroup = "default";

    /// <summary>Its id.</summary>
    public required TenantId Id { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Its user group, by which it is priced.</summary>
    public string Group { get; init; } = DefaultGroup;

    /// <summary>Whether it is served.</summary>
    public TenantStatus Status { get; init; } = TenantStatus.Active;

    /// <summary>Whether the sandbox serves it: the demo tenant.</summary>
    public bool MayUseSandbox { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The tenant as its test keys see it: another workspace, served by the sandbox.</summary>
    public Tenant ForTests() => this with { Id = Id.TestWorkspace, MayUseSandbox = true };
}

/// <summary>A key that calls the API on behalf of a tenant. The secret itself is never stored.</summary>
public sealed record ApiKey
{
    /// <summary>Its id, <c>key_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose key it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the secret, lower-case hexadecimal. The secret has over 128 random bits, so that no slow hash is needed.</summary>
    public required string SecretHash { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked, or null.</summary>
    public DateTimeOffset? RevokedAt { get; init; }
}

/// <summary>The register of tenants and their keys.</summary>
public interface ITenantStore
{
    /// <summary>Adds a tenant; false, and nothing changes, where the id is in use.</summary>
    Task<bool> AddTenantAsync(Tenant tenant, CancellationToken cancellationToken);

    /// <summary>Finds a tenant, or null.</summary>
    Task<Tenant?> FindTenantAsync(TenantId id, CancellationToken cancellationToken);

    /// <summary>Adds a key; false, and nothing changes, where its id or its hash is in use.</summary>
    Task<bool> AddKeyAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Finds a key by the hash of its secret, or null. Revoked and ended keys are found too, so that the caller can be told.</summary>
    Task<ApiKey?> FindKeyByHashAsync(string secretHash, CancellationToken cancellationToken);

    /// <summary>Marks a key as revoked; false where there is none.</summary>
    Task<bool> RevokeKeyAsync(TenantId tenant, string keyId, DateTimeOffset now, CancellationToken cancellationToken);
}
