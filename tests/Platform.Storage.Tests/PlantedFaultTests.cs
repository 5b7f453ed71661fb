using CsCheck;
using Platform.Conformance.Store;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Memory;
using Platform.Storage.Tests.Memory;

namespace Platform.Storage.Tests;

/// <summary>
/// A check that finds nothing proves nothing unless it would find something: each test plants a fault and expects the check to fail.
/// </summary>
public sealed class PlantedFaultTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TenantId Ann = new("ten_ann");

    [Theory]
    [InlineData(Fence.AccountVersion)]
    [InlineData(Fence.IdempotencyKey)]
    [InlineData(Fence.Operation)]
    public async Task RandomScripts_FenceIgnored_DoNotMatchTheModel(Fence fence)
    {
        var act = () => BooksScript.Steps.SampleAsync(
            steps => BooksPropertyTests.RunAndAuditAsync(new FaultyStore { Ignored = fence }, steps), iter: 300);

        await act.Should().ThrowAsync<CsCheckException>();
    }

    [Fact]
    public async Task Audit_AccountFenceIgnored_FindsTheGap()
    {
        var store = new FaultyStore { Ignored = Fence.AccountVersion };
        var empty = Account.Open(Ann);
        await CommitAsync(store, Units.Grant(empty, "one", 10m, Noon));
        await CommitAsync(store, Units.Grant(empty, "two", 10m, Noon));

        await ShouldFindAsync(store, invariant: 7);
    }

    [Fact]
    public async Task Audit_AccountFenceIgnored_FindsTheOverdraft()
    {
        var store = new FaultyStore { Ignored = Fence.AccountVersion };
        var unit = Units.Grant(Account.Open(Ann), "one", 10m, Noon);
        await CommitAsync(store, unit);
        await CommitAsync(store, Units.Accept(unit.After, Samples.TaskId(1), 10m, Noon));
        await CommitAsync(store, Units.Accept(unit.After, Samples.TaskId(2), 10m, Noon));

        await ShouldFindAsync(store, invariant: 2);
    }

    [Fact]
    public async Task Audit_OperationIgnored_FindsTheDoubleGrant()
    {
        var store = new FaultyStore { Ignored = Fence.Operation };
        var unit = Units.Grant(Account.Open(Ann), "one", 10m, Noon);
        await CommitAsync(store, unit);
        await CommitAsync(store, Units.Grant(unit.After, "one", 10m, Noon));

        await ShouldFindAsync(store, invariant: 6);
    }

    [Fact]
    public async Task Audit_TaskFenceIgnored_FindsTheSecondEnd()
    {
        var store = new FaultyStore { Ignored = Fence.TaskVersion };
        var (accept, resolve) = await AcceptAsync(store);
        await CommitAsync(store, resolve);
        var again = Units.Resolve(resolve.After with { Holds = accept.After.Holds }, accept.Accepted[0].Task, 10m, Noon);
        await CommitAsync(store, again with { After = again.After with { Held = CreditAmount.Zero } });

        await ShouldFindAsync(store, invariant: 4);
    }

    [Fact]
    public async Task Audit_ReleaseForgotten_FindsTheHoldThatDoesNotAddUp()
    {
        var store = new FaultyStore();
        var (_, resolve) = await AcceptAsync(store);
        resolve.Entries.Select(e => e.Kind).Should().Equal(LedgerEntryKind.Settlement, LedgerEntryKind.Release);
        var resolved = resolve.Resolved[0];
        var settle = resolve.Entries[0];

        // The bug of a grain that drops the event: neither the entry nor the account knows of the release.
        await CommitAsync(store, resolve with
        {
            Entries = [settle],
            After = resolve.After with
            {
                Version = settle.Sequence,
                Available = settle.AvailableAfter,
                Held = settle.HeldAfter,
                Lots = [resolve.After.Lots[0] with { Remaining = settle.AvailableAfter }],
            },
            Resolved = [resolved with { Resolution = resolved.Resolution with { Released = CreditAmount.Zero } }],
        });

        await ShouldFindAsync(store, invariant: 4);
        await ShouldFindAsync(store, invariant: 3);
    }

    [Fact]
    public async Task Audit_PostingsThatDoNotSumToZero_AreFound()
    {
        var store = new FaultyStore();
        var unit = Units.Grant(Account.Open(Ann), "one", 10m, Noon);
        var entry = unit.Entries[0];
        await CommitAsync(store, unit with { Entries = [entry with { Postings = entry.Postings with { Grants = CreditAmount.Zero } }] });

        await ShouldFindAsync(store, invariant: 1);
    }

    [Fact]
    public async Task Audit_SettledMoreThanHeld_IsFound()
    {
        var store = new FaultyStore();
        var (_, resolve) = await AcceptAsync(store);
        var resolved = resolve.Resolved[0];
        await CommitAsync(store, resolve with
        {
            Resolved = [resolved with { Resolution = resolved.Resolution with { Settled = CreditAmount.From(11m) } }],
        });

        await ShouldFindAsync(store, invariant: 5);
    }

    [Fact]
    public async Task Audit_EndWithoutResolution_IsFound()
    {
        var store = new FaultyStore();
        var (accept, _) = await AcceptAsync(store);
        var task = accept.Accepted[0].Task;

        // Past the check of the unit's shape, as a bug in the store would: the end comes as if it were a mere step.
        var ended = TaskDecider.Apply(task, [new TaskEvent.Cancelled(false) { At = Noon }]);
        (await store.CommitAsync(new TaskUnit(ended, 1, [], null), default)).Should().Be(new CommitOutcome.Committed());

        await ShouldFindAsync(store, invariant: 8);
        await ShouldFindAsync(store, invariant: 9);
    }

    private static async Task<(AccountUnit Accept, AccountUnit Resolve)> AcceptAsync(MemoryStore store)
    {
        var grant = Units.Grant(Account.Open(Ann), "one", 100m, Noon);
        await CommitAsync(store, grant);
        var accept = Units.Accept(grant.After, Samples.TaskId(1), 10m, Noon);
        await CommitAsync(store, accept);
        return (accept, Units.Resolve(accept.After, accept.Accepted[0].Task, 6m, Noon));
    }

    private static async Task CommitAsync(MemoryStore store, AccountUnit unit) =>
        (await store.CommitAsync(unit, default)).Should().Be(new CommitOutcome.Committed());

    private static async Task ShouldFindAsync(MemoryStore store, int invariant) =>
        (await BooksAudit.RunAsync(Memories.Open(store).Books, 100, default)).Findings.Select(f => f.Invariant).Should().Contain(invariant);

    /// <summary>A store without its last walls, and without one fence.</summary>
    private sealed class FaultyStore : MemoryStore
    {
        public Fence? Ignored { get; init; }

        protected override bool Loses(CommitOutcome.Lost lost) => lost.Fence != Ignored;

        protected override bool Enforces(StoreConstraint constraint) => false;
    }
}
