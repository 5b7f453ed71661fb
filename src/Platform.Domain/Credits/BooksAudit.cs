using System.Globalization;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Credits;

/// <summary>An account row as it is stored, without its holds.</summary>
/// <param name="Tenant">Whose account.</param>
/// <param name="Version">Sequence of its last entry.</param>
/// <param name="Available">What can be spent.</param>
/// <param name="Held">What is set aside.</param>
/// <param name="Settled">What was earned so far.</param>
/// <param name="InLots">Sum of what is left of its grants.</param>
public sealed record AccountRow(TenantId Tenant, long Version, CreditAmount Available, CreditAmount Held, CreditAmount Settled, CreditAmount InLots)
{
    /// <summary>Where its ledger stood when the months were closed that are cut off from the books; none, where all entries are there.</summary>
    public BooksOpening Opening { get; init; } = BooksOpening.None;
}

/// <summary>Where a ledger stood at the end of a closed month.</summary>
/// <param name="Sequence">Its last entry.</param>
/// <param name="Available">What could be spent.</param>
/// <param name="Held">What was set aside.</param>
/// <param name="Revenue">What was earned up to then.</param>
public sealed record BooksOpening(long Sequence, CreditAmount Available, CreditAmount Held, CreditAmount Revenue)
{
    /// <summary>The beginning of a ledger.</summary>
    public static BooksOpening None { get; } = new(0, CreditAmount.Zero, CreditAmount.Zero, CreditAmount.Zero);
}

/// <summary>A hold as it is stored, open or ended.</summary>
/// <param name="Amount">Credits that were set aside.</param>
/// <param name="IsOpen">Whether the task still has it.</param>
/// <param name="Settled">Credits earned from it.</param>
/// <param name="Released">Credits given back from it.</param>
public sealed record HoldRow(CreditAmount Amount, bool IsOpen, CreditAmount Settled, CreditAmount Released);

/// <summary>What the books say of one task; any part may be missing, which is what an audit looks for.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Status">Its status; null where there is no such task.</param>
/// <param name="Reserved">Credits that the task says were reserved.</param>
/// <param name="CreditsUsed">Credits that the task says it was billed, or null.</param>
/// <param name="Hold">Its hold.</param>
/// <param name="Resolution">Its resolution.</param>
/// <param name="OutboxMessages">Number of messages that tell of its end.</param>
public sealed record TaskBooks(
    TaskId TaskId,
    GenerationStatus? Status,
    CreditAmount Reserved,
    CreditAmount? CreditsUsed,
    HoldRow? Hold,
    TaskResolution? Resolution,
    int OutboxMessages);

/// <summary>Reads the books from the rows themselves, for an audit. One answer must come from one consistent state of the store.</summary>
public interface IBooksReader
{
    /// <summary>Opens a consistent view of the books.</summary>
    Task<IBooksSnapshot> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>A consistent view of the books.</summary>
public interface IBooksSnapshot : IAsyncDisposable
{
    /// <summary>All accounts.</summary>
    IAsyncEnumerable<AccountRow> AccountsAsync(CancellationToken cancellationToken);

    /// <summary>All entries of an account by sequence.</summary>
    IAsyncEnumerable<LedgerEntry> EntriesAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>All that is known of a tenant's tasks: every id that a task, a hold or a resolution names.</summary>
    IAsyncEnumerable<TaskBooks> TasksAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Whether a task was cut off with a closed month: entries of it that came later are there, and it is not.</summary>
    bool IsArchived(TaskId task) => false;
}

/// <summary>Something in the books that must not be.</summary>
/// <param name="Invariant">Number of the invariant in the design that it breaks.</param>
/// <param name="Tenant">Whose books.</param>
/// <param name="Subject">The entry or the task.</param>
/// <param name="Message">What is wrong, with the numbers.</param>
public sealed record AuditFinding(int Invariant, TenantId Tenant, string Subject, string Message);

/// <summary>How an audit ended.</summary>
/// <param name="Accounts">Number of accounts.</param>
/// <param name="Entries">Number of entries.</param>
/// <param name="Tasks">Number of tasks.</param>
/// <param name="Findings">What is wrong; empty for clean books.</param>
public sealed record AuditReport(long Accounts, long Entries, long Tasks, IReadOnlyList<AuditFinding> Findings)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsClean => Findings.Count == 0;
}

