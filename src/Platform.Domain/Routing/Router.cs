using System.Collections.Immutable;
using Platform.Domain.Tasks;

namespace Platform.Domain.Routing;

/// <summary>What a route is asked to serve.</summary>
/// <param name="Model">The model.</param>
/// <param name="Quality">The quality.</param>
/// <param name="UnitPriceUsd">What the tenant pays for a second, in US dollars.</param>
/// <param name="MayUseSandbox">Whether the caller may be served by the sandbox.</param>
/// <param name="MustUseSandbox">Whether the caller may be served by nothing else: a test key.</param>
public sealed record RouteDemand(string Model, string Quality, decimal UnitPriceUsd, bool MayUseSandbox, bool MustUseSandbox = false)
{
    /// <summary>When it is asked: the costs of this time hold.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The regions that the tenant may use; null for all.</summary>
    public IReadOnlySet<string>? Regions { get; init; }
}

/// <summary>Why a route was left out; kept in the task's history.</summary>
/// <param name="RouteId">The route.</param>
/// <param name="Reason">A few words.</param>
/// <param name="MayPass">Whether the route may serve the task later: it is out of service, not out of the question.</param>
public sealed record RouteRejection(string RouteId, string Reason, bool MayPass);

/// <summary>The routes that could serve, best first, and why the others could not.</summary>
/// <param name="Candidates">Best first.</param>
/// <param name="Rejections">Those left out.</param>
public sealed record RouteChoice(ImmutableArray<Route> Candidates, ImmutableArray<RouteRejection> Rejections)
{
    /// <summary>The route to take, or null.</summary>
    public Route? Best => Candidates.IsEmpty ? null : Candidates[0];

    /// <summary>Whether waiting makes sense: some route serves now, or may serve later.</summary>
    public bool MayServe => !Candidates.IsEmpty || Rejections.Any(r => r.MayPass);
}

/// <summary>Orders routes by what they cost us (product.md section 4, Route).</summary>
public static class Router
{
    /// <summary>Routes that could ever serve a demand.</summary>
    public static RouteChoice Choose(IEnumerable<Route> routes, RouteDemand demand) => Choose(routes, demand, []);

    /// <summary>
    /// Routes that can serve a demand after some attempts were made: those that were busy less often for this task first, among them
    /// the cheapest, so that a busy route passes the task on to the next cheapest and is asked again in its turn.
    /// </summary>
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

            if (Reject(route, demand, attempts) is { } rejection)
            {
                rejections.Add(rejection);
            }
            else
            {
                candidates.Add(route);
            }
        }

        return new(
            [
                .. candidates
                    .OrderBy(r => attempts.Count(a => IsOf(a, r)))
                    .ThenBy(r => r.CostAt(demand.Quality, demand.At))
                    .ThenByDescending(r => r.Priority)
                    .ThenBy(r => r.Id, StringComparer.Ordinal),
            ],
            rejections.ToImmutable());
    }

    private static RouteRejection? Reject(Route route, RouteDemand demand, ImmutableArray<Attempt> attempts)
    {
        if (route.CostAt(demand.Quality, demand.At) is not { } cost)
        {
            return Never($"does not serve {demand.Quality}");
        }

        if (route.IsSandbox && !demand.MayUseSandbox)
        {
            return Never("the sandbox serves the demo tenant and test keys only");
        }

        if (demand.MustUseSandbox && !route.IsSandbox)
        {
            return Never("test keys are served by the sandbox only");
        }

        if (demand.Regions is { } regions && !route.IsSandbox && (route.Region is null || !regions.Contains(route.Region)))
        {
            return Never($"the tenant may not use {(route.Region is null ? "a route of no region" : $"region {route.Region}")}");
        }

        if (cost > demand.UnitPriceUsd && !route.AllowLoss)
        {
            return Never("costs more than the sale price");
        }

        // A route that refused or failed this task is not asked again; one that was only busy is.
        if (attempts.Any(a => IsOf(a, route) && a.Ending is not AttemptEnding.Busy))
        {
            return Never("was tried for this task");
        }

        return route.State switch
        {
            RouteState.Enabled => null,
            RouteState.Draining => new(route.Id, "draining", MayPass: true),
            _ => new(route.Id, "disabled", MayPass: true),
        };

        RouteRejection Never(string reason) => new(route.Id, reason, MayPass: false);
    }

    private static bool IsOf(Attempt attempt, Route route) => string.Equals(attempt.RouteId, route.Id, StringComparison.Ordinal);
}
