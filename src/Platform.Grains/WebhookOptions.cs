using System.ComponentModel.DataAnnotations;

namespace Platform.Grains;

/// <summary>Knobs of the delivery of webhooks. The defaults suit one machine and a cluster alike.</summary>
public sealed class WebhookOptions
{
    /// <summary>How long one try may take in total (default 10 s).</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Deliveries that one receiver is sent at once (default 16); it gets fewer while it hangs. More speeds up receivers that are far
    /// away, and lets one that begins to hang tie down more.
    /// </summary>
    [Range(1, 1000)]
    public int PerReceiver { get; set; } = 16;

    /// <summary>Deliveries of one tenant that are on their way at once from one silo, whatever the number of its receivers (default 256).</summary>
    [Range(1, 100_000)]
    public int PerTenant { get; set; } = 256;

    /// <summary>
    /// How long a claimed message or delivery is held (default 30 s): what a dead silo held is tried again after that. Must exceed
    /// <see cref="AttemptTimeout"/> by the time that a commit takes, or slow receivers get everything twice.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a silo looks for messages and deliveries that nobody was woken for (default 1 s).</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Most messages that are fanned out in one commit, and most receivers that are looked up at once (default 256).</summary>
    [Range(1, 10_000)]
    public int Batch { get; set; } = 256;

    /// <summary>How long an endpoint may fail without a break before it is disabled (default 3 days).</summary>
    [Range(typeof(TimeSpan), "00:00:01", "60.00:00:00")]
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long the log of deliveries is kept (default 30 days). Deliveries older than that cannot be asked for again.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan LogRetention { get; set; } = TimeSpan.FromDays(30);
}
