using System.Collections.Immutable;
using Platform.Domain.Tasks;

namespace Platform.Domain.Routing;

/// <summary>What a route is asked to serve.</summary>
/// <param name="Model">The model.</param>
/// <param name="Quality">The quality.</param>
/// <param name="UnitPriceUsd">What the tenant pays for a second, in US dollars.</param>
/// <param name="MayUseSandbox">Whether the caller is served by the sandbox.</param>
public sealed record RouteDemand(string Model, string Quality, decimal UnitPriceUsd, bool MayUseSandbox);

/// <summary>Why a route was left out; kept in the task's history.</summary>
/// <param name="RouteId">The route.</param>
/// <param name="Reason">A few words.</param>
public sealed record RouteRejection(string RouteId, string Reason);

/// <summary>The routes that could serve, best first, and why the others could not.</summary>
/// <param name="Candidates">Best first.</param>
/// <param name="Rejections">Those left out.</param>
public sealed record RouteChoice(ImmutableArray<Route> Candidates, ImmutableArray<RouteRejection> Rejections)
{
    /// <summary>The route to take, or null.</summary>
    public Route? Best => Candidates.IsEmpty ? null : Candidates[0];
}

/// <summary>Orders routes by what they cost us (product.md section 4, Route).</summary>
public static class Router
{
    /// <summary>Routes that could ever serve a demand.</summary>
    public static RouteChoice Choose(IEnumerable<Route> routes, RouteDemand demand) => Choose(routes, demand, []);

    /// <summary>Routes that can serve a demand after some attempts were made.</summary>
    public static RouteChoice Choose(IEnumerable<Route> routes, RouteDemand demand, ImmutableArray<Attempt> attempts)
    {
        var candidates = new List<Route>();
        var rejections = ImmutableArray.CreateBuilder<RouteRejection>();
        foreach (var route in routes)
        {
            if (!string.Equals(route.Model, demand.Model, StringComparison.Ordinal))
            {
                continue;
            }

            if (Reject(route, demand, attempts) is { } reason)
            {
                rejections.Add(new(route.Id, reason));
            }
            else
            {
                candidates.Add(route);
            }
        }

        return new(
            [
                .. candidates
                    .OrderBy(r => r.CostPerSecondUsd[demand.Quality])
                    .ThenByDescending(r => r.Priority)
                    .ThenBy(r => r.Id, StringComparer.Ordinal),
            ],
            rejections.ToImmutable());
    }

    private static string? Reject(Route route, RouteDemand demand, ImmutableArray<Attempt> attempts)
    {
        if (route.State != RouteState.Enabled)
        {
            return route.State == RouteState.Draining ? "draining" : "disabled";
        }

        if (!route.CostPerSecondUsd.TryGetValue(demand.Quality, out var cost))
        {
            return $"does not serve {demand.Quality}";
        }

        if (route.IsSandbox && !demand.MayUseSandbox)
        {
            return "sandbox serves the demo tenant and test keys only";
        }

        if (cost > demand.UnitPriceUsd && !route.AllowLoss)
        {
            return "costs more than the sale price";
        }

        // A route that refused or failed this task is not asked again; one that was only busy is.
        return attempts.Any(a => string.Equals(a.RouteId, route.Id, StringComparison.Ordinal) && a.Ending is not AttemptEnding.Busy)
            ? "was tried for this task"
            : null;
    }
}
