using Platform.Domain.Tenants;

namespace Platform.Domain.Routing;

/// <summary>The routes as they are configured now.</summary>
public interface IRouteTable
{
    /// <summary>All routes, in no order.</summary>
    IReadOnlyList<Route> Routes { get; }

    /// <summary>The regions that a tenant may use; null for all.</summary>
    IReadOnlySet<string>? RegionsOf(TenantId tenant) => null;
}
