using System.ComponentModel.DataAnnotations;

namespace Platform.Host.Settings;

/// <summary>Where the silo is reached, and how the silos of a cluster watch each other.</summary>
public sealed class SiloSettings
{
    /// <summary>
    /// IP address at which the other silos and the cluster's clients reach this one; default <c>POD_IP</c> of the environment, else
    /// loopback. Where it is not loopback, the silo listens on all addresses.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>Port between silos (default 11111).</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 11111;

    /// <summary>Port for clients of the cluster (default 30000).</summary>
    [Range(1, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// How long a silo waits for another's answer to a probe, at first; it learns from the answers that come (default 5 s, 0.2 s – 1 min).
    /// Shorter finds a dead silo sooner, and takes a starved one for dead: below 2 s only where processors are not shared.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Unanswered probes after which a silo votes another one dead (default 3, 1 – 100).</summary>
    [Range(1, 100)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>Votes that declare a silo dead, as far as there are so many silos (default 2, 1 – 10).</summary>
    [Range(1, 10)]
    public int VotesForDeath { get; set; } = 2;

    /// <summary>
    /// How often the list of silos is read again (default 10 s, 1 s – 10 min); changes are gossiped besides. It is also how soon a silo
    /// that was stopped for a while, and is declared dead, learns of it and ends itself.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TableRefresh { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a silo writes that it lives (default 10 s, 1 s – 10 min). After three times that, a silo that starts does not wait for
    /// one that says nothing: bounds how long a cluster that died as a whole takes to come back.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>How what is due is brought back.</summary>
public sealed class SweeperSettings
{
    /// <summary>
    /// How long a task may stay without a sign of life before a sweeper wakes it (default 30 s, 1 s – 10 min). Shorter brings back what a
    /// dead silo held sooner, and costs one write per task in flight and lease.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often each of the 16 sweepers looks for what is due (default 2 s, 0.1 s – 1 min).</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most tasks that a sweeper wakes per look (default 200, 1 – 100,000): bounds the herd after a downtime.</summary>
    [Range(1, 100_000)]
    public int Batch { get; set; } = 200;
}

/// <summary>How the process ends when it is asked to (SIGTERM).</summary>
public sealed class ShutdownSettings
{
    /// <summary>
    /// How long it goes on serving while it says that it is not ready (default 0 s, 0 – 5 min), so that balancers take it out first. In
    /// Kubernetes some 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// Longest time for what is in flight to end or to be handed over (default 30 s, 1 s – 10 min); then the process ends as if it were
    /// killed, which loses nothing. Must be less than the grace period that Kubernetes gives, together with <see cref="Delay"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
