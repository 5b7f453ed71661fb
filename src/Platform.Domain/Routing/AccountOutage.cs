using Platform.Domain.Upstreams;

namespace Platform.Domain.Routing;

/// <summary>
/// A provider account that is out of funds or barred. It takes nothing until the operator says so, or until an attempt that is let
/// through now and then is taken: waiting for a payment is no reason to ask all the time.
/// </summary>
/// <param name="Since">Since when it is out.</param>
/// <param name="Fault">What the upstream said.</param>
/// <param name="Probes">How often it was asked since.</param>
/// <param name="NextProbeAt">When the next attempt may be let through.</param>
/// <param name="Probe">The attempt that is let through, or null.</param>
public sealed record AccountOutage(DateTimeOffset Since, UpstreamFault Fault, int Probes, DateTimeOffset NextProbeAt, string? Probe)
{
    /// <summary>Pause before the first probe; doubled each time up to <see cref="LongestPause"/>.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(5);

    /// <summary>Longest pause between two probes.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    // A probe that nobody tells of again: its silo has died.
    private static readonly TimeSpan ProbePatience = TimeSpan.FromMinutes(2);

    /// <summary>The account has gone out, or is out still: the outage afterwards.</summary>
    public static AccountOutage Of(AccountOutage? before, UpstreamFault fault, DateTimeOffset now)
    {
        var probes = before?.Probe is null ? before?.Probes ?? 0 : before.Probes + 1;
        var pause = FirstPause * Math.Pow(2, Math.Min(probes, 10));
        return new(before?.Since ?? now, fault, probes, now + (pause < LongestPause ? pause : LongestPause), null);
    }

    /// <summary>Whether an attempt would be let through, to see.</summary>
    public bool LetsThrough(DateTimeOffset now) => Probe is null ? now >= NextProbeAt : now >= NextProbeAt + ProbePatience;

    /// <summary>Lets an attempt through.</summary>
    public AccountOutage Let(string attemptId, DateTimeOffset now) => this with { Probe = attemptId, NextProbeAt = now };

    /// <summary>Whether it is the attempt that was let through.</summary>
    public bool IsProbe(string attemptId) => string.Equals(Probe, attemptId, StringComparison.Ordinal);
}
