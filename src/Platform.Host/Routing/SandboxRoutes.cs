using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Routing;
using Route = Platform.Domain.Routing.Route;

namespace Platform.Host.Routing;

/// <summary>The one route of an installation without providers: the sandbox, which costs nothing.</summary>
internal sealed class SandboxRoutes(bool isEnabled) : IRouteTable
{
    public IReadOnlyList<Route> Routes { get; } =
    [
        new()
        {
            Id = "sandbox",
            Model = MotionControlModel.Id,
            Upstream = "sandbox",
            Account = "sandbox",
            CostPerSecondUsd = ImmutableSortedDictionary<string, decimal>.Empty
                .Add(MotionControlModel.Quality720, 0m)
                .Add(MotionControlModel.Quality1080, 0m),
            State = isEnabled ? RouteState.Enabled : RouteState.Disabled,
            IsSandbox = true,
        },
    ];
}
