using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Routing;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;

namespace Platform.Domain.Tasks;

/// <summary>A task as the caller sees it: <c>pending → processing → completed | failed | cancelled</c>.</summary>
public enum GenerationStatus
{
    /// <summary>Accepted; no upstream has been asked yet.</summary>
    Pending = 1,

    /// <summary>An upstream has been asked.</summary>
    Processing = 2,

    /// <summary>The video is there and billed.</summary>
    Completed = 3,

    /// <summary>It failed; nothing was billed.</summary>
    Failed = 4,

    /// <summary>The caller cancelled it; nothing was billed.</summary>
    Cancelled = 5,
}

/// <summary>An input in the platform's own storage.</summary>
/// <param name="Kind">What it is used as.</param>
/// <param name="BlobKey">Where the bytes are.</param>
/// <param name="Blob">Size and digest.</param>
/// <param name="Info">What it is.</param>
public sealed record CopiedInput(MediaKind Kind, string BlobKey, BlobInfo Blob, MediaInfo Info);

/// <summary>A finished video in the platform's own storage.</summary>
/// <param name="BlobKey">Where the bytes are.</param>
/// <param name="Blob">Size and digest.</param>
/// <param name="Info">What it is; its duration is what was billed by.</param>
public sealed record StoredResult(string BlobKey, BlobInfo Blob, MediaInfo Info);

/// <summary>Where a task stands inside. The type says what is to be done next; see <see cref="TaskPlan"/>.</summary>
public abstract record TaskPhase
{
    private TaskPhase()
    {
    }

    /// <summary>Accepted; the inputs are still the tenant's.</summary>
    public sealed record Accepted : TaskPhase;

    /// <summary>The inputs are ours; a route is to be chosen, no earlier than <paramref name="NotBefore"/>.</summary>
    public sealed record Ready(DateTimeOffset NotBefore) : TaskPhase;

    /// <summary>The current attempt is recorded and may be on its way.</summary>
    public sealed record Submitting : TaskPhase;

    /// <summary>Nobody knows whether the upstream took the current attempt.</summary>
    public sealed record InDoubt(DateTimeOffset Since) : TaskPhase;

    /// <summary>The upstream has it.</summary>
    public sealed record Running(string UpstreamTaskId) : TaskPhase;

    /// <summary>The upstream has finished; its output is to be copied.</summary>
    public sealed record Storing(UpstreamOutput Output) : TaskPhase;

    /// <summary>It has ended.</summary>
    public sealed record Ended(TaskOutcome Outcome) : TaskPhase;
}

/// <summary>How a task ended.</summary>
public abstract record TaskOutcome
{
    private TaskOutcome()
    {
    }

    /// <summary>With a video, which was billed.</summary>
    public sealed record Completed(StoredResult Result, int BilledSeconds, CreditAmount CreditsUsed) : TaskOutcome;

    /// <summary>Without one; everything was given back.</summary>
    public sealed record Failed(TaskError Error) : TaskOutcome;

    /// <summary>At the caller's wish; everything was given back.</summary>
    public sealed record Cancelled : TaskOutcome;
}

/// <summary>
/// A generation task: one state machine from acceptance to its single end. <see cref="Version"/> rises by one with every
/// commit and fences it.
/// </summary>
public sealed record GenerationTask
{
    /// <summary>Whose task it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Its id.</summary>
    public required TaskId Id { get; init; }

