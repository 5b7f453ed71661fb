using System.Collections.Immutable;

namespace Platform.Domain.Routing;

/// <summary>When a route is taken out of service for its own faults, and for how long.</summary>
public sealed record BreakerRules
{
    /// <summary>Calls of the last so long count (default 1 min).</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Fewer calls in the window say nothing (default 10).</summary>
    public int LeastCalls { get; init; } = 10;

    /// <summary>From this share of faults on it opens, 0–1 (default 0.5).</summary>
    public double FaultShare { get; init; } = 0.5;

    /// <summary>How long it stays open first (default 15 s); doubled each time that the probe fails.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long it stays open at most (default 5 min).</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After so long without a word of the probe another one is let through (default 2 min).</summary>
    public TimeSpan ProbePatience { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>How a breaker stands.</summary>
public enum BreakerState
{
    /// <summary>All are let through.</summary>
    Closed = 1,

    /// <summary>Nobody is.</summary>
    Open = 2,

    /// <summary>One at a time is, to see whether the route has healed.</summary>
    HalfOpen = 3,
}

/// <summary>
/// Takes a route out of service while it fails by its own fault, and lets one attempt at a time through afterwards to see whether it
/// has healed. What a tenant's input caused never comes here. An immutable value: each change gives another.
/// </summary>
public sealed record RouteBreaker
{
    private const int Slices = 6;

    private RouteBreaker(BreakerRules rules) => Rules = rules;

    /// <summary>When it opens, and for how long.</summary>
    public BreakerRules Rules { get; }

    /// <summary>Until when it is open; null while it is closed.</summary>
    public DateTimeOffset? OpenUntil { get; private init; }

    /// <summary>How often in a row it has opened.</summary>
    public int Trips { get; private init; }

    /// <summary>The attempt that is let through to see whether the route has healed.</summary>
    public string? Probe { get; private init; }

    private DateTimeOffset ProbeSince { get; init; }

    private ImmutableList<Slice> Calls { get; init; } = [];

    /// <summary>A closed one.</summary>
    public static RouteBreaker New(BreakerRules rules) => new(rules);

    /// <summary>How it stands.</summary>
    public BreakerState StateAt(DateTimeOffset now) =>
        OpenUntil is not { } until ? BreakerState.Closed : now < until ? BreakerState.Open : BreakerState.HalfOpen;

    /// <summary>Whether an attempt would be let through.</summary>
    public bool LetsThrough(DateTimeOffset now) => StateAt(now) switch
    {
        BreakerState.Closed => true,
        BreakerState.Open => false,
        _ => Probe is null || now - ProbeSince >= Rules.ProbePatience,
    };

    /// <summary>Lets an attempt through that <see cref="LetsThrough"/>; where it is half open, the attempt is its probe.</summary>
    public RouteBreaker Let(string attemptId, DateTimeOffset now) =>
        StateAt(now) == BreakerState.HalfOpen ? this with { Probe = attemptId, ProbeSince = now } : this;

    /// <summary>The probe came to nothing that says anything of the route; another may go.</summary>
    public RouteBreaker Forget(string attemptId) => IsProbe(attemptId) ? this with { Probe = null } : this;

    /// <summary>Takes in how a call of an attempt went: by a fault of the route's own, or well.</summary>
    public RouteBreaker Record(string attemptId, bool isFault, DateTimeOffset now)
    {
        if (StateAt(now) != BreakerState.Closed)
        {
            // What started before it opened says nothing of how the route is now.
            return !IsProbe(attemptId) ? this : isFault ? Open(now) : New(Rules);
        }

        var counted = this with { Calls = Count(isFault, now) };
        var (faults, all) = (counted.Calls.Sum(c => c.Faults), counted.Calls.Sum(c => c.All));
        return isFault && all >= Rules.LeastCalls && faults >= Rules.FaultShare * all ? counted.Open(now) : counted;
    }

    private RouteBreaker Open(DateTimeOffset now)
    {
        var pause = Rules.FirstPause * Math.Pow(2, Math.Min(Trips, 20));
        return New(Rules) with { OpenUntil = now + (pause < Rules.LongestPause ? pause : Rules.LongestPause), Trips = Trips + 1 };
    }

    private ImmutableList<Slice> Count(bool isFault, DateTimeOffset now)
    {
        var length = Rules.Window / Slices;
        var kept = Calls.RemoveAll(c => now - c.From >= Rules.Window);
        var last = kept.Count > 0 && now - kept[^1].From < length ? kept[^1] : new(now, 0, 0);
        var counted = last with { Faults = last.Faults + (isFault ? 1 : 0), All = last.All + 1 };
        return last.All > 0 ? kept.SetItem(kept.Count - 1, counted) : kept.Add(counted);
    }

    private bool IsProbe(string attemptId) => string.Equals(Probe, attemptId, StringComparison.Ordinal);

    private sealed record Slice(DateTimeOffset From, int Faults, int All);
}
