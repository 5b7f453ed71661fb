using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Simulation.Surroundings;

namespace Platform.Simulation.Checks;

/// <summary>
/// Counts a tenant's books anew from its rows, by rules of its own: what the product's audit or its deciders believe does not matter
/// here. Remembers what it saw, so that nothing may change behind its back.
/// </summary>
internal sealed class Recount(World world)
{
    private readonly Dictionary<TenantId, List<LedgerEntry>> _ledgers = [];
    private readonly Dictionary<TaskKey, (long Version, GenerationStatus? End)> _tasks = [];

    /// <summary>Counts all that belongs to a tenant.</summary>
    public void Check(TenantId tenant)
    {
        var books = Read(tenant);
        var sums = Ledger(tenant, books.Entries);
        var account = world.Books.Load(tenant);
        Row(books.Row, sums);
        Holds(account, sums, books.Tasks);
        foreach (var task in books.Tasks)
        {
            Task(tenant, task, sums);
        }

        foreach (var (id, _) in sums.Moves)
        {
            world.Require(Invariant.TasksResolveOnce, books.Tasks.Exists(t => t.TaskId == id), () => $"{id} has entries and is no task");
        }

        world.Require(
            Invariant.AvailableIsNotNegative,
            account.Lots.Sum(l => l.Remaining.Value) == sums.Available && account.Lots.All(l => l.Remaining.Value > 0),
            () => $"the lots of {tenant} do not make {sums.Available}: {string.Join(", ", account.Lots)}");
    }

    /// <summary>What must hold once all tasks have ended.</summary>
    public void CheckAtRest(TenantId tenant)
    {
        var account = world.Books.Load(tenant);
        world.Require(Invariant.TasksEnd, account.Holds.IsEmpty, () => $"{tenant} still has {account.Holds.Count} holds");
        world.Require(Invariant.TasksEnd, account.Queue.IsEmpty, () => $"{tenant} still has a queue of {account.Queue.Count}");
    }

    private (AccountRow Row, List<LedgerEntry> Entries, List<TaskBooks> Tasks) Read(TenantId tenant)
    {
        var snapshot = StoreConnection.Now(((IBooksReader)world.Memory).OpenAsync(CancellationToken.None));
        var row = All(snapshot.AccountsAsync(CancellationToken.None)).Find(a => a.Tenant == tenant)
            ?? new(tenant, 0, default, default, default, default);
        return (row, All(snapshot.EntriesAsync(tenant, CancellationToken.None)), All(snapshot.TasksAsync(tenant, CancellationToken.None)));
    }

    private static List<T> All<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        var enumerator = items.GetAsyncEnumerator();
        while (StoreConnection.Now(enumerator.MoveNextAsync().AsTask()))
        {
            all.Add(enumerator.Current);
        }