    /// <summary>Number of commits, from 1.</summary>
    public long Version { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The API key that created it.</summary>
    public required string ApiKeyId { get; init; }

    /// <summary>
    /// SHA-256 of the canonical body that it was asked for by, hexadecimal, where that came without an idempotency key; else null. Bodies
    /// are compared by it where nobody knows whether the first was answered (decision 0007).
    /// </summary>
    public string? BodyDigest { get; init; }

    /// <summary>The batch that it came with, or null.</summary>
    public string? BatchId { get; init; }

    /// <summary>What was asked for.</summary>
    public required GenerationRequest Request { get; init; }

    /// <summary>What it costs and why.</summary>
    public required PriceSnapshot Price { get; init; }

    /// <summary>Whether the sandbox may serve it: it was made by the demo tenant or with a test key.</summary>
    public required bool MayUseSandbox { get; init; }

    /// <summary>Seconds that were reserved; the most that can be billed.</summary>
    public required int ReservedSeconds { get; init; }

    /// <summary>Length of the motion clip as it was seen at acceptance, in seconds, or null where it was not known.</summary>
    public decimal? InspectedSeconds { get; init; }

    /// <summary>Credits that were reserved.</summary>
    public required CreditAmount CreditsReserved { get; init; }

    /// <summary>By when an upstream must have it.</summary>
    public required DateTimeOffset QueueDeadline { get; init; }

    /// <summary>
    /// By when it must be finished; set by the first attempt, and lifted where it turns out that none was ever taken: a submission that
    /// everybody was too busy for is none.
    /// </summary>
    public DateTimeOffset? GenerationDeadline { get; init; }

    /// <summary>How long an upstream may take from the first attempt.</summary>
    public required TimeSpan GenerationTimeout { get; init; }

    /// <summary>Seconds that a task of the model usually takes.</summary>
    public required int EstimatedSeconds { get; init; }

    /// <summary>Where it stands.</summary>
    public required TaskPhase Phase { get; init; }

    /// <summary>The inputs in our storage; empty until they are copied.</summary>
    public ImmutableArray<CopiedInput> Inputs { get; init; } = [];

    /// <summary>What was tried at upstreams, oldest first.</summary>
    public ImmutableArray<Attempt> Attempts { get; init; } = [];

    /// <summary>Whether the caller wants it stopped.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>Whether the upstream said that the current attempt cannot be stopped.</summary>
    public bool CancelDeclined { get; init; }

    /// <summary>Progress that was reached when the last attempt started or ended; it never goes back.</summary>
    public int ProgressFloor { get; init; }

    /// <summary>
    /// When the caller had its inputs and results erased, or null. Their bytes are deleted after this is committed; what is known of
    /// them (sizes, digests, the billed duration) stays, for the receipt.
    /// </summary>
    public DateTimeOffset? MediaDeletedAt { get; init; }

    /// <summary>The attempt in hand, or null.</summary>
    public Attempt? CurrentAttempt => Attempts.IsEmpty || Attempts[^1].Ending is not null ? null : Attempts[^1];

    /// <summary>
    /// The slot that the task has at a provider account while an upstream works on it, or may; null where it has none. An output that is
    /// there takes no place at the upstream.
    /// </summary>
    public SlotClaim? OccupiedSlot => Phase is TaskPhase.Submitting or TaskPhase.InDoubt or TaskPhase.Running
        && CurrentAttempt is { Slot: { } number } attempt
            ? new(ProviderAccount.Key(attempt.Upstream, attempt.Account), number)
            : null;

    /// <summary>Whether it has ended.</summary>
    public bool IsTerminal => Phase is TaskPhase.Ended;

    /// <summary>The status that callers see.</summary>
    public GenerationStatus Status => Phase switch
    {
        TaskPhase.Accepted => GenerationStatus.Pending,
        TaskPhase.Ready => Attempts.IsEmpty ? GenerationStatus.Pending : GenerationStatus.Processing,
        TaskPhase.Ended { Outcome: TaskOutcome.Completed } => GenerationStatus.Completed,
        TaskPhase.Ended { Outcome: TaskOutcome.Failed } => GenerationStatus.Failed,
        TaskPhase.Ended { Outcome: TaskOutcome.Cancelled } => GenerationStatus.Cancelled,
        _ => GenerationStatus.Processing,
    };

    /// <summary>Blob key of the copy of an input.</summary>
    public static string InputKey(TenantId tenant, TaskId id, MediaKind kind) =>
        $"inputs/{tenant.Value}/{id.Value}/{(kind == MediaKind.Image ? "image" : "video")}";

    /// <summary>Blob key of the result.</summary>
    public string ResultKey => $"results/{Tenant.Value}/{Id.Value}/0.mp4";

    /// <summary>
    /// Blob keys of all bytes that are kept for the task, whether they are there or not: a task that failed while its inputs or its
    /// output were copied may have some that it does not name.
    /// </summary>
    public IReadOnlyList<string> MediaKeys =>
        [InputKey(Tenant, Id, MediaKind.Image), InputKey(Tenant, Id, MediaKind.Video), ResultKey];
}
