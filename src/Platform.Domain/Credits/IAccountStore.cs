using Platform.Domain.Tenants;

namespace Platform.Domain.Credits;

/// <summary>Loads accounts and commits what happens to them.</summary>
public interface IAccountStore
{
    /// <summary>The account with its open holds as they are committed; an account that had no entry yet is at version 0.</summary>
    Task<Account> LoadAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Commits a unit, durably, or not at all. Units of several accounts may share one transaction; none takes another with it.</summary>
    Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken);

    /// <summary>The ledger entry of an operation, or null: how to learn what became of a commit whose answer was lost.</summary>
    Task<LedgerEntry?> FindEntryAsync(TenantId tenant, LedgerEntryKind kind, string operationId, CancellationToken cancellationToken);

    /// <summary>Entries of a ledger, newest first.</summary>
    /// <param name="tenant">Whose ledger.</param>
    /// <param name="before">Only entries with a smaller sequence; null for the newest.</param>
    /// <param name="limit">Most entries, 1–1000.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<IReadOnlyList<LedgerEntry>> ListEntriesAsync(TenantId tenant, long? before, int limit, CancellationToken cancellationToken);
}