        return all;
    }

    private Sums Ledger(TenantId tenant, List<LedgerEntry> entries)
    {
        if (!_ledgers.TryGetValue(tenant, out var seen))
        {
            _ledgers.Add(tenant, seen = []);
        }

        world.Require(Invariant.HistoryOnlyGrows, entries.Count >= seen.Count, () => $"the ledger of {tenant} has shrunk");
        var sums = new Sums();
        var operations = new HashSet<(LedgerEntryKind, string)>();
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (i < seen.Count)
            {
                world.Require(Invariant.HistoryOnlyGrows, ReferenceEquals(seen[i], entry) || seen[i] == entry, () => $"entry {i + 1} of {tenant} has changed");
            }
            else
            {
                seen.Add(entry);
            }

            var moves = entry.Postings;
            world.Require(
                Invariant.PostingsSumToZero,
                moves.Grants.Value + moves.Available.Value + moves.Held.Value + moves.Revenue.Value + moves.Expired.Value == 0,
                () => $"entry {entry.Sequence} of {tenant}: {moves}");
            world.Require(Invariant.LedgerHasNoGap, entry.Sequence == i + 1, () => $"entry {i + 1} of {tenant} says {entry.Sequence}");
            sums.Available += moves.Available.Value;
            sums.Held += moves.Held.Value;
            sums.Revenue += moves.Revenue.Value;
            world.Require(
                Invariant.LedgerHasNoGap,
                entry.AvailableAfter.Value == sums.Available && entry.HeldAfter.Value == sums.Held,
                () => $"entry {entry.Sequence} of {tenant} says {entry.AvailableAfter} and {entry.HeldAfter}; the postings make {sums.Available} and {sums.Held}");
            world.Require(Invariant.AvailableIsNotNegative, sums.Available >= 0, () => $"entry {entry.Sequence} of {tenant} leaves {sums.Available}");
            world.Require(
                Invariant.RepeatsGiveTheSameAnswer,
                operations.Add((entry.Kind, entry.OperationId)),
                () => $"{entry.Kind} {entry.OperationId} of {tenant} is booked twice");
            sums.Count(entry);
        }

        return sums;
    }

    private void Row(AccountRow row, Sums sums)
    {
        var entries = _ledgers[row.Tenant].Count;
        world.Require(Invariant.LedgerHasNoGap, row.Version == entries, () => $"{row.Tenant} is at {row.Version}; its ledger has {entries} entries");
        world.Require(
            Invariant.RecountEqualsState,
            row.Available.Value == sums.Available && row.Held.Value == sums.Held && row.Settled.Value == sums.Revenue,
            () => $"{row}; the ledger makes {sums.Available}, {sums.Held}, {sums.Revenue}");
    }

    private void Holds(Account account, Sums sums, List<TaskBooks> tasks)
    {
        var open = tasks.FindAll(t => t.Hold is { IsOpen: true });
        world.Require(
            Invariant.HeldIsTheSumOfOpenHolds,
            open.Sum(t => t.Hold!.Amount.Value) == sums.Held,
            () => $"{account.Tenant} holds {sums.Held}; open are {string.Join(", ", open.Select(t => $"{t.TaskId} {t.Hold!.Amount}"))}");
        world.Require(
            Invariant.HeldIsTheSumOfOpenHolds,
            account.Holds.Values.All(h => h.Slices.Sum(s => s.Amount.Value) == h.Amount.Value),
            () => $"a hold of {account.Tenant} is not the sum of its slices");
        var flying = account.Holds.Values.Count(h => !h.Queued);
        world.Require(Invariant.LimitsHold, flying <= world.Limits.TasksInFlight, () => $"{account.Tenant} has {flying} tasks in flight");
        world.Require(
            Invariant.LimitsHold,
            account.Holds.Count - flying <= world.Limits.QueueLength,
            () => $"{account.Tenant} has {account.Holds.Count - flying} tasks waiting");
        world.Require(
            Invariant.LimitsHold,
            flying == world.Limits.TasksInFlight || account.Holds.Count == flying,
            () => $"{account.Tenant} lets {account.Holds.Count - flying} tasks wait although {flying} are in flight");
    }

    private void Task(TenantId tenant, TaskBooks books, Sums sums)
    {
        var key = new TaskKey(tenant, books.TaskId);
        var task = world.Books.Find(key);
        world.Require(Invariant.TasksResolveOnce, task is not null, () => $"{key.Id} has a hold or a resolution and is no task");
        if (task is null || books.Hold is null)
        {
            world.Require(Invariant.HoldsEndOnce, false, () => $"{key.Id} has no hold");
            return;
        }

        var end = task.IsTerminal ? task.Status : (GenerationStatus?)null;
        if (_tasks.TryGetValue(key, out var before))
        {
            world.Require(Invariant.HistoryOnlyGrows, task.Version >= before.Version, () => $"{key.Id} went back from {before.Version} to {task.Version}");
            world.Require(Invariant.TasksResolveOnce, before.End is null || before.End == end, () => $"{key.Id} was {before.End} and is {end}");
        }

        _tasks[key] = (task.Version, end);
        var moves = sums.Moves.GetValueOrDefault(key.Id);
        world.Require(Invariant.HoldsEndOnce, moves.Holds == 1, () => $"{key.Id} has {moves.Holds} hold entries");
        world.Require(Invariant.HoldsEndOnce, moves.Held == task.CreditsReserved.Value, () => $"{key.Id} reserved {task.CreditsReserved}; the ledger held {moves.Held}");
        world.Require(
            Invariant.HoldsEndOnce, books.Hold.IsOpen == end is null, () => $"{key.Id} is {task.Status}, its hold is {(books.Hold.IsOpen ? "open" : "ended")}");
        world.Require(
            Invariant.SettledIsAtMostHeld, moves.Settled <= moves.Held, () => $"{key.Id} settled {moves.Settled} of {moves.Held}");
        world.Require(
            Invariant.HoldsEndOnce,
            moves.Settled + moves.Released == (end is null ? 0 : moves.Held) && moves.Settlements <= 1 && moves.Releases <= 1,
            () => $"{key.Id} is {task.Status} with {moves}");
        world.Require(
            Invariant.TasksResolveOnce,
            books.Resolution?.Outcome == end,
            () => $"{key.Id} is {task.Status} and resolved as {books.Resolution?.Outcome.ToString() ?? "nothing"}");
        world.Require(
            Invariant.HoldsEndOnce,
            end is null || (books.Resolution!.Settled.Value == moves.Settled && books.Resolution.Released.Value == moves.Released),
            () => $"{key.Id} resolved as {books.Resolution}; the ledger says {moves}");
        world.Require(Invariant.EndsAreTold, books.OutboxMessages == (end is null ? 0 : 1), () => $"{key.Id} is {task.Status} and has {books.OutboxMessages} messages");
        if (end is not null)
        {
            Bill(task, moves.Settled);
        }
    }

    // Once more from the product's words: seconds rounded half up, at least one, at most those that were reserved; nothing for a failure.
    private void Bill(GenerationTask task, decimal settled)
    {
        var bill = 0m;
        if (task.Phase is TaskPhase.Ended { Outcome: TaskOutcome.Completed done })
        {
            var seconds = Math.Floor((done.Result.Info.DurationSeconds ?? 0) + 0.5m);
            seconds = Math.Max(1, Math.Min(seconds, task.ReservedSeconds));
            bill = Math.Min(seconds * task.Price.UnitPrice.Value, task.CreditsReserved.Value);
        }

        world.Require(Invariant.SettledIsAtMostHeld, settled == bill, () => $"{task.Id} is {task.Status} and was billed {settled} instead of {bill}");
    }

    private sealed class Sums
    {
        public decimal Available { get; set; }

        public decimal Held { get; set; }

        public decimal Revenue { get; set; }

        public Dictionary<TaskId, Moves> Moves { get; } = [];

        public void Count(LedgerEntry entry)
        {
            if (entry.TaskId is not { } task)
            {
                return;
            }

            ref var moves = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(Moves, task, out _);
            moves = entry.Kind switch
            {
                LedgerEntryKind.Hold => moves with { Holds = moves.Holds + 1, Held = moves.Held + entry.Postings.Held.Value },
                LedgerEntryKind.Settlement => moves with { Settlements = moves.Settlements + 1, Settled = moves.Settled + entry.Postings.Revenue.Value },
                LedgerEntryKind.Release => moves with { Releases = moves.Releases + 1, Released = moves.Released + entry.Postings.Available.Value },
                _ => moves,
            };
        }
    }

    private readonly record struct Moves(int Holds, decimal Held, int Settlements, decimal Settled, int Releases, decimal Released);
}
