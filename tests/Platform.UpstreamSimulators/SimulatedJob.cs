namespace Platform.UpstreamSimulators;

/// <summary>How far a job is.</summary>
public enum JobStage
{
    /// <summary>It waits.</summary>
    Queued = 1,

    /// <summary>It is worked on.</summary>
    Running = 2,

    /// <summary>It is done, and charged.</summary>
    Succeeded = 3,

    /// <summary>It failed, and is free.</summary>
    Failed = 4,

    /// <summary>It was stopped, and is free.</summary>
    Cancelled = 5,
}

/// <summary>A job at a simulated upstream.</summary>
public sealed class SimulatedJob
{
    /// <summary>The upstream's id of it.</summary>
    public required string Id { get; init; }

    /// <summary>The caller's reference, where the wire has one.</summary>
    public string? Reference { get; init; }

    /// <summary>Where its callbacks go, or null.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>Whether it is the dearer quality.</summary>
    public bool IsHighQuality { get; init; }

    /// <summary>Whether an element is made rather than a video.</summary>
    public bool IsElement { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What goes wrong with it.</summary>
    public Misbehaviour Twist { get; set; }

    /// <summary>Where a test puts it; null where time decides.</summary>
    public JobStage? Stage { get; set; }

    /// <summary>Where it ends when its time has come.</summary>
    public JobStage End => Twist is Misbehaviour.JobFails or Misbehaviour.JobFailsByPolicy ? JobStage.Failed : JobStage.Succeeded;
}
