using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Storage.Memory;

namespace Platform.Grains.Tests.Tenants;

/// <summary>A store of accounts that answers later, and fails where it is told to.</summary>
internal sealed class FaultyAccounts(MemoryStore inner) : IAccountStore
{
    public int Commits { get; private set; }

    /// <summary>Given the number of the commit from 1 and what commits.</summary>
    public Func<int, Func<Task<CommitOutcome>>, Task<CommitOutcome>> OnCommit { get; set; } = (_, commit) => commit();

    /// <summary>Given the number of the load from 1; throws to fail it.</summary>
    public Action<int> OnLoad { get; set; } = _ => { };

    public int Loads { get; private set; }

    public async Task<Account> LoadAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await Task.Yield();
        OnLoad(++Loads);
        return await inner.LoadAsync(tenant, cancellationToken);
    }

    public async Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken)
    {
        var number = ++Commits;
        await Task.Yield();
        return await OnCommit(number, () => inner.CommitAsync(unit, cancellationToken));
    }

    public async Task<LedgerEntry?> FindEntryAsync(TenantId tenant, LedgerEntryKind kind, string operationId, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await inner.FindEntryAsync(tenant, kind, operationId, cancellationToken);
    }

    public Task<IReadOnlyList<LedgerEntry>> ListEntriesAsync(TenantId tenant, long? before, int limit, CancellationToken cancellationToken) =>
        inner.ListEntriesAsync(tenant, before, limit, cancellationToken);
}
