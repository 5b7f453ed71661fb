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

    /// <summary>Among routes of one cost the higher goes first.</summary>
    public int Priority { get; init; }

    /// <summary>Whether it may be used although it costs more than the sale price.</summary>
    public bool AllowLoss { get; init; }

    /// <summary>Whether it takes tasks.</summary>
    public RouteState State { get; init; } = RouteState.Enabled;

    /// <summary>Whether it makes previews only: for the demo tenant and test keys (product.md section 4).</summary>
    public bool IsSandbox { get; init; }
}
