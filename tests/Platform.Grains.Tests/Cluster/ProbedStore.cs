using System.Collections.Concurrent;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Memory;

namespace Platform.Grains.Tests.Cluster;

/// <summary>The store as the grains see it: like a database it answers later, and like one it may fail as a test's script says.</summary>
public sealed class ProbedStore(World world) : IAccountStore, ITaskStore
{
    /// <summary>What sweepers have claimed, and when.</summary>
    public ConcurrentQueue<(DateTimeOffset At, IReadOnlyList<TaskKey> Tasks)> Claims { get; } = new();

    private MemoryStore Accounts => world.Memory;

    private MemoryStore Tasks => world.Memory;

    public Task<Account> LoadAsync(TenantId tenant, CancellationToken cancellationToken) => LaterAsync(() => Accounts.LoadAsync(tenant, cancellationToken));

    public Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken)
    {
        var script = world.Script(unit.Tenant.Value);
        script.AccountCommits++;
        return LaterAsync(() => script.OnAccountCommit(unit, () => Accounts.CommitAsync(unit, cancellationToken)));
    }

    public Task<LedgerEntry?> FindEntryAsync(TenantId tenant, LedgerEntryKind kind, string operationId, CancellationToken cancellationToken) =>
        LaterAsync(() => Accounts.FindEntryAsync(tenant, kind, operationId, cancellationToken));

    public Task<IReadOnlyList<LedgerEntry>> ListEntriesAsync(TenantId tenant, long? before, int limit, CancellationToken cancellationToken) =>
        LaterAsync(() => Accounts.ListEntriesAsync(tenant, before, limit, cancellationToken));

    public Task<GenerationTask?> FindAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        LaterAsync(() => world.Script(tenant.Value).OnFindTask(() => Tasks.FindAsync(tenant, id, cancellationToken)));

    public Task<CommitOutcome> CommitAsync(TaskUnit unit, CancellationToken cancellationToken) =>
        LaterAsync(() => world.Script(unit.Task.Tenant.Value).OnTaskCommit(unit, () => Tasks.CommitAsync(unit, cancellationToken)));

    public Task<IReadOnlyList<GenerationTask>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        LaterAsync(() => Tasks.ListAsync(query, cancellationToken));

    public Task<IReadOnlyList<TaskEvent>> HistoryAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        LaterAsync(() => Tasks.HistoryAsync(tenant, id, cancellationToken));

    public Task<IdempotencyRecord?> FindIdempotencyKeyAsync(
        TenantId tenant, string key, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        LaterAsync(() => Tasks.FindIdempotencyKeyAsync(tenant, key, notBefore, cancellationToken));

    public Task<IReadOnlyList<UnansweredTask>> ListUnansweredAsync(
        TenantId tenant, long afterSequence, DateTimeOffset notBefore, int limit, CancellationToken cancellationToken) =>
        LaterAsync(() => Tasks.ListUnansweredAsync(tenant, afterSequence, notBefore, limit, cancellationToken));

    public Task<IReadOnlyList<TaskKey>> ClaimDueAsync(
        int shard, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
        LaterAsync(async () =>
        {
            var claimed = await Tasks.ClaimDueAsync(shard, now, leaseUntil, limit, cancellationToken);
            if (claimed.Count > 0)
            {
                Claims.Enqueue((now, claimed));
            }

            return claimed;
        });

    public Task<int> MakeUnfinishedDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        LaterAsync(() => Tasks.MakeUnfinishedDueAsync(now, cancellationToken));

    private static async Task<T> LaterAsync<T>(Func<Task<T>> act)
    {
        await Task.Yield();
        return await act();
    }
}
