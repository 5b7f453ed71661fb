using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Routing;

namespace Platform.Simulation.Surroundings;

/// <summary>The routes; an operator switches them on and off while tasks run.</summary>
internal sealed class RouteBook(IEnumerable<Route> routes) : IRouteTable
{
    private ImmutableArray<Route> _routes = [.. routes];

    public IReadOnlyList<Route> Routes => _routes;

    public static Route To(string kind, decimal cost) => new()
    {
        Id = "route-" + kind,
        Model = MotionControlModel.Id,
        Upstream = kind,
        Account = "account-" + kind,
        CostPerSecondUsd = ImmutableSortedDictionary<string, decimal>.Empty.Add(MotionControlModel.Quality720, cost),
    };

    public void Switch(int index, RouteState state) => _routes = _routes.SetItem(index, _routes[index] with { State = state });
}

/// <summary>The model as it is sold, but with less patience, so that deadlines are seen.</summary>
internal sealed class Shelf : ICatalog
{
    public IReadOnlyList<ModelDefinition> Models { get; } =
    [
        MotionControlModel.Definition with { QueueTimeout = TimeSpan.FromMinutes(25), GenerationTimeout = TimeSpan.FromMinutes(8) },
    ];

    public ModelDefinition? FindModel(string id) => Models[0].Id == id ? Models[0] : null;

    public decimal GroupMultiplier(string userGroup, string modelId) => 1m;
}
