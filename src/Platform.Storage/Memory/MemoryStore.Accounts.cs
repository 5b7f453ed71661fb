using System.Collections.Immutable;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Commits;

namespace Platform.Storage.Memory;

public partial class MemoryStore : IAccountStore
{
    /// <inheritdoc/>
    public Task<Account> LoadAsync(TenantId tenant, CancellationToken cancellationToken) =>
        WithLock(() => Books(tenant) is { } books ? Restore(books) : Account.Open(tenant), cancellationToken);

    /// <inheritdoc/>
    public virtual Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken) =>
        WithLock<CommitOutcome>(
            () =>
            {
                UnitShape.Check(unit);
                if (UnitFences.FirstLost(unit, _view, Loses) is { } lost)
                {
                    return lost;
                }

                // All that can throw comes before the first change.
                var write = Prepare(unit);
                CheckConstraints(unit, Books(unit.Tenant) ?? new() { Account = Account.Open(unit.Tenant) });
                write();
                var committed = new CommitOutcome.Committed();
                _changes.Publish(unit, committed);
                return committed;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<LedgerEntry?> FindEntryAsync(
        TenantId tenant, LedgerEntryKind kind, string operationId, CancellationToken cancellationToken) =>
        WithLock(() => Books(tenant)?.Operations.GetValueOrDefault((kind, operationId)), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerEntry>> ListEntriesAsync(
        TenantId tenant, long? before, int limit, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<LedgerEntry>>(
            () => Books(tenant) is { } books
                ? [.. books.Entries.AsEnumerable().Reverse().Where(e => e.Sequence < (before ?? long.MaxValue)).Take(limit)]
                : [],
            cancellationToken);

    private static Account Restore(BooksState books)
    {
        var row = books.Account;
        return Account.Restore(
            row.Tenant,
            row.Version,
            row.Available,
            row.Held,
            row.Settled,
            row.Lots,
            books.Holds.Values.Where(h => h.IsOpen).Select(h => h.Hold),
            row.AnsweredThrough);
    }

    private void CheckConstraints(AccountUnit unit, BooksState books)
    {
        Demand(StoreConstraint.BalanceNotNegative, NotNegative(unit.After.Available, unit.After.Held, unit.After.Settled), "the account");
        var operations = new HashSet<(LedgerEntryKind, string)>();
        foreach (var entry in unit.Entries)
        {
            var subject = $"entry {entry.Sequence}";
            Demand(StoreConstraint.BalanceNotNegative, NotNegative(entry.AvailableAfter, entry.HeldAfter), subject);
            Demand(StoreConstraint.PostingsSumToZero, entry.Postings.Sum == 0, subject);
            Demand(StoreConstraint.OneEntryPerSequence, !books.Sequences.Contains(entry.Sequence), subject);
            var operation = (entry.Kind, entry.OperationId);
            Demand(StoreConstraint.OneEntryPerOperation, operations.Add(operation) && !books.Operations.ContainsKey(operation), subject);
        }

        var open = books.Holds.Values.Where(h => h.IsOpen).Select(h => h.Hold)
            .Concat(unit.Accepted.Select(a => a.Hold))
            .GroupBy(h => h.TaskId)
            .ToDictionary(g => g.Key, g => g.First().Amount);
        foreach (var resolved in unit.Resolved)
        {
            var resolution = resolved.Resolution;
            var subject = $"task {resolution.TaskId}";
            Demand(StoreConstraint.HoldIsOpen, open.Remove(resolution.TaskId, out var amount), subject);
            Demand(StoreConstraint.HoldEndsWhole, resolution.Settled + resolution.Released == amount, subject);
            Demand(
                StoreConstraint.HoldEndsWhole,
                resolution.Outcome == GenerationStatus.Completed || resolution.Settled == CreditAmount.Zero,
                subject);
            Demand(StoreConstraint.OneEndPerTask, !books.Resolutions.ContainsKey(resolution.TaskId), subject);
            Demand(StoreConstraint.OneEndPerTask, !_messages.Contains(resolved.Outbox.Id), subject);
        }

        foreach (var promoted in unit.Promoted)
        {
            Demand(StoreConstraint.HoldIsOpen, open.ContainsKey(promoted.TaskId), $"task {promoted.TaskId}");
        }
    }

    private static bool NotNegative(params ReadOnlySpan<CreditAmount> amounts)
    {
        foreach (var amount in amounts)
        {
            if (amount < CreditAmount.Zero)
            {
                return false;
            }
        }

        return true;
    }

    private Action Prepare(AccountUnit unit)
    {
        var lots = AsStored.Of(unit.After.Lots);
        ImmutableArray<LedgerEntry> entries = [.. unit.Entries.Select(AsStored.Of)];
        ImmutableArray<AcceptedTask> accepted =
        [
            .. unit.Accepted.Select(a => a with
            {
                Task = AsStored.Of(a.Task),
                Events = AsStored.Of(a.Events),
                Hold = AsStored.Of(a.Hold),
                Idempotency = a.Idempotency is null ? null : AsStored.Of(a.Idempotency),
            }),
        ];
        ImmutableArray<ResolvedTask> resolved =
        [
            .. unit.Resolved.Select(r => r with
            {
                Task = AsStored.Of(r.Task),
                Events = AsStored.Of(r.Events),
                Resolution = AsStored.Of(r.Resolution),
            }),
        ];
        return () =>
        {
            var books = OpenBooks(unit.Tenant);
            books.Account = unit.After with
            {
                Lots = lots,
                Holds = ImmutableDictionary<TaskId, Hold>.Empty,
                Queue = ImmutableSortedDictionary<long, TaskId>.Empty,
            };
            Array.ForEach([.. accepted], a => Accept(books, a));
            Array.ForEach([.. entries], e => Book(books, e));
            Array.ForEach([.. resolved], r => Resolve(books, r));
            Array.ForEach([.. unit.Promoted], p => Promote(books, unit.Tenant, p));
        };
    }

    private void Accept(BooksState books, AcceptedTask accepted)
    {
        var task = new TaskState
        {
            Task = accepted.Task,
            Shard = TaskShard.Of(accepted.Task.Tenant, accepted.Task.Id),
            Events = accepted.Events,
            DueAt = UnixTime.Truncate(accepted.DueAt),
            Queued = accepted.Hold.Queued,
        };
        _tasks[new(accepted.Task.Tenant, accepted.Task.Id)] = task;
        books.Tasks.Add(task);
        books.Holds[accepted.Hold.TaskId] = new(accepted.Hold, IsOpen: true, CreditAmount.Zero, CreditAmount.Zero);
        if (accepted.Idempotency is { } record)
        {
            books.Keys[record.Key] = record;
        }
    }

    private static void Book(BooksState books, LedgerEntry entry)
    {
        books.Entries.Add(entry);
        books.Sequences.Add(entry.Sequence);
        books.Operations[(entry.Kind, entry.OperationId)] = entry;
    }

    private void Resolve(BooksState books, ResolvedTask resolved)
    {
        Advance(_tasks[new(resolved.Task.Tenant, resolved.Task.Id)], resolved.Task, resolved.Events, null);
        Write(new(resolved.Task.Tenant, resolved.Task.Id), UpstreamEffects.Of(resolved.Task, resolved.Events));
        var resolution = resolved.Resolution;
        if (books.Holds.TryGetValue(resolution.TaskId, out var hold))
        {
            books.Holds[resolution.TaskId] = new(hold.Hold with { Queued = false }, IsOpen: false, resolution.Settled, resolution.Released);
        }

        books.Resolutions[resolution.TaskId] = resolution;
        books.Outbox[resolution.TaskId] = resolved.Outbox;
        _messages.Add(resolved.Outbox.Id);
        Enter(resolved.Task.Tenant, resolved.Outbox);
    }

    private void Promote(BooksState books, TenantId tenant, PromotedTask promoted)
    {
        var hold = books.Holds[promoted.TaskId];
        books.Holds[promoted.TaskId] = hold with { Hold = hold.Hold with { Queued = false } };
        var task = _tasks[new(tenant, promoted.TaskId)];
        task.Queued = false;
        task.DueAt = UnixTime.Truncate(promoted.DueAt);
    }
}
