using System.Collections.Immutable;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Domain.Credits;

/// <summary>
/// Everything that one commit does to one account and to the tasks that caused it: all of it or nothing. Its fences are the account's
/// version, the version of each task that ends, and the absence of each idempotency key, grant and adjustment that it brings.
/// </summary>
public sealed record AccountUnit
{
    /// <summary>Whose account it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The version that the unit was decided on; lost where the account has another.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>The account afterwards; its version is <see cref="ExpectedVersion"/> plus the number of entries.</summary>
    public required Account After { get; init; }

    /// <summary>New entries of the ledger; sequences follow <see cref="ExpectedVersion"/> without a gap.</summary>
    public required ImmutableArray<LedgerEntry> Entries { get; init; }

    /// <summary>Tasks that are accepted.</summary>
    public ImmutableArray<AcceptedTask> Accepted { get; init; } = [];

    /// <summary>Tasks that end.</summary>
    public ImmutableArray<ResolvedTask> Resolved { get; init; } = [];

    /// <summary>Tasks that waited and now have a place in flight.</summary>
    public ImmutableArray<PromotedTask> Promoted { get; init; } = [];
}

/// <summary>A task that a unit accepts.</summary>
/// <param name="Task">The task, at version 1.</param>
/// <param name="Events">Its first events.</param>
/// <param name="Hold">Its hold, as it was placed.</param>
/// <param name="DueAt">When a sweeper is to look after it.</param>
/// <param name="Idempotency">The caller's idempotency key, or null.</param>
public sealed record AcceptedTask(
    GenerationTask Task, ImmutableArray<TaskEvent> Events, Hold Hold, DateTimeOffset DueAt, IdempotencyRecord? Idempotency);

/// <summary>A task that a unit ends.</summary>
/// <param name="Task">The task afterwards; terminal.</param>
/// <param name="ExpectedVersion">The version that its end was decided on.</param>
/// <param name="Events">Its last events.</param>
/// <param name="Resolution">What became of its hold.</param>
/// <param name="Outbox">The message that tells of it.</param>
public sealed record ResolvedTask(
    GenerationTask Task, long ExpectedVersion, ImmutableArray<TaskEvent> Events, TaskResolution Resolution, OutboxMessage Outbox);

/// <summary>A task that got a place in flight.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="DueAt">When a sweeper is to look after it.</param>
public sealed record PromotedTask(TaskId TaskId, DateTimeOffset DueAt);

/// <summary>What became of a task's hold when it ended. There is exactly one for each terminal task.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Outcome"><see cref="GenerationStatus.Completed"/>, <see cref="GenerationStatus.Failed"/> or <see cref="GenerationStatus.Cancelled"/>.</param>
/// <param name="Settled">Credits earned.</param>
/// <param name="Released">Credits given back.</param>
/// <param name="BilledSeconds">Seconds billed; 0 unless completed.</param>
/// <param name="At">When it was decided.</param>
public sealed record TaskResolution(
    TaskId TaskId, GenerationStatus Outcome, CreditAmount Settled, CreditAmount Released, int BilledSeconds, DateTimeOffset At);

/// <summary>A caller's idempotency key, stored in the commit of the task that it made.</summary>
/// <param name="Key">The key, 1–255 characters; unique in the tenant while it is kept.</param>
/// <param name="BodyDigest">SHA-256 of the canonical body, hexadecimal.</param>
/// <param name="TaskId">The task.</param>
/// <param name="CreatedAt">When it was stored.</param>
public sealed record IdempotencyRecord(string Key, string BodyDigest, TaskId TaskId, DateTimeOffset CreatedAt)
{
    /// <summary>What became of a whole batch, of which <see cref="TaskId"/> is the first task; null for a single task.</summary>
    public BatchAnswer? Batch { get; init; }

    /// <summary>How long a key is kept at least; older ones may be used anew.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);
}
