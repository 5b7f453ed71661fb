using Platform.Domain;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Changes;

namespace Platform.Storage.Memory;

/// <summary>
/// The store in memory: for tests and for the simulation, which is why it can be seen. One lock; what it gives out is immutable and
/// is what a database would give back (times in whole milliseconds, documents written and read once). It enforces the same fences and
/// the same constraints. A test double may weaken one of them, to show that the checks above it would notice.
/// </summary>
public partial class MemoryStore : IStoreMaintenance, ITaskChanges
{
    private readonly Lock _lock = new();
    private readonly TaskChangeFeed _changes = new();

    /// <inheritdoc/>
    public Task MigrateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public IAsyncEnumerable<TaskChange> ListenAsync(TenantId tenant, CancellationToken cancellationToken) =>
        _changes.ListenAsync(tenant, cancellationToken);

    /// <summary>Whether a unit that meets a fence which does not hold loses; always, but in a test double.</summary>
    protected virtual bool Loses(CommitOutcome.Lost lost) => true;

    /// <summary>Whether a constraint is enforced; always, but in a test double.</summary>
    protected virtual bool Enforces(StoreConstraint constraint) => true;

    private void Demand(StoreConstraint constraint, bool holds, string subject)
    {
        if (!holds && Enforces(constraint))
        {
            throw new StorageException($"The constraint {constraint} does not hold for {subject}.");
        }
    }

    private Task<T> WithLock<T>(Func<T> act, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            lock (_lock)
            {
                return Task.FromResult(act());
            }
        }
#pragma warning disable CA1031 // A task tells of its failure, it does not throw it at the call.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(exception);
        }
    }
}

/// <summary>The last walls of the store, behind the fences. To run into one is a bug of the caller.</summary>
public enum StoreConstraint
{
    /// <summary>Neither what can be spent, nor what is set aside, nor what was earned is negative.</summary>
    BalanceNotNegative = 1,

    /// <summary>The postings of an entry sum to zero.</summary>
    PostingsSumToZero = 2,

    /// <summary>A ledger has one entry for each sequence.</summary>
    OneEntryPerSequence = 3,

    /// <summary>A ledger has one entry for each kind and operation id.</summary>
    OneEntryPerOperation = 4,

    /// <summary>A task that is resolved or promoted has an open hold.</summary>
    HoldIsOpen = 5,

    /// <summary>What is settled and what is released of a hold make up the hold; only a completed task settles.</summary>
    HoldEndsWhole = 6,

    /// <summary>A task has one resolution and one message of its end; the id of a message is unique.</summary>
    OneEndPerTask = 7,

    /// <summary>A slot of a provider account is one attempt's, and a task has one slot at most.</summary>
    OneSlotPerTask = 8,
}