/// <summary>Recounts all money from the postings and checks the invariants of the design on what is stored.</summary>
public static class BooksAudit
{
    /// <summary>Audits all books.</summary>
    /// <param name="reader">The books.</param>
    /// <param name="maxFindings">After so many findings it stops; 1 or more.</param>
    /// <param name="cancellationToken">Ends the audit.</param>
    public static async Task<AuditReport> RunAsync(IBooksReader reader, int maxFindings, CancellationToken cancellationToken)
    {
        var findings = new List<AuditFinding>();
        long accounts = 0, entries = 0, tasks = 0;
        await using var books = await reader.OpenAsync(cancellationToken);
        await foreach (var account in books.AccountsAsync(cancellationToken))
        {
            accounts++;
            var recount = new AccountRecount(account, findings, maxFindings);
            await foreach (var entry in books.EntriesAsync(account.Tenant, cancellationToken))
            {
                entries++;
                recount.Add(entry);
                if (recount.IsFull)
                {
                    return Report();
                }
            }

            await foreach (var task in books.TasksAsync(account.Tenant, cancellationToken))
            {
                tasks++;
                recount.Add(task);
                if (recount.IsFull)
                {
                    return Report();
                }
            }

            recount.Close(books);
            if (recount.IsFull)
            {
                break;
            }
        }

        return Report();

        AuditReport Report() => new(accounts, entries, tasks, findings);
    }

    private sealed class AccountRecount(AccountRow account, List<AuditFinding> findings, int maxFindings)
    {
        private readonly Dictionary<string, TaskMoves> _moves = new(StringComparer.Ordinal);
        private readonly HashSet<(LedgerEntryKind Kind, string OperationId)> _operations = [];
        private long _sequence = account.Opening.Sequence;
        private decimal _available = account.Opening.Available.Value;
        private decimal _held = account.Opening.Held.Value;
        private decimal _revenue = account.Opening.Revenue.Value;
        private decimal _openHolds;

        public bool IsFull => findings.Count >= maxFindings;

        public void Add(LedgerEntry entry)
        {
            var subject = string.Create(CultureInfo.InvariantCulture, $"entry {entry.Sequence}");
            Check(1, entry.Postings.Sum == 0, subject, $"its postings sum to {entry.Postings.Sum}");
            Check(7, entry.Sequence == _sequence + 1, subject, $"follows entry {_sequence}");
            Check(6, _operations.Add((entry.Kind, entry.OperationId)), subject, $"operation {entry.Kind} {entry.OperationId} is booked twice");
            _sequence = entry.Sequence;
            _available += entry.Postings.Available.Value;
            _held += entry.Postings.Held.Value;
            _revenue += entry.Postings.Revenue.Value;
            Check(7, entry.AvailableAfter.Value == _available, subject, $"says {entry.AvailableAfter} available; the postings make {_available}");
            Check(7, entry.HeldAfter.Value == _held, subject, $"says {entry.HeldAfter} held; the postings make {_held}");
            Check(2, _available >= 0, subject, $"available falls to {_available}");
            Check(3, _held >= 0, subject, $"held falls to {_held}");
            if (entry.TaskId is { } task)
            {
                ref var moves = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_moves, task.Value, out _);
                moves.Count(entry);
            }
        }

