using Platform.Domain.Credits;

namespace Platform.Api.Operator;

internal sealed record CreateTenantBody
{
    public string? Name { get; init; }
}

internal sealed record TenantObject(string Id, string Name, string Group, string Status, long Created);

internal sealed record CreateApiKeyBody
{
    public string? Name { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it is a test key: the sandbox only, play money, a workspace of its own.</summary>
    public bool Test { get; init; }
}

/// <summary>A new key; the only time that its secret is shown.</summary>
internal sealed record ApiKeyObject(string Id, string Secret, string Name, long Created, long? ExpiresAt);

internal sealed record CreateGrantBody
{
    public CreditAmount? Credits { get; init; }

    public string? Note { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed record GrantObject(string Id, CreditAmount Credits, string? Note, long? ExpiresAt);
