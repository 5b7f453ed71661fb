using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Simulation.Planted;

/// <summary>A connection to the tasks of which one thing is wrong.</summary>
internal class ChangedTasks(ITaskStore inner) : ITaskStore
{
    public virtual Task<GenerationTask?> FindAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        inner.FindAsync(tenant, id, cancellationToken);

    public virtual Task<CommitOutcome> CommitAsync(TaskUnit unit, CancellationToken cancellationToken) => inner.CommitAsync(unit, cancellationToken);

    public virtual Task<IReadOnlyList<GenerationTask>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        inner.ListAsync(query, cancellationToken);

    public virtual Task<IReadOnlyList<TaskEvent>> HistoryAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        inner.HistoryAsync(tenant, id, cancellationToken);

    public virtual Task<IdempotencyRecord?> FindIdempotencyKeyAsync(
        TenantId tenant, string key, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        inner.FindIdempotencyKeyAsync(tenant, key, notBefore, cancellationToken);

    public virtual Task<IReadOnlyList<TaskKey>> ClaimDueAsync(
        int shard, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
        inner.ClaimDueAsync(shard, now, leaseUntil, limit, cancellationToken);

    public virtual Task<int> MakeUnfinishedDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        inner.MakeUnfinishedDueAsync(now, cancellationToken);
}
