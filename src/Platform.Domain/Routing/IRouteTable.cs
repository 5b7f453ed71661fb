namespace Platform.Domain.Routing;

/// <summary>The routes as they are configured now.</summary>
public interface IRouteTable
{
    /// <summary>All routes, in no order.</summary>
    IReadOnlyList<Route> Routes { get; }
}
