using System.Collections.Immutable;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Storage.Memory;

namespace Platform.Simulation.Planted;

/// <summary>Two silos that write one account are not told apart.</summary>
internal sealed class AccountFenceRemoved : PlantedBug
{
    public override MemoryStore CreateStore() => new WeakStore(Fence.AccountVersion);
}

/// <summary>What concurrent writers decided is added up, without looking at what is there by then.</summary>
internal sealed class ConcurrentReservesAddedUp : PlantedBug
{
    public override MemoryStore CreateStore() => new Adding();

    private sealed class Adding() : WeakStore(Fence.AccountVersion)
    {
        public override async Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken)
        {
            var now = await LoadAsync(unit.Tenant, cancellationToken);
            if (now.Version == unit.ExpectedVersion || unit.Entries.IsEmpty)
            {
                return await base.CommitAsync(unit, cancellationToken);
            }

            var (available, held, settled, sequence) = (now.Available, now.Held, now.Settled, now.Version);
            var entries = ImmutableArray.CreateBuilder<LedgerEntry>();
            foreach (var entry in unit.Entries)
            {
                available += entry.Postings.Available;
                held += entry.Postings.Held;
                settled += entry.Postings.Revenue;
                entries.Add(entry with { Sequence = ++sequence, AvailableAfter = available, HeldAfter = held });
            }

            return await base.CommitAsync(
                unit with
                {
                    ExpectedVersion = now.Version,
                    Entries = entries.ToImmutable(),
                    After = unit.After with
                    {
                        Version = sequence,
                        Available = available,
                        Held = held,
                        Settled = settled,
                        Lots = available > CreditAmount.Zero ? [new("all", available, null)] : [],
                    },
                },
                cancellationToken);
        }
    }
}

/// <summary>A stale activation's step overwrites what a task has become.</summary>
internal sealed class TaskFenceRemoved : PlantedBug
{
    public override MemoryStore CreateStore() => new WeakStore(Fence.TaskVersion);
}

/// <summary>A grant's id is not looked at: it is booked as often as it is sent.</summary>
internal sealed class OperationIdIgnored : PlantedBug
{
    public override MemoryStore CreateStore() => new WeakStore(Fence.Operation);

    public override IAccountStore Wrap(IAccountStore store) => new ChangedUnits(store, unit => unit, findsEntries: false);
}

/// <summary>An idempotency key is not looked at.</summary>
internal sealed class IdempotencyKeyIgnored : PlantedBug
{
    public override MemoryStore CreateStore() => new WeakStore(Fence.IdempotencyKey);

    public override ITaskStore Wrap(ITaskStore store) => new Forgetful(store);

    private sealed class Forgetful(ITaskStore inner) : ChangedTasks(inner)
    {
        public override Task<IdempotencyRecord?> FindIdempotencyKeyAsync(
            Domain.Tenants.TenantId tenant, string key, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
            Task.FromResult<IdempotencyRecord?>(null);
    }
}

/// <summary>The account's row is not written in the transaction of the entries, and a crash comes between.</summary>
internal sealed class TornCommit : PlantedBug
{
    public override MemoryStore CreateStore() => new Torn();

    private sealed class Torn : WeakStore
    {
        private int _commits;

        public override async Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken)
        {
            var before = await LoadAsync(unit.Tenant, cancellationToken);
            var after = ++_commits % 16 == 0 ? unit.After with { Available = before.Available, Held = before.Held } : unit.After;
            return await base.CommitAsync(unit with { After = after }, cancellationToken);
        }
    }
}

/// <summary>The message of a cancelled task is not written.</summary>
internal sealed class OutboxRowMissing : PlantedBug
{
    public override MemoryStore CreateStore() => new Silent();

    private sealed class Silent : MemoryStore, IBooksReader
    {
        async Task<IBooksSnapshot> IBooksReader.OpenAsync(CancellationToken cancellationToken) => new Snapshot(await OpenAsync(cancellationToken));
    }

    private sealed class Snapshot(IBooksSnapshot inner) : IBooksSnapshot
    {
        public IAsyncEnumerable<AccountRow> AccountsAsync(CancellationToken cancellationToken) => inner.AccountsAsync(cancellationToken);

        public IAsyncEnumerable<LedgerEntry> EntriesAsync(Domain.Tenants.TenantId tenant, CancellationToken cancellationToken) =>
            inner.EntriesAsync(tenant, cancellationToken);

        public IAsyncEnumerable<TaskBooks> TasksAsync(Domain.Tenants.TenantId tenant, CancellationToken cancellationToken) =>
            inner.TasksAsync(tenant, cancellationToken).Select(t => t.Status == GenerationStatus.Cancelled ? t with { OutboxMessages = 0 } : t);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}

/// <summary>A statement is corrected afterwards instead of by an entry.</summary>
internal sealed class HistoryRewritten : PlantedBug
{
    public override MemoryStore CreateStore() => new Rewriting();

    private sealed class Rewriting : MemoryStore, IBooksReader
    {
        async Task<IBooksSnapshot> IBooksReader.OpenAsync(CancellationToken cancellationToken) => new Snapshot(await OpenAsync(cancellationToken));
    }

    private sealed class Snapshot(IBooksSnapshot inner) : IBooksSnapshot
    {
        public IAsyncEnumerable<AccountRow> AccountsAsync(CancellationToken cancellationToken) => inner.AccountsAsync(cancellationToken);

        // Once something is settled, the notes of the grants are edited.
        public async IAsyncEnumerable<LedgerEntry> EntriesAsync(
            Domain.Tenants.TenantId tenant, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var entries = await inner.EntriesAsync(tenant, cancellationToken).ToListAsync(cancellationToken);
            var isEdited = entries.Exists(e => e.Kind == LedgerEntryKind.Settlement);
            foreach (var entry in entries)
            {
                yield return isEdited && entry.Kind == LedgerEntryKind.Grant ? entry with { Note = "edited" } : entry;
            }
        }

        public IAsyncEnumerable<TaskBooks> TasksAsync(Domain.Tenants.TenantId tenant, CancellationToken cancellationToken) =>
            inner.TasksAsync(tenant, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
