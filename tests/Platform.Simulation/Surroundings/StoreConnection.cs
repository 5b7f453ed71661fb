using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Simulation.Kernel;
using Platform.Storage;

namespace Platform.Simulation.Surroundings;

/// <summary>
/// A connection to the store, which is the real one in memory. It answers later; it fails before a commit, after it, or says
/// that it failed and commits then; what a dead silo had sent may still be committed.
/// </summary>
internal sealed class StoreConnection(World world, ICaller caller) : IAccountStore, ITaskStore, ITenantStore
{
    public Task<Account> LoadAsync(TenantId tenant, CancellationToken cancellationToken) =>
        ReadAsync("account read", () => world.Accounts.LoadAsync(tenant, CancellationToken.None));

    public Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken) =>
        CommitAsync("account commit", () => world.Books.Commit(unit));

    public Task<CommitOutcome> CommitAsync(TaskUnit unit, CancellationToken cancellationToken) =>
        CommitAsync("task commit", () => world.Books.Commit(unit));

    public Task<LedgerEntry?> FindEntryAsync(TenantId tenant, LedgerEntryKind kind, string operationId, CancellationToken cancellationToken) =>
        ReadAsync("entry read", () => world.Accounts.FindEntryAsync(tenant, kind, operationId, CancellationToken.None));

    public Task<IReadOnlyList<LedgerEntry>> ListEntriesAsync(TenantId tenant, long? before, int limit, CancellationToken cancellationToken) =>
        ReadAsync("entry read", () => world.Accounts.ListEntriesAsync(tenant, before, limit, CancellationToken.None));

    public Task<GenerationTask?> FindAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        ReadAsync("task read", () => world.Tasks.FindAsync(tenant, id, CancellationToken.None));

    public Task<IReadOnlyList<GenerationTask>> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        ReadAsync("task read", () => world.Tasks.ListAsync(query, CancellationToken.None));

    public Task<IReadOnlyList<TaskEvent>> HistoryAsync(TenantId tenant, TaskId id, CancellationToken cancellationToken) =>
        ReadAsync("task read", () => world.Tasks.HistoryAsync(tenant, id, CancellationToken.None));

    public Task<IdempotencyRecord?> FindIdempotencyKeyAsync(
        TenantId tenant, string key, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        ReadAsync("key read", () => world.Tasks.FindIdempotencyKeyAsync(tenant, key, notBefore, CancellationToken.None));

    public Task<IReadOnlyList<TaskKey>> ClaimDueAsync(
        int shard, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
        CommitAsync("claim", () => Now(world.Tasks.ClaimDueAsync(shard, now, leaseUntil, limit, CancellationToken.None)));

    public Task<int> MakeUnfinishedDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        CommitAsync("claim", () => Now(world.Tasks.MakeUnfinishedDueAsync(now, CancellationToken.None)));

    public Task<Tenant?> FindTenantAsync(TenantId id, CancellationToken cancellationToken) =>
        ReadAsync("tenant read", () => world.Memory.FindTenantAsync(id, CancellationToken.None));

    public Task<bool> AddTenantAsync(Tenant tenant, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> AddKeyAsync(ApiKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ApiKey?> FindKeyByHashAsync(string secretHash, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> RevokeKeyAsync(TenantId tenant, string keyId, DateTimeOffset now, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    // The store in memory answers at once; when its answer arrives is the wire's affair.
    public static T Now<T>(Task<T> answered) => answered.IsCompleted
        ? answered.GetAwaiter().GetResult()
        : throw new InvalidOperationException("The store in memory is expected to answer at once.");

    private Task<T> ReadAsync<T>(string kind, Func<Task<T>> read) =>
        world.Wire.CallAsync(caller, kind, world.Mishaps.OfRead(), () => Now(read()), Unreachable);

    private Task<T> CommitAsync<T>(string kind, Func<T> commit) =>
        world.Wire.CallAsync(caller, kind, world.Mishaps.OfCommit(), commit, Unreachable);

    private static StorageException Unreachable() => new("The connection broke.");
}
