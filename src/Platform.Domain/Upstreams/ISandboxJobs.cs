namespace Platform.Domain.Upstreams;

/// <summary>Where a job of the sandbox stands.</summary>
public enum SandboxJobStatus
{
    /// <summary>Waits for its time or for a renderer.</summary>
    Queued = 1,

    /// <summary>A renderer has it, until <see cref="SandboxJob.LeaseUntil"/>.</summary>
    Rendering = 2,

    /// <summary>Its video is stored.</summary>
    Succeeded = 3,

    /// <summary>It failed; see <see cref="SandboxJob.FailureCode"/>.</summary>
    Failed = 4,

    /// <summary>It was stopped.</summary>
    Cancelled = 5,
}

/// <summary>A job in the sandbox's queue.</summary>
public sealed record SandboxJob
{
    /// <summary>Id of the job, <c>sbx_…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The reference of the attempt; unique.</summary>
    public required string Reference { get; init; }

    /// <summary>What was asked for, as JSON that only the sandbox reads.</summary>
    public required string RequestJson { get; init; }

    /// <summary>How often the same reference was submitted; 1 unless a submit was repeated.</summary>
    public int Submissions { get; init; } = 1;

    /// <summary>Where it stands.</summary>
    public SandboxJobStatus Status { get; init; } = SandboxJobStatus.Queued;

    /// <summary>When it was submitted first.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A renderer takes it no earlier.</summary>
    public required DateTimeOffset ReadyAt { get; init; }

    /// <summary>Until when a renderer has it; another takes it over afterwards.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Blob key of the video, once it has succeeded.</summary>
    public string? OutputKey { get; init; }

    /// <summary>Length of the video in seconds, once it has succeeded.</summary>
    public decimal? OutputSeconds { get; init; }

    /// <summary>Task error code, once it has failed.</summary>
    public string? FailureCode { get; init; }

    /// <summary>What went wrong, once it has failed.</summary>
    public string? FailureMessage { get; init; }
}

/// <summary>
/// The sandbox's queue, a table of the store: it survives a crash, and can be asked by reference, as a real provider can.
/// </summary>
public interface ISandboxJobs
{
    /// <summary>
    /// Adds a job, or, where its reference is known, counts the submission and changes nothing else. Returns what is stored.
    /// </summary>
    Task<SandboxJob> SubmitAsync(SandboxJob job, CancellationToken cancellationToken);

    /// <summary>Finds a job by id.</summary>
    Task<SandboxJob?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Finds a job by reference.</summary>
    Task<SandboxJob?> FindByReferenceAsync(string reference, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the oldest job that is ready at <paramref name="now"/> (queued, or rendering with an ended lease), marks it as
    /// rendering until <paramref name="leaseUntil"/>, and returns it; null where there is none.
    /// </summary>
    Task<SandboxJob?> TakeAsync(DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>
    /// Says that a renderer still works on a job: no other takes it before <paramref name="leaseUntil"/>. False where it is no longer
    /// rendering (it was cancelled, or taken over and ended).
    /// </summary>
    Task<bool> KeepAsync(string id, DateTimeOffset leaseUntil, CancellationToken cancellationToken);

    /// <summary>When the next job could be taken, or null where none is queued or rendering.</summary>
    Task<DateTimeOffset?> NextReadyAtAsync(CancellationToken cancellationToken);

    /// <summary>Records a success; false where the job is no longer rendering (it was cancelled, or taken over and ended).</summary>
    Task<bool> SucceedAsync(string id, string outputKey, decimal outputSeconds, CancellationToken cancellationToken);

    /// <summary>Records a failure; false where the job has ended already.</summary>
    Task<bool> FailAsync(string id, string failureCode, string failureMessage, CancellationToken cancellationToken);

    /// <summary>Stops a job that has not ended; false where it has.</summary>
    Task<bool> CancelAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the jobs that are rendering back to the queue: for a start of the only process, whose predecessor's renderers are dead.
    /// </summary>
    Task<int> RequeueRenderingAsync(CancellationToken cancellationToken);
}