        public void Add(TaskBooks task)
        {
            var subject = task.TaskId.Value;
            _moves.Remove(subject, out var moves);
            Check(8, task.Status is not null, subject, "has a hold or a resolution but is no task");
            Check(4, task.Hold is not null, subject, "has no hold");
            Check(4, moves.Held == task.Reserved.Value, subject, $"reserved {task.Reserved}; the ledger held {moves.Held}");
            var isTerminal = task.Status is GenerationStatus.Completed or GenerationStatus.Failed or GenerationStatus.Cancelled;
            if (task.Hold is { } hold)
            {
                _openHolds += hold.IsOpen ? hold.Amount.Value : 0;
                Check(4, hold.IsOpen == !isTerminal, subject, $"is {task.Status}, but its hold is {(hold.IsOpen ? "open" : "ended")}");
                Check(4, hold.Amount.Value == moves.Held, subject, $"its hold says {hold.Amount}; the ledger held {moves.Held}");
                Check(5, hold.Settled <= hold.Amount, subject, $"settled {hold.Settled} of {hold.Amount}");
                Check(4, hold.Settled.Value == moves.Settled && hold.Released.Value == moves.Released, subject, $"its hold says settled {hold.Settled}, released {hold.Released}; the ledger {moves.Settled} and {moves.Released}");
                Check(4, hold.IsOpen || hold.Settled.Value + hold.Released.Value == hold.Amount.Value, subject, $"its hold of {hold.Amount} ended with {hold.Settled} settled and {hold.Released} released");
            }

            Check(8, isTerminal == task.Resolution is not null, subject, $"is {task.Status} and has {(task.Resolution is null ? "no" : "a")} resolution");
            Check(9, task.OutboxMessages == (isTerminal ? 1 : 0), subject, $"is {task.Status} and has {task.OutboxMessages} outbox messages");
            if (task.Resolution is { } resolution)
            {
                Check(8, resolution.Outcome == task.Status, subject, $"is {task.Status}, but resolved as {resolution.Outcome}");
                Check(4, resolution.Settled.Value == moves.Settled && resolution.Released.Value == moves.Released, subject, $"resolved as settled {resolution.Settled}, released {resolution.Released}; the ledger {moves.Settled} and {moves.Released}");
                Check(5, task.CreditsUsed == resolution.Settled || (task.CreditsUsed is null && task.Status != GenerationStatus.Completed), subject, $"says {task.CreditsUsed} used; settled {resolution.Settled}");
                Check(5, resolution.Outcome == GenerationStatus.Completed || resolution.Settled == CreditAmount.Zero, subject, $"{resolution.Outcome} and yet charged {resolution.Settled}");
            }
        }

        public void Close(IBooksSnapshot books)
        {
            Check(7, account.Version == _sequence, "account", $"is at version {account.Version}; the ledger ends at {_sequence}");
            Check(10, account.Available.Value == _available, "account", $"says {account.Available} available; the ledger makes {_available}");
            Check(10, account.Held.Value == _held, "account", $"says {account.Held} held; the ledger makes {_held}");
            Check(10, account.Settled.Value == _revenue, "account", $"says {account.Settled} settled; the ledger makes {_revenue}");
            Check(3, _held == _openHolds, "account", $"holds {_held}; its open holds sum to {_openHolds}");
            Check(2, account.InLots.Value == _available, "account", $"its lots sum to {account.InLots}; available are {_available}");
            foreach (var (task, _) in _moves)
            {
                Check(8, books.IsArchived(new(task)), task, "has ledger entries but is no task");
            }
        }

        private void Check(int invariant, bool holds, string subject, string message)
        {
            if (!holds && !IsFull)
            {
                findings.Add(new(invariant, account.Tenant, subject, message));
            }
        }

        private struct TaskMoves
        {
            public decimal Held { get; private set; }

            public decimal Settled { get; private set; }

            public decimal Released { get; private set; }

            public void Count(LedgerEntry entry)
            {
                switch (entry.Kind)
                {
                    case LedgerEntryKind.Hold:
                        Held += entry.Postings.Held.Value;
                        break;
                    case LedgerEntryKind.Settlement:
                        Settled += entry.Postings.Revenue.Value;
                        break;
                    case LedgerEntryKind.Release:
                        Released += entry.Postings.Available.Value;
                        break;
                    default:
                        break;
                }
            }
        }
    }
}
