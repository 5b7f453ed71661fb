using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Domain.Tests.Routing;

public sealed class RouterTests
{
    private static readonly RouteDemand Demand = new("m", "720p", 0.1134m, MayUseSandbox: false) { At = default };

    private static readonly Gen<Route> AnyRoute =
        Gen.Select(
            Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[0, 6], Gen.Int[0, 2], Gen.Int[0, 3],
            Gen.Bool.Select(Gen.Bool),
            (id, model, cost, priority, state, flags) => Route(
                $"r{id}", cost * 0.03m, model == 0 ? "other" : "m") with
            {
                Priority = priority,
                State = state == 0 ? RouteState.Enabled : (RouteState)state,
                AllowLoss = flags.Item1,
                IsSandbox = flags.Item2,
                CostPerSecondUsd = model == 1 ? Costs("1080p", cost) : Costs("720p", cost * 0.03m),
            });

    private static readonly Gen<Attempt> AnyAttempt =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 7], (route, ending) => Tried($"r{route}", ending == 0 ? null : (AttemptEnding)ending));

    [Fact]
    public void Choose_SeveralRoutes_TakesTheCheapestThenThePriorityThenTheName()
    {
        var choice = Router.Choose(
            [
                Route("dear", 0.1m),
                Route("b", 0.05m),
                Route("a", 0.05m),
                Route("high", 0.05m) with { Priority = 1 },
                Route("cheap", 0.01m) with { Priority = -5 },
            ],
            Demand);

        choice.Candidates.Select(r => r.Id).Should().Equal("cheap", "high", "a", "b", "dear");
        choice.Best!.Id.Should().Be("cheap");
        choice.Rejections.Should().BeEmpty();
    }

    [Fact]
    public void Choose_NoRoutes_HasNoBest() => Router.Choose([], Demand).Best.Should().BeNull();

    [Fact]
    public void Choose_EachReason_IsNamed()
    {
        var choice = Router.Choose(
            [
                Route("draining", 0.01m) with { State = RouteState.Draining },
                Route("disabled", 0.01m) with { State = RouteState.Disabled },
                Route("quality", 0.01m) with { CostPerSecondUsd = Costs("1080p", 0.01m) },
                Route("sandbox", 0.01m) with { IsSandbox = true },
                Route("loss", 0.1135m),
                Route("tried", 0.01m),
                Route("foreign", 0.01m, "another-model"),
            ],
            Demand,
            [Tried("tried", AttemptEnding.Failed)]);

        choice.Candidates.Should().BeEmpty();
        choice.Rejections.Should().Equal(
            new RouteRejection("draining", "draining", MayPass: true),
            new("disabled", "disabled", MayPass: true),
            new("quality", "does not serve 720p", MayPass: false),
            new("sandbox", "the sandbox serves the demo tenant and test keys only", MayPass: false),
            new("loss", "costs more than the sale price", MayPass: false),
            new("tried", "was tried for this task", MayPass: false));
        choice.MayServe.Should().BeTrue("a draining route may come back");
    }

    [Theory]
    [InlineData("0.1134", false, true)]
    [InlineData("0.11340001", false, false)]
    [InlineData("0.11340001", true, true)]
    public void Choose_CostAtTheSalePrice_IsNoLoss(string cost, bool allowLoss, bool served) =>
        Router.Choose([Route("r", decimal.Parse(cost, CultureInfo.InvariantCulture)) with { AllowLoss = allowLoss }], Demand).Candidates.Should().HaveCount(served ? 1 : 0);

    [Fact]
    public void MayServe_OnlyLastingRejections_IsFalse()
    {
        Router.Choose([], Demand).MayServe.Should().BeFalse();
        Router.Choose([Route("loss", 1m), Route("q", 0m) with { CostPerSecondUsd = Costs("1080p", 0m) }], Demand).MayServe.Should().BeFalse();

        // Out of service and out of the question: waiting for it makes no sense.
        Router.Choose([Route("loss", 1m) with { State = RouteState.Disabled }], Demand).MayServe.Should().BeFalse();
        Router.Choose([Route("ok", 0m) with { State = RouteState.Disabled }], Demand).MayServe.Should().BeTrue();
    }

    [Fact]
    public void Choose_SandboxRoute_ServesOnlyWhoMayUseIt()
    {
        Route[] routes = [Route("sandbox", 0m) with { IsSandbox = true }];

        Router.Choose(routes, Demand).Best.Should().BeNull();
        Router.Choose(routes, Demand with { MayUseSandbox = true }).Best!.Id.Should().Be("sandbox");
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(AttemptEnding.Refused, false)]
    [InlineData(AttemptEnding.AccountDead, false)]
    [InlineData(AttemptEnding.Failed, false)]
    [InlineData(AttemptEnding.Cancelled, false)]
    [InlineData(AttemptEnding.Abandoned, false)]
    [InlineData(AttemptEnding.Succeeded, false)]
    [InlineData(AttemptEnding.Busy, true)]
    public void Choose_RouteThatWasTried_IsAskedAgainOnlyAfterBusy(AttemptEnding? ending, bool again) =>
        Router.Choose([Route("r", 0.01m)], Demand, [Tried("r", ending)]).Candidates.Should().HaveCount(again ? 1 : 0);

    /// <summary>product.md section 4, Submit: a 429 moves to the next cheapest route.</summary>
    [Fact]
    public void Choose_CheapestWasBusy_MovesToTheNextCheapestAndComesBackInTurn()
    {
        Route[] routes = [Route("cheap", 0.01m), Route("dear", 0.05m)];
        var busyCheap = Tried("cheap", AttemptEnding.Busy);
        var busyDear = Tried("dear", AttemptEnding.Busy);

        Router.Choose(routes, Demand, [busyCheap]).Best!.Id.Should().Be("dear");
        Router.Choose(routes, Demand, [busyCheap, busyDear]).Best!.Id.Should().Be("cheap");
        Router.Choose(routes, Demand, [busyCheap, busyDear, busyCheap]).Best!.Id.Should().Be("dear");
    }

    [Fact]
    public void Choose_AnyRoutesAndAttempts_KeepsTheRules() =>
        Gen.Select(AnyRoute.Array[0, 8], AnyAttempt.Array[0, 4], Gen.Bool).Sample(
            (routes, attempts, sandbox) =>
            {
                var demand = Demand with { MayUseSandbox = sandbox };
                var choice = Router.Choose(routes, demand, [.. attempts]);

                // Every route of the model is answered for, once.
                choice.Candidates.Select(r => r.Id).Concat(choice.Rejections.Select(r => r.RouteId)).Order(StringComparer.Ordinal)
                    .Should().Equal(routes.Where(r => r.Model == "m").Select(r => r.Id).Order(StringComparer.Ordinal));
                choice.Candidates.Should().AllSatisfy(r =>
                {
                    r.State.Should().Be(RouteState.Enabled);
                    r.CostPerSecondUsd.Should().ContainKey("720p");
                    (r.AllowLoss || r.CostPerSecondUsd["720p"] <= 0.1134m).Should().BeTrue("a loss is never made without leave");
                    (sandbox || !r.IsSandbox).Should().BeTrue();
                    attempts.Where(a => a.RouteId == r.Id).Should().AllSatisfy(a => a.Ending.Should().Be(AttemptEnding.Busy));
                });

                // Nothing that qualifies is left out.
                routes.Count(r => r.Model == "m" && r.State == RouteState.Enabled && r.CostPerSecondUsd.TryGetValue("720p", out var c)
                    && (c <= 0.1134m || r.AllowLoss) && (sandbox || !r.IsSandbox)
                    && !attempts.Any(a => a.RouteId == r.Id && a.Ending != AttemptEnding.Busy)).Should().Be(choice.Candidates.Length);

                // Putting every route into service makes a candidate of just those whose rejection may pass.
                Router.Choose(routes.Select(r => r with { State = RouteState.Enabled }), demand, [.. attempts]).Candidates.Should()
                    .HaveCount(choice.Candidates.Length + choice.Rejections.Count(r => r.MayPass));

                // Sorted by cost among those that were busy equally often; less busy ones first.
                foreach (var (before, after) in choice.Candidates.Zip(choice.Candidates.Skip(1)))
                {
                    var (busyBefore, busyAfter) = (Busy(before), Busy(after));
                    busyBefore.Should().BeLessThanOrEqualTo(busyAfter);
                    if (busyBefore == busyAfter)
                    {
                        before.CostPerSecondUsd["720p"].Should().BeLessThanOrEqualTo(after.CostPerSecondUsd["720p"]);
                    }
                }

                // The order in which routes are named does not matter.
                Router.Choose(routes.Reverse(), demand, [.. attempts]).Candidates
                    .Select(r => (r.Id, r.CostPerSecondUsd["720p"], r.Priority))
                    .Should().BeEquivalentTo(choice.Candidates.Select(r => (r.Id, r.CostPerSecondUsd["720p"], r.Priority)));

                int Busy(Route route) => attempts.Count(a => a.RouteId == route.Id);
            },
            iter: 2_000);

    private static Route Route(string id, decimal cost, string model = "m") => new()
    {
        Id = id,
        Model = model,
        Upstream = "up",
        Account = "acc",
        CostPerSecondUsd = Costs("720p", cost),
    };

    private static ImmutableSortedDictionary<string, decimal> Costs(string quality, decimal cost) =>
        ImmutableSortedDictionary<string, decimal>.Empty.Add(quality, cost);

    private static Attempt Tried(string routeId, AttemptEnding? ending) => new()
    {
        Id = $"att_{routeId}",
        RouteId = routeId,
        Upstream = "up",
        Account = "acc",
        CostPerSecondUsd = 0.01m,
        StartedAt = DateTimeOffset.UnixEpoch,
        SendBy = DateTimeOffset.UnixEpoch,
        Ending = ending,
        Fault = new UpstreamFault("x", "y"),
    };
}
