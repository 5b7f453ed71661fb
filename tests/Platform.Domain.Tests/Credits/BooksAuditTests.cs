using System.Collections.Immutable;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using static Platform.Domain.Tests.Credits.Books;

namespace Platform.Domain.Tests.Credits;

public sealed class BooksAuditTests
{
    /// <summary>Each way to spoil the books, and the number of the invariant of design.md that it breaks.</summary>
    private static readonly (string Name, int Invariant, Func<Books, Books> Spoil)[] Spoilings =
    [
        ("postings do not sum to zero", 1, b => b.WithEntry(
            LedgerEntryKind.Settlement, "completed", e => e with { Postings = e.Postings with { Revenue = Of(31) } })),
        ("available falls below zero", 2, b => b.WithEntry(
            LedgerEntryKind.Adjustment, "a", e => e with { Postings = e.Postings with { Available = Of(-200), Grants = Of(200) } })),
        ("lots are not what is available", 2, b => b with { Account = b.Account with { InLots = Of(1) } }),
        ("held falls below zero", 3, b => b.WithEntry(
            LedgerEntryKind.Release, "completed", e => e with { Postings = e.Postings with { Held = Of(-90), Available = Of(90) } })),
        ("an open hold has another amount than the ledger", 3, b => b.WithTask(
            "open", t => t with { Reserved = Of(8), Hold = t.Hold! with { Amount = Of(8) } })),
        ("a task without a hold", 4, b => b.WithTask("open", t => t with { Hold = null })),
        ("a terminal task whose hold is open", 4, b => b.WithTask("failed", t => t with { Hold = t.Hold! with { IsOpen = true } })),
        ("an open task whose hold has ended", 4, b => b.WithTask("open", t => t with { Hold = t.Hold! with { IsOpen = false } })),
        ("a hold that ended with less than it had", 4, b => b.WithTask("failed", t => t with { Hold = t.Hold! with { Released = Of(19) } })),
        ("a resolution that released what the ledger did not", 4, b => b.WithTask(
            "failed", t => t with { Resolution = t.Resolution! with { Released = Of(21) } })),
        ("a task that reserved more than was held", 4, b => b.WithTask("completed", t => t with { Reserved = Of(41) })),
        ("more was settled than held", 5, b => b.WithTask("completed", t => t with { Hold = t.Hold! with { Settled = Of(41) } })),
        ("the task says another charge than was settled", 5, b => b.WithTask("completed", t => t with { CreditsUsed = Of(29) })),
        ("a completed task says no charge", 5, b => b.WithTask("completed", t => t with { CreditsUsed = null })),
        ("a failure was charged", 5, b => b.WithTask(
            "completed", t => t with { Status = GenerationStatus.Failed, Resolution = t.Resolution! with { Outcome = GenerationStatus.Failed } })),
        ("an operation was booked twice", 6, b => b with { Entries = b.Entries.Add(b.Entries[0] with { Sequence = b.Entries.Length + 1 }) }),
        ("an entry is missing", 7, b => b with { Entries = b.Entries.RemoveAt(3) }),
        ("the last entry is missing", 7, b => b with { Entries = b.Entries.RemoveAt(b.Entries.Length - 1) }),
        ("an entry's balance does not follow", 7, b => b.WithEntry(LedgerEntryKind.Grant, "h", e => e with { AvailableAfter = Of(104) })),
        ("an entry's held balance does not follow", 7, b => b.WithEntry(LedgerEntryKind.Hold, "open", e => e with { HeldAfter = Of(1) })),
        ("a version ahead of the ledger", 7, b => b with { Account = b.Account with { Version = b.Account.Version + 1 } }),
        ("a terminal task without a resolution", 8, b => b.WithTask("failed", t => t with { Resolution = null })),
        ("an open task with a resolution", 8, b => b.WithTask(
            "open", t => t with { Resolution = new(t.TaskId, GenerationStatus.Failed, Of(0), Of(7), 0, default) })),
        ("a resolution of another outcome", 8, b => b.WithTask(
            "failed", t => t with { Resolution = t.Resolution! with { Outcome = GenerationStatus.Cancelled } })),
        ("a hold of no task", 8, b => b.WithTask("failed", t => t with { Status = null })),
        ("entries of no task", 8, b => b.WithTask("failed", _ => null)),
        ("a terminal task without a message", 9, b => b.WithTask("failed", t => t with { OutboxMessages = 0 })),
        ("a terminal task with two messages", 9, b => b.WithTask("failed", t => t with { OutboxMessages = 2 })),
        ("an open task with a message", 9, b => b.WithTask("open", t => t with { OutboxMessages = 1 })),
        ("the account says another available", 10, b => b with { Account = b.Account with { Available = Of(1) } }),
        ("the account says another held", 10, b => b with { Account = b.Account with { Held = Of(1) } }),
        ("the account says another settled", 10, b => b with { Account = b.Account with { Settled = Of(1) } }),
    ];

    public static TheoryData<string> Names => new(Spoilings.Select(s => s.Name));

    [Fact]
    public async Task RunAsync_CleanBooks_FindsNothing()
    {
        var reader = new FakeBooksReader(Clean(), Clean("ten_y"));

        var report = await BooksAudit.RunAsync(reader, 100, CancellationToken.None);

        report.Findings.Should().BeEmpty();
        report.Should().BeEquivalentTo(new { IsClean = true, Accounts = 2L, Tasks = 10L, Entries = 2L * Clean().Entries.Length });
        reader.IsClosed.Should().BeTrue();
    }

    [Fact]
    public async Task RunAsync_NoBooks_FindsNothing() =>
        (await BooksAudit.RunAsync(new FakeBooksReader(), 100, CancellationToken.None)).IsClean.Should().BeTrue();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task RunAsync_SpoiltBooks_FindsTheInvariantThatIsBroken(string name)
    {
        var (_, invariant, spoil) = Spoilings.Single(s => s.Name == name);

        var report = await BooksAudit.RunAsync(new FakeBooksReader(Clean("ten_a"), spoil(Clean())), 100, CancellationToken.None);

        report.Findings.Select(f => f.Invariant).Should().Contain(invariant);
        report.Findings.Should().AllSatisfy(f => f.Tenant.Value.Should().Be("ten_x", "the other books are clean"));
    }

    [Fact]
    public void Spoilings_AllInvariants_AreCovered() =>
        Spoilings.Select(s => s.Invariant).Distinct().Should().BeEquivalentTo([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

    [Fact]
    public async Task RunAsync_AmountsThatCannotBeAdded_AreAFindingNotACrash()
    {
        var limit = Of(CreditAmount.Limit);
        var books = Clean().WithTask("completed", t => t with { Hold = new(limit, IsOpen: false, limit, limit) });

        var report = await BooksAudit.RunAsync(new FakeBooksReader(books), 100, CancellationToken.None);

        report.Findings.Select(f => f.Invariant).Should().Contain(4);
    }

    [Fact]
    public async Task RunAsync_MoreFindingsThanAreWanted_StopsThere()
    {
        var books = Clean();
        var entries = Enumerable.Range(0, 1000).Select(i => books.Entries[0] with { Sequence = 10 * i }).ToImmutableArray();
        var reader = new FakeBooksReader(books with { Entries = entries }, Clean("ten_y"));

        var report = await BooksAudit.RunAsync(reader, 5, CancellationToken.None);

        report.Findings.Should().HaveCount(5);
        report.IsClean.Should().BeFalse();
        reader.EntriesRead.Should().BeLessThan(20);
    }
}
