using System.ComponentModel.DataAnnotations;

namespace Platform.Grains;

/// <summary>Knobs of the grains. The defaults suit one machine and a cluster alike.</summary>
public sealed class GrainOptions
{
    /// <summary>
    /// How long a task may stay without a sign of life before a sweeper wakes it (default 30 s). Shorter brings back what a dead silo
    /// held sooner, and costs one write per task in flight and lease.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TaskLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a sweeper looks for what is due (default 2 s).</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Most tasks that one sweeper wakes per sweep (default 200): bounds the herd after a downtime.</summary>
    [Range(1, 100_000)]
    public int SweepBatch { get; set; } = 200;

    /// <summary>
    /// How often a silo asks for all sweepers, so that those of a dead silo live again (default 5 s). It costs a call per shard, silo and
    /// time; sooner than a silo is declared dead is no use.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan SweeperCheck { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most operations that a tenant puts into one commit (default 256).</summary>
    [Range(1, 10_000)]
    public int MaxGroupSize { get; set; } = 256;

    /// <summary>How often a tenant tries again after a commit whose outcome it could not learn (default 3), before it gives up.</summary>
    [Range(0, 100)]
    public int CommitRetries { get; set; } = 3;

    /// <summary>Most tasks of one tenant that run at once where neither group nor tenant say anything (default 20).</summary>
    [Range(1, 1_000_000)]
    public int TasksInFlight { get; set; } = 20;

    /// <summary>Most accepted tasks of one tenant that wait for a place in flight (default 1000).</summary>
    [Range(0, 1_000_000)]
    public int QueueLength { get; set; } = 1000;

    /// <summary>
    /// How long a request waits for another with the same idempotency key (default 19 s, a little less than its API waits for it), before
    /// it is told that the other has not ended.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:20")]
    public TimeSpan DuplicatePatience { get; set; } = TimeSpan.FromSeconds(19);

    /// <summary>
    /// How old an unanswered request must be to count as lost (default 20 s): by then its caller was told that nobody knows. The same as
    /// the API's patience.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan AnswerPatience { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long after its decision a request counts as lost where another process than the one that asks was to answer it and has not
    /// reported (default 1 s). Reports come ten times a second; shorter takes a slow process for a dead one.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:00:20")]
    public TimeSpan ReportPatience { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the same body from the same API key is taken for a request whose answer was lost (default 10 minutes).</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LostAnswerWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long the same body from the same API key without an idempotency key gives the first task again, also where it was answered
    /// (default zero: never). Sending one body twice is also how people ask for two variants.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan BodyReplayWindow { get; set; }

    /// <summary>Whether the sandbox serves every tenant at normal prices (default false); development only.</summary>
    public bool SandboxServesEveryone { get; set; }

    /// <summary>How often the inputs of a task are tried before it fails (default 5), with growing pauses.</summary>
    [Range(1, 100)]
    public int InputTries { get; set; } = 5;

    /// <summary>
    /// How long an upstream is asked what became of an attempt that was given up (default 24 h), ever more seldom. Longer finds more late
    /// outputs, which cost money and are billed to nobody.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan AbandonedChecks { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a finished output that cannot be copied is tried again (default 1 h), before another route is taken.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromHours(1);
}
