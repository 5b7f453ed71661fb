using System.Collections.Immutable;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;

namespace Platform.Domain.Tasks;

/// <summary>A step of a task that moves no credits, as one commit.</summary>
/// <param name="Task">The task afterwards; its version is one more than <paramref name="ExpectedVersion"/>.</param>
/// <param name="ExpectedVersion">The version that it was decided on; the fence.</param>
/// <param name="Events">What happened.</param>
/// <param name="DueAt">When a sweeper is to look after it; null for never (terminal).</param>
public sealed record TaskUnit(GenerationTask Task, long ExpectedVersion, ImmutableArray<TaskEvent> Events, DateTimeOffset? DueAt);

/// <summary>Names a task.</summary>
public readonly record struct TaskKey(TenantId Tenant, TaskId Id);

/// <summary>Which tasks of a tenant are listed, newest first.</summary>
public sealed record TaskQuery
{
    /// <summary>Whose tasks.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Most tasks to return, 1–100.</summary>
    public required int Limit { get; init; }

    /// <summary>Only tasks behind this place in the order; null for the newest.</summary>
    public TaskCursor? After { get; init; }

    /// <summary>Only tasks of this status.</summary>
    public GenerationStatus? Status { get; init; }

    /// <summary>Only tasks of this model.</summary>
    public string? Model { get; init; }

    /// <summary>Only tasks of one of these models; null for all. None, where it is empty.</summary>
    public IReadOnlyCollection<string>? AnyOfModels { get; init; }

    /// <summary>Only tasks of this user of the caller's own.</summary>
    public string? EndUser { get; init; }

    /// <summary>Only tasks that have all of these pairs of metadata; compared character by character.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Only tasks created at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only tasks created before this time.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>A place in the list of tasks: by creation (to the millisecond), then by id, both falling.</summary>
public readonly record struct TaskCursor(DateTimeOffset CreatedAt, TaskId Id);

/// <summary>A task, and the sequence of the entry that holds its credits.</summary>
public sealed record UnansweredTask(GenerationTask Task, long Sequence);

/// <summary>Keeps tasks, their history and their schedule.</summary>
public interface ITaskStore
{
    /// <summary>A task as it is committed, or null where the tenant has none of this id.</summary>
    Task<GenerationTask?> FindAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken);

    /// <summary>Commits a step, durably, or not at all.</summary>
    Task<CommitOutcome> CommitAsync(TaskUnit unit, CancellationToken cancellationToken);

    /// <summary>Lists tasks of one tenant.</summary>
    Task<IReadOnlyList<GenerationTask>> ListAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>All events of a task, oldest first.</summary>
    Task<IReadOnlyList<TaskEvent>> HistoryAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken);

    /// <summary>The record of an idempotency key that was stored after <paramref name="notBefore"/>, or null.</summary>
    Task<IdempotencyRecord?> FindIdempotencyKeyAsync(TenantId tenant, string key, DateTimeOffset notBefore, CancellationToken cancellationToken);

    /// <summary>
    /// Tasks that were accepted without an idempotency key by entries of the account behind <paramref name="afterSequence"/>, and after
    /// <paramref name="notBefore"/>; newest first. For a start on what another left, not for every create.
    /// </summary>
    /// <param name="tenant">Whose tasks.</param>
    /// <param name="afterSequence">Only tasks whose hold has a greater sequence.</param>
    /// <param name="notBefore">Only tasks created later.</param>
    /// <param name="limit">Most tasks.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<IReadOnlyList<UnansweredTask>> ListUnansweredAsync(
        TenantId tenant, long afterSequence, DateTimeOffset notBefore, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Takes unfinished tasks of a shard that are due at <paramref name="now"/>, longest due first, and moves their due time to
    /// <paramref name="leaseUntil"/>, so that no other sweeper takes them meanwhile. Nothing is written where nothing is due.
    /// </summary>
    Task<IReadOnlyList<TaskKey>> ClaimDueAsync(int shard, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Makes all unfinished tasks due at <paramref name="now"/> that do not wait for a place in flight: for a start of the only process,
    /// when nobody can be working on them. Returns how many.
    /// </summary>
    Task<int> MakeUnfinishedDueAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
