using CsCheck;
using Platform.Domain.Routing;
using Platform.Domain.Upstreams;

namespace Platform.Domain.Tests.Routing;

public sealed class RouteBreakerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly BreakerRules Rules = new();

    [Fact]
    public void Record_FewCalls_SaysNothing() => Faults(New(), Rules.LeastCalls - 1).StateAt(Noon).Should().Be(BreakerState.Closed);

    [Fact]
    public void Record_HalfOfEnoughCallsFail_Opens()
    {
        var breaker = New();
        for (var i = 0; i < Rules.LeastCalls / 2; i++)
        {
            breaker = breaker.Record("ok", isFault: false, Noon);
        }

        breaker = Faults(breaker, (Rules.LeastCalls / 2) - 1);
        breaker.StateAt(Noon).Should().Be(BreakerState.Closed);
        breaker = Faults(breaker, 1);

        breaker.StateAt(Noon).Should().Be(BreakerState.Open);
        breaker.LetsThrough(Noon + Rules.FirstPause - TimeSpan.FromMilliseconds(1)).Should().BeFalse();
        breaker.LetsThrough(Noon + Rules.FirstPause).Should().BeTrue();
    }

    [Fact]
    public void Record_FaultsOfLongAgo_AreForgotten()
    {
        var breaker = Faults(New(), Rules.LeastCalls - 1);

        breaker.Record("x", isFault: true, Noon + Rules.Window).StateAt(Noon + Rules.Window).Should().Be(BreakerState.Closed);
    }

    [Fact]
    public void Record_AFifthFails_StaysClosed()
    {
        var breaker = New();
        for (var i = 0; i < 1000; i++)
        {
            breaker = breaker.Record("x", isFault: i % 5 == 4, Noon.AddMilliseconds(i * 100));
        }

        breaker.StateAt(Noon.AddSeconds(100)).Should().Be(BreakerState.Closed);
    }

    [Fact]
    public void HalfOpen_OneProbeAtATime_ClosesOrOpensForTwiceAsLong()
    {
        var healed = Noon + Rules.FirstPause;
        var breaker = Faults(New(), Rules.LeastCalls).Let("probe", healed);

        breaker.LetsThrough(healed).Should().BeFalse("one is on its way");
        breaker.Record("older", isFault: true, healed).Should().Be(breaker, "it says nothing of how the route is now");
        breaker.Record("older", isFault: false, healed).Should().Be(breaker);
        breaker.Record("probe", isFault: false, healed).StateAt(healed).Should().Be(BreakerState.Closed);
        var again = breaker.Record("probe", isFault: true, healed);
        again.LetsThrough(healed + (2 * Rules.FirstPause) - TimeSpan.FromMilliseconds(1)).Should().BeFalse();
        again.LetsThrough(healed + (2 * Rules.FirstPause)).Should().BeTrue();
    }

    [Fact]
    public void HalfOpen_ProbeIsNeverHeardOfOrForgotten_AnotherGoes()
    {
        var healed = Noon + Rules.FirstPause;
        var breaker = Faults(New(), Rules.LeastCalls).Let("probe", healed);

        breaker.LetsThrough(healed + Rules.ProbePatience).Should().BeTrue();
        breaker.Forget("other").LetsThrough(healed).Should().BeFalse();
        breaker.Forget("probe").LetsThrough(healed).Should().BeTrue();
    }

    [Fact]
    public void HalfOpen_NeverHeals_ThePauseIsBounded()
    {
        var (breaker, now) = (Faults(New(), Rules.LeastCalls), Noon);
        for (var i = 0; i < 50; i++)
        {
            now = breaker.OpenUntil!.Value;
            breaker = breaker.Let("p", now).Record("p", isFault: true, now);
            (breaker.OpenUntil!.Value - now).Should().BeLessThanOrEqualTo(Rules.LongestPause);
        }

        (breaker.OpenUntil!.Value - now).Should().Be(Rules.LongestPause);
    }

    // Against a model that keeps every call: it opens exactly where the rules say so, give or take one slice of the window.
    [Fact]
    public void Record_AnyCalls_OpensOnlyOnTheShareOfFaults() =>
        Gen.Select(Gen.Bool, Gen.Int[0, 5000]).List[1, 200].Sample(calls =>
        {
            var (breaker, now) = (New(), Noon);
            var all = new List<(DateTimeOffset At, bool Fault)>();
            foreach (var (fault, pause) in calls)
            {
                now += TimeSpan.FromMilliseconds(pause);
                all.Add((now, fault));
                breaker = breaker.Record("x", fault, now);
                if (breaker.StateAt(now) == BreakerState.Open)
                {
                    fault.Should().BeTrue("going well never opens it");
                    Enumerable.Range(0, all.Count).Should().Contain(
                        from => all.Count - from >= Rules.LeastCalls
                            && all.Skip(from).Count(c => c.Fault) >= Rules.FaultShare * (all.Count - from)
                            && now - all[from].At < Rules.Window);
                    return;
                }
            }
        });

    [Fact]
    public void Outage_ProbesComeSlowlyAndOneAtATime()
    {
        var outage = AccountOutage.Of(null, new("1102", "out of funds"), Noon);

        outage.LetsThrough(Noon + AccountOutage.FirstPause - TimeSpan.FromSeconds(1)).Should().BeFalse();
        var at = Noon + AccountOutage.FirstPause;
        outage.LetsThrough(at).Should().BeTrue();
        var probed = outage.Let("p", at);
        probed.LetsThrough(at).Should().BeFalse();
        probed.IsProbe("p").Should().BeTrue();
        var still = AccountOutage.Of(probed, new("1102", "out of funds"), at);
        still.Since.Should().Be(Noon);
        still.NextProbeAt.Should().Be(at + (2 * AccountOutage.FirstPause));
        for (var i = 0; i < 20; i++)
        {
            at = still.NextProbeAt;
            still = AccountOutage.Of(still.Let("p", at), new("1102", ""), at);
        }

        (still.NextProbeAt - at).Should().Be(AccountOutage.LongestPause);
    }

    private static RouteBreaker New() => RouteBreaker.New(Rules);

    private static RouteBreaker Faults(RouteBreaker breaker, int count)
    {
        for (var i = 0; i < count; i++)
        {
            breaker = breaker.Record("x", isFault: true, Noon);
        }

        return breaker;
    }
}
