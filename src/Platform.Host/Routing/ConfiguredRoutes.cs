using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Routing;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;
using Platform.Host.Settings;
using Route = Platform.Domain.Routing.Route;

namespace Platform.Host.Routing;

/// <summary>The routes of the settings, and the sandbox's, which costs nothing and serves the demo tenant and test keys.</summary>
internal sealed class ConfiguredRoutes : IRouteTable
{
    private const string SandboxName = "sandbox";

    private readonly Dictionary<TenantId, IReadOnlySet<string>> _regions = [];

    /// <exception cref="InvalidOperationException">A setting is wrong; the message names it.</exception>
    public ConfiguredRoutes(PlatformSettings settings, ICatalog catalog, IUpstreamAccounts accounts)
    {
        var routes = ImmutableArray.CreateBuilder<Route>();
        foreach (var model in catalog.Models)
        {
            routes.Add(Sandbox(model, settings.Sandbox.Enabled is true));
        }

        foreach (var (name, route) in settings.Routes.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            routes.Add(Configured(name, route, catalog, accounts));
        }

        Routes = routes.ToImmutable();
        foreach (var (id, tenant) in settings.Tenants)
        {
            Demand(TenantId.IsValid(id), $"Tenants:{id}", "is no id of a tenant");
            if (tenant.Regions.Count > 0)
            {
                _regions[new(id)] = tenant.Regions.ToImmutableHashSet(StringComparer.Ordinal);
            }
        }
    }

    public IReadOnlyList<Route> Routes { get; }

    public IReadOnlySet<string>? RegionsOf(TenantId tenant) => _regions.GetValueOrDefault(tenant);

    private static Route Sandbox(ModelDefinition model, bool isEnabled) => new()
    {
        Id = string.Equals(model.Id, MotionControlModel.Id, StringComparison.Ordinal) ? SandboxName : $"{SandboxName}-{model.Id}",
        Model = model.Id,
        Upstream = SandboxName,
        Account = SandboxName,
        CostPerSecondUsd = model.Prices[0].QualityMultipliers.Keys.ToImmutableSortedDictionary(q => q, _ => 0m, StringComparer.Ordinal),
        State = isEnabled ? RouteState.Enabled : RouteState.Disabled,
        IsSandbox = true,
    };

    private static Route Configured(string name, RouteSettings route, ICatalog catalog, IUpstreamAccounts accounts)
    {
        var model = catalog.FindModel(route.Model);
        Demand(model is not null, $"Routes:{name}:Model", $"names '{route.Model}', which is no model");
        var account = accounts.Accounts.FirstOrDefault(a => string.Equals(a.Name, route.Account, StringComparison.Ordinal));
        Demand(account is not null, $"Routes:{name}:Account", $"names '{route.Account}', which is no account under Platform:Upstreams:Accounts");
        Demand(route.Cost.Count > 0, $"Routes:{name}:Cost", "names no quality");
        for (var i = 0; i < route.CostChanges.Count; i++)
        {
            CheckCosts($"Routes:{name}:CostChanges:{i}:Cost", route.CostChanges[i].Cost, model!);
        }

        CheckCosts($"Routes:{name}:Cost", route.Cost, model!);
        Demand(
            account!.Regions.IsEmpty || route.Region is null || account.Regions.Contains(route.Region),
            $"Routes:{name}:Region",
            $"is none of the regions of the account '{route.Account}'");
        return new()
        {
            Id = name,
            Model = route.Model,
            Upstream = account.Kind,
            Account = account.Name,
            CostPerSecondUsd = Costs(route.Cost),
            CostChanges = [.. route.CostChanges.Select(c => new RouteCostChange(c.From, Costs(c.Cost)))],
            Priority = route.Priority,
            Region = route.Region ?? (account.Regions.Count == 1 ? account.Regions[0] : null),
            AllowLoss = route.AllowLoss,
            State = route.State,
        };
    }

    private static void CheckCosts(string setting, IDictionary<string, decimal> costs, ModelDefinition model)
    {
        foreach (var (quality, cost) in costs)
        {
            Demand(model.Prices.Any(p => p.QualityMultipliers.ContainsKey(quality)), $"{setting}:{quality}", $"is no quality of {model.Id}");
            Demand(cost is >= 0 and <= 1000, $"{setting}:{quality}", "must be 0 to 1000 US dollars");
        }
    }

    private static ImmutableSortedDictionary<string, decimal> Costs(IDictionary<string, decimal> costs) =>
        costs.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static void Demand(bool holds, string setting, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"{PlatformSettings.Section}:{setting} {otherwise}.");
        }
    }
}
