using System.Collections.Immutable;

namespace Platform.Domain.Upstreams;

/// <summary>An account at a provider, as far as routing needs to know it; secrets and addresses stay with the adapter.</summary>
public sealed record UpstreamAccount
{
    /// <summary>Its name; routes and attempts name it.</summary>
    public required string Name { get; init; }

    /// <summary>Kind of the provider.</summary>
    public required string Kind { get; init; }

    /// <summary>Regions that it serves; empty for all.</summary>
    public ImmutableSortedSet<string> Regions { get; init; } = [];

    /// <summary>Most jobs that it may have at once; null for no bound.</summary>
    public int? Slots { get; init; }
}

/// <summary>The provider accounts that are configured.</summary>
public interface IUpstreamAccounts
{
    /// <summary>All accounts, by name.</summary>
    IReadOnlyList<UpstreamAccount> Accounts { get; }
}
