using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Tests.Credits;

/// <summary>The books of one tenant, as rows that a test can spoil.</summary>
internal sealed record Books(AccountRow Account, ImmutableArray<LedgerEntry> Entries, ImmutableArray<TaskBooks> Tasks)
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AdmissionLimits Limits = new(10, 10);

    /// <summary>What the decider makes of a grant, a correction, an expiry, and a completed, a failed, a cancelled, a free and an open task.</summary>
    public static Books Clean(string tenant = "ten_x")
    {
        var account = Domain.Credits.Account.Open(new(tenant));
        var entries = ImmutableArray.CreateBuilder<LedgerEntry>();

        Do(new AccountCommand.Grant { GrantId = "g", Amount = Of(100), Now = Start });
        Do(new AccountCommand.Grant { GrantId = "h", Amount = Of(5), ExpiresAt = Start.AddHours(1), Now = Start });
        Do(new AccountCommand.Adjust { AdjustmentId = "a", Amount = Of(-3), Reason = "r", Now = Start });
        Reserve("completed", 40);
        Reserve("failed", 20);
        Reserve("cancelled", 10);
        Reserve("open", 7);
        Reserve("free", 0);
        Resolve("completed", 30);
        Resolve("failed", 0);
        Resolve("cancelled", 0);
        Resolve("free", 0);
        Do(new AccountCommand.ExpireLots { Now = Start.AddHours(2) });

        return new(
            new(account.Tenant, account.Version, account.Available, account.Held, account.Settled, Sum(account.Lots.Select(l => l.Remaining))),
            entries.ToImmutable(),
            [
                Ended("completed", GenerationStatus.Completed, 40, 30),
                Ended("failed", GenerationStatus.Failed, 20, 0),
                Ended("cancelled", GenerationStatus.Cancelled, 10, 0),
                Ended("free", GenerationStatus.Completed, 0, 0),
                new(Id("open"), GenerationStatus.Processing, Of(7), null, new(Of(7), IsOpen: true, Of(0), Of(0)), null, 0),
            ]);

        void Reserve(string task, decimal amount) =>
            Do(new AccountCommand.Reserve { TaskId = Id(task), Amount = Of(amount), Limits = Limits, Now = Start });

        void Resolve(string task, decimal settle) =>
            Do(new AccountCommand.Resolve { TaskId = Id(task), Settle = Of(settle), Limits = Limits, Now = Start });

        void Do(AccountCommand command)
        {
            foreach (var happened in AccountDecider.Decide(account, command).Events)
            {
                account = AccountDecider.Evolve(account, happened);
                if (Ledger.Entry(happened, account) is { } entry)
                {
                    entries.Add(entry);
                }
            }
        }
    }

    public static CreditAmount Of(decimal credits) => CreditAmount.From(credits);

    public static TaskId Id(string name) => new(TaskId.Prefix + name);

    /// <summary>The entry of a kind and operation, changed.</summary>
    public Books WithEntry(LedgerEntryKind kind, string operation, Func<LedgerEntry, LedgerEntry> change)
    {
        var index = Entries.ToList().FindIndex(e => e.Kind == kind && e.OperationId.EndsWith(operation, StringComparison.Ordinal));
        return this with { Entries = Entries.SetItem(index, change(Entries[index])) };
    }

    /// <summary>A task, changed; removed where the change gives null.</summary>
    public Books WithTask(string name, Func<TaskBooks, TaskBooks?> change)
    {
        var index = Tasks.ToList().FindIndex(t => t.TaskId == Id(name));
        return this with { Tasks = change(Tasks[index]) is { } changed ? Tasks.SetItem(index, changed) : Tasks.RemoveAt(index) };
    }

    private static CreditAmount Sum(IEnumerable<CreditAmount> amounts) => amounts.Aggregate(CreditAmount.Zero, (a, b) => a + b);

    private static TaskBooks Ended(string name, GenerationStatus status, decimal reserved, decimal used) => new(
        Id(name),
        status,
        Of(reserved),
        status == GenerationStatus.Completed ? Of(used) : null,
        new(Of(reserved), IsOpen: false, Of(used), Of(reserved - used)),
        new(Id(name), status, Of(used), Of(reserved - used), status == GenerationStatus.Completed ? 5 : 0, Start),
        1);
}

/// <summary>Reads books from memory.</summary>
internal sealed class FakeBooksReader(params Books[] books) : IBooksReader, IBooksSnapshot
{
    public bool IsClosed { get; private set; }

    /// <summary>Number of entries that were read.</summary>
    public int EntriesRead { get; private set; }

    public Task<IBooksSnapshot> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<IBooksSnapshot>(this);

    public async IAsyncEnumerable<AccountRow> AccountsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var book in books)
        {
            await Task.Yield();
            yield return book.Account;
        }
    }

    public async IAsyncEnumerable<LedgerEntry> EntriesAsync(TenantId tenant, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var entry in books.Single(b => b.Account.Tenant == tenant).Entries)
        {
            await Task.Yield();
            EntriesRead++;
            yield return entry;
        }
    }

    public async IAsyncEnumerable<TaskBooks> TasksAsync(TenantId tenant, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var task in books.Single(b => b.Account.Tenant == tenant).Tasks)
        {
            await Task.Yield();
            yield return task;
        }
    }

    public ValueTask DisposeAsync()
    {
        IsClosed = true;
        return ValueTask.CompletedTask;
    }
}
