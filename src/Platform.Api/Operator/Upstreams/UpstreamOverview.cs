using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;

namespace Platform.Api.Operator.Upstreams;

/// <summary>Puts together what grains, store and settings know of provider accounts and routes.</summary>
internal sealed class UpstreamOverview(
    IRouteTable table, IUpstreamAccounts accounts, IUpstreamBooks books, ICatalog catalog, GrainCalls grains, TimeProvider time)
{
    // What spend is summed over.
    private static readonly TimeSpan Period = TimeSpan.FromDays(1);

    private DateTimeOffset Now => time.GetUtcNow();

    public bool Knows(string account) => Keys().Contains(account, StringComparer.Ordinal);

    public async Task<UpstreamListObject> AccountsAsync(CancellationToken cancellationToken)
    {
        var (from, to, spend) = await SpendAsync(cancellationToken);
        var views = await Task.WhenAll(Keys().Select(ViewAsync));
        return new([.. views.Select(v => Of(v, spend))], from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds());
    }

    public async Task<UpstreamObject?> AccountAsync(string account, CancellationToken cancellationToken) =>
        Knows(account) ? Of(await ViewAsync(account), (await SpendAsync(cancellationToken)).Spend) : null;

    public async Task<RouteListObject> RoutesAsync(CancellationToken cancellationToken)
    {
        var (from, to, spend) = await SpendAsync(cancellationToken);
        var views = (await Task.WhenAll(Keys().Select(ViewAsync))).SelectMany(v => v.Routes).ToDictionary(r => r.RouteId, StringComparer.Ordinal);
        return new(
            [.. table.Routes.OrderBy(r => r.Model, StringComparer.Ordinal).ThenBy(r => r.Id, StringComparer.Ordinal).Select(r => Of(r, views[r.Id], spend))],
            from.ToUnixTimeSeconds(),
            to.ToUnixTimeSeconds());
    }

    /// <summary>What a task earned and what it costs us; a charge that is only possible is not counted.</summary>
    public static TaskMarginObject Margin(GenerationTask task, IReadOnlyList<UpstreamCharge> charges)
    {
        var used = task.Phase is TaskPhase.Ended { Outcome: TaskOutcome.Completed done } ? done.CreditsUsed : CreditAmount.Zero;
        var revenue = ExactNumber.WithoutTrailingZeros(Math.Round(used.Value / task.Price.CreditsPerUsd, 6, MidpointRounding.AwayFromZero));
        var cost = charges.Where(c => c.Kind is ChargeKind.Made or ChargeKind.Late).Sum(c => c.CostUsd);
        return new(
            task.Tenant.Value,
            task.Id.Value,
            Lower(task.Status),
            revenue,
            ExactNumber.WithoutTrailingZeros(cost),
            ExactNumber.WithoutTrailingZeros(revenue - cost),
            [.. charges.Select(c => new TaskChargeObject(c.AttemptId, c.RouteId, c.Account, Lower(c.Kind), ExactNumber.WithoutTrailingZeros(c.CostUsd)))]);
    }

    private RouteObject Of(Route route, RouteView view, IReadOnlyList<RouteSpend> spend)
    {
        var price = catalog.FindModel(route.Model)!.PriceAt(Now);
        return new(
            route.Id,
            route.Model,
            route.AccountKey,
            route.Region,
            route.Priority,
            route.AllowLoss,
            route.IsSandbox,
            Lower(view.State),
            BreakerName(view.Breaker),
            view.BreakerOpenUntil?.ToUnixTimeSeconds(),
            [.. price.QualityMultipliers.Keys.Select(Cost).OfType<RouteCostObject>()],
            Sum(spend.Where(s => string.Equals(s.RouteId, route.Id, StringComparison.Ordinal))));

        RouteCostObject? Cost(string quality)
        {
            if (route.CostAt(quality, Now) is not { } cost)
            {
                return null;
            }

            var sale = PriceSnapshot.Of(price, quality, "default", 1m).UnitPriceUsd;
            return new(
                quality,
                ExactNumber.WithoutTrailingZeros(cost),
                ExactNumber.WithoutTrailingZeros(sale),
                ExactNumber.WithoutTrailingZeros(sale - cost),
                cost <= sale || route.AllowLoss);
        }
    }

    private static UpstreamObject Of(UpstreamAccountView view, IReadOnlyList<RouteSpend> spend) => new(
        view.Account,
        Lower(view.State),
        view.OutSince is not null ? "out" : view.Routes.Any(r => r.Breaker != BreakerState.Closed) ? "failing" : "healthy",
        view.OutSince?.ToUnixTimeSeconds(),
        view.NextProbeAt?.ToUnixTimeSeconds(),
        new(view.Slots, view.SlotsUsed, view.Waiting),
        Sum(spend.Where(s => string.Equals(s.Account, view.Account, StringComparison.Ordinal))),
        [.. view.Routes.Select(r => new UpstreamRouteObject(r.RouteId, Lower(r.State), BreakerName(r.Breaker), r.BreakerOpenUntil?.ToUnixTimeSeconds()))],
        [.. view.LastErrors.Select(e => new UpstreamErrorObject(e.At.ToUnixTimeSeconds(), e.RouteId, e.Fault.Code, e.Fault.Message))]);

    private static SpendObject Sum(IEnumerable<RouteSpend> spend) => spend.Aggregate(SpendObject.None, (sum, s) => s.Kind switch
    {
        ChargeKind.Made => sum with { MadeUsd = ExactNumber.WithoutTrailingZeros(sum.MadeUsd + s.CostUsd), Attempts = sum.Attempts + s.Attempts },
        ChargeKind.Late => sum with { LateUsd = ExactNumber.WithoutTrailingZeros(sum.LateUsd + s.CostUsd), Attempts = sum.Attempts + s.Attempts },
        ChargeKind.Possible => sum with { PossibleUsd = ExactNumber.WithoutTrailingZeros(sum.PossibleUsd + s.CostUsd), Attempts = sum.Attempts + s.Attempts },
        _ => sum,
    });

    private async Task<(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<RouteSpend> Spend)> SpendAsync(CancellationToken cancellationToken)
    {
        var to = Now;
        return (to - Period, to, await books.SpendAsync(to - Period, to, cancellationToken));
    }

    /// <summary>Accounts of the settings, and those that only routes name.</summary>
    private ImmutableSortedSet<string> Keys() => accounts.Accounts
        .Select(a => ProviderAccount.Key(a.Kind, a.Name))
        .Concat(table.Routes.Select(r => r.AccountKey))
        .ToImmutableSortedSet(StringComparer.Ordinal);

    private Task<UpstreamAccountView> ViewAsync(string account) =>
        grains.CallAsync<IUpstreamAccountGrain, UpstreamAccountView>(account, g => g.View());

    private static string BreakerName(BreakerState state) => state == BreakerState.HalfOpen ? "half_open" : Lower(state);

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
