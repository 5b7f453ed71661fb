using System.Collections.Immutable;

namespace Platform.Domain.Routing;

/// <summary>Whether a route takes tasks.</summary>
public enum RouteState
{
    /// <summary>It takes tasks.</summary>
    Enabled = 1,

    /// <summary>It takes no new tasks and finishes those it has.</summary>
    Draining = 2,

    /// <summary>It takes no tasks.</summary>
    Disabled = 3,
}

/// <summary>A way to have a model made: a provider account and what it costs.</summary>
public sealed record Route
{
    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>The model it makes.</summary>
    public required string Model { get; init; }

    /// <summary>Kind of the upstream.</summary>
    public required string Upstream { get; init; }

    /// <summary>The provider account that pays.</summary>
    public required string Account { get; init; }

    /// <summary>Cost to us in US dollars per second, by quality; a quality that is not named is not served.</summary>
    public required ImmutableSortedDictionary<string, decimal> CostPerSecondUsd { get; init; }

    /// <summary>Later costs, each from a date on; in any order.</summary>
    public ImmutableArray<RouteCostChange> CostChanges { get; init; } = [];

    /// <summary>Where the upstream works, for tenants that may use some regions only; null where that is not known.</summary>
    public string? Region { get; init; }

    /// <summary>Among routes of one cost the higher goes first.</summary>
    public int Priority { get; init; }

    /// <summary>Whether it may be used although it costs more than the sale price.</summary>
    public bool AllowLoss { get; init; }

    /// <summary>Whether it takes tasks.</summary>
    public RouteState State { get; init; } = RouteState.Enabled;

    /// <summary>Whether it makes previews only: for the demo tenant and test keys (product.md section 4).</summary>
    public bool IsSandbox { get; init; }

    /// <summary>The provider account among all kinds of upstream.</summary>
    public string AccountKey => ProviderAccount.Key(Upstream, Account);

    /// <summary>What a second of a quality costs us at a time, in US dollars; null where the quality is not served.</summary>
    public decimal? CostAt(string quality, DateTimeOffset at)
    {
        var costs = CostPerSecondUsd;
        var since = DateTimeOffset.MinValue;
        foreach (var change in CostChanges)
        {
            if (change.From <= at && change.From >= since)
            {
                (costs, since) = (change.CostPerSecondUsd, change.From);
            }
        }

        return costs.TryGetValue(quality, out var cost) ? cost : null;
    }
}

/// <summary>What a route costs from a date on.</summary>
/// <param name="From">The date.</param>
/// <param name="CostPerSecondUsd">US dollars per second, by quality.</param>
public sealed record RouteCostChange(DateTimeOffset From, ImmutableSortedDictionary<string, decimal> CostPerSecondUsd);
