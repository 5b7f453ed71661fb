using System.Collections.Immutable;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Commits;

namespace Platform.Storage.Memory;

public partial class MemoryStore : ITaskStore
{
    /// <inheritdoc/>
    public Task<GenerationTask?> FindAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        WithLock(() => _tasks.GetValueOrDefault(new(tenant, id))?.Task, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<CommitOutcome> CommitAsync(TaskUnit unit, CancellationToken cancellationToken) =>
        WithLock<CommitOutcome>(
            () =>
            {
                UnitShape.Check(unit);
                var key = new TaskKey(unit.Task.Tenant, unit.Task.Id);
                var effects = UpstreamEffects.Of(unit.Task, unit.Events);
                if (UnitFences.FirstLost(unit, effects, _view, Loses) is { } lost)
                {
                    return lost;
                }

                CheckConstraints(key, effects);

                Advance(
                    _tasks[key], AsStored.Of(unit.Task), AsStored.Of(unit.Events), UnixTime.Truncate(unit.DueAt));
                Write(key, effects);
                var committed = new CommitOutcome.Committed();
                _changes.Publish(unit, committed);
                return committed;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<GenerationTask>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<GenerationTask>>(
            () => [.. Matching(query).Take(query.Limit)], cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskEvent>> HistoryAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<TaskEvent>>(
            () => _tasks.TryGetValue(new(tenant, id), out var task) ? task.Events : [], cancellationToken);

    /// <inheritdoc/>
    public Task<IdempotencyRecord?> FindIdempotencyKeyAsync(
        TenantId tenant, string key, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        WithLock(
            () => Books(tenant)?.Keys.GetValueOrDefault(key) is { } record && record.CreatedAt > UnixTime.Truncate(notBefore) ? record : null,
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UnansweredTask>> ListUnansweredAsync(
        TenantId tenant, long afterSequence, DateTimeOffset notBefore, int limit, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<UnansweredTask>>(
            () =>
            [
                .. (Books(tenant)?.Entries ?? [])
                    .Where(e => e.Kind == LedgerEntryKind.Hold && e.Sequence > afterSequence)
                    .Select(e => new UnansweredTask(_tasks[new(tenant, e.TaskId!.Value)].Task, e.Sequence))
                    .Where(u => u.Task.BodyDigest is not null && u.Task.CreatedAt > UnixTime.Truncate(notBefore))
                    .OrderByDescending(u => u.Sequence)
                    .Take(limit),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskKey>> ClaimDueAsync(
        int shard, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<TaskKey>>(
            () =>
            {
                var due = _tasks
                    .Where(t => t.Value.Shard == shard && t.Value.DueAt <= UnixTime.Truncate(now))
                    .OrderBy(t => t.Value.DueAt)
                    .Take(limit)
                    .ToList();
                due.ForEach(t => t.Value.DueAt = UnixTime.Truncate(leaseUntil));
                return due.ConvertAll(t => t.Key);
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> MakeUnfinishedDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                var unfinished = _tasks.Values.Where(t => t is { Queued: false, DueAt: not null }).ToList();
                unfinished.ForEach(t => t.DueAt = UnixTime.Truncate(now));
                return unfinished.Count;
            },
            cancellationToken);

    private static void Advance(TaskState state, GenerationTask task, ImmutableArray<TaskEvent> events, DateTimeOffset? dueAt)
    {
        state.Task = task;
        state.Events = state.Events.AddRange(events);
        state.DueAt = task.IsTerminal ? null : dueAt;
        state.Queued = state.Queued && !task.IsTerminal;
    }

    private IEnumerable<GenerationTask> Matching(TaskQuery query) => (Books(query.Tenant)?.Tasks ?? [])
        .Select(t => t.Task)
        .Where(t => Matches(t, query))
        .OrderByDescending(t => t.CreatedAt)
        .ThenByDescending(t => t.Id.Value, StringComparer.Ordinal);

    private static bool Matches(GenerationTask task, TaskQuery query) =>
        (query.After is not { } after || IsBehind(task, after))
        && (query.Status is null || task.Status == query.Status)
        && (query.Model is null || string.Equals(task.Request.Model, query.Model, StringComparison.Ordinal))
        && (query.AnyOfModels is null || query.AnyOfModels.Contains(task.Request.Model, StringComparer.Ordinal))
        && (query.EndUser is null || string.Equals(task.Request.EndUser, query.EndUser, StringComparison.Ordinal))
        && query.Metadata.All(p => task.Request.Metadata.TryGetValue(p.Key, out var value) && string.Equals(value, p.Value, StringComparison.Ordinal))
        && (query.From is null || task.CreatedAt >= UnixTime.Truncate(query.From))
        && (query.To is null || task.CreatedAt < UnixTime.Truncate(query.To));

    private static bool IsBehind(GenerationTask task, TaskCursor after)
    {
        var byTime = task.CreatedAt.CompareTo(UnixTime.Truncate(after.CreatedAt));
        return byTime < 0 || (byTime == 0 && string.CompareOrdinal(task.Id.Value, after.Id.Value) < 0);
    }
}
