using System.ComponentModel.DataAnnotations;
using Platform.Domain.Routing;

namespace Platform.Host.Settings;

/// <summary>A route, under <c>Platform:Routes:NAME</c>: a model, the account that makes it, and what that costs.</summary>
public sealed class RouteSettings
{
    /// <summary>The model that it makes.</summary>
    [Required]
    public string Model { get; set; } = "";

    /// <summary>The provider account, by its name under <c>Platform:Upstreams:Accounts</c>.</summary>
    [Required]
    public string Account { get; set; } = "";

    /// <summary>Cost to us in US dollars per second, by quality; a quality that is not named is not served.</summary>
    public IDictionary<string, decimal> Cost { get; } = new Dictionary<string, decimal>(StringComparer.Ordinal);

    /// <summary>Later costs, each from a date on.</summary>
    public IList<RouteCostSettings> CostChanges { get; } = [];

    /// <summary>Among routes of one cost the higher goes first (default 0).</summary>
    public int Priority { get; set; }

    /// <summary>Where the upstream works, for tenants that may use some regions only.</summary>
    public string? Region { get; set; }

    /// <summary>Whether it may be used although it costs more than the sale price (default false).</summary>
    public bool AllowLoss { get; set; }

    /// <summary><c>Enabled</c> (default), <c>Draining</c> or <c>Disabled</c>; the operator may be stricter, not more lenient.</summary>
    public RouteState State { get; set; } = RouteState.Enabled;
}

/// <summary>What a route costs from a date on.</summary>
public sealed class RouteCostSettings
{
    /// <summary>The date, with its offset.</summary>
    public DateTimeOffset From { get; set; }

    /// <summary>US dollars per second, by quality.</summary>
    public IDictionary<string, decimal> Cost { get; } = new Dictionary<string, decimal>(StringComparer.Ordinal);
}

/// <summary>What single tenants may use, under <c>Platform:Tenants:ID</c>.</summary>
public sealed class TenantRoutingSettings
{
    /// <summary>The regions that the tenant may use; empty for all. Routes without a region are then not used.</summary>
    public IList<string> Regions { get; } = [];
}
