using System.Collections.Immutable;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using AccountDecision = Platform.Domain.Decision<Platform.Domain.Credits.AccountEvent, Platform.Domain.Credits.AccountRefusal>;

namespace Platform.Domain.Tests.Credits;

/// <summary>Given some commands, when one more comes, then these events follow.</summary>
public sealed class AccountTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly AdmissionLimits Roomy = new(100, 100);
    private static readonly AdmissionLimits One = new(1, 100);
    private static readonly TaskId A = new("task-unified-a");
    private static readonly TaskId B = new("task-unified-b");
    private static readonly TaskId C = new("task-unified-c");
    private static readonly TaskId D = new("task-unified-d");

    [Fact]
    public void Grant_NewAccount_IsAvailable()
    {
        var account = Given(Grant("g", 10));

        account.Should().BeEquivalentTo(new { Available = Credits(10), Held = Credits(0), Version = 1L });
        account.Lots.Should().Equal(new Lot("g", Credits(10), null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Grant_NothingOrLess_IsRefused(int amount) =>
        When(Given(), Grant("g", amount)).Refusal.Should().BeOfType<AccountRefusal.InvalidAmount>();

    [Fact]
    public void Grant_AlreadyEnded_IsBookedInAndOut()
    {
        var decision = When(Given(), Grant("g", 10, Start));

        decision.Events.Should().Equal(
            new AccountEvent.Granted("g", Credits(10), Start, null) { At = Start },
            new AccountEvent.LotExpired("g", Credits(10), null) { At = Start });
        var after = Apply(Given(), decision);
        after.Should().BeEquivalentTo(new { Available = Credits(0), Version = 2L });
        after.Lots.Should().BeEmpty();
    }

    [Fact]
    public void Grant_AlreadyEndedBesideAnOlderLot_ExpiresItselfOnly()
    {
        var account = Given(Grant("old", 7, Start.AddDays(1)), Grant("g", 10, Start.AddDays(-1)));

        account.Lots.Should().Equal(new Lot("old", Credits(7), Start.AddDays(1)));
    }

    [Fact]
    public void Grant_UpToTheLimitIncludingWhatIsHeld_IsExact()
    {
        var account = Given(Grant("g", CreditAmount.Limit - 1), Reserve(A, CreditAmount.Limit - 1));

        When(account, Grant("h", 1.00000001m)).Refusal.Should().BeOfType<AccountRefusal.InvalidAmount>();
        var full = Apply(account, When(account, Grant("h", 1)));

        // What is held can always come back: the limit counts it.
        var after = Apply(full, When(full, Resolve(A, 0)));
        after.Available.Value.Should().Be(CreditAmount.Limit);
    }

    [Fact]
    public void Grant_WhatWasEarnedBeforeReachesTheLimit_IsRefusedRatherThanUnbookableLater()
    {
        var account = Given(
            Grant("g", CreditAmount.Limit), Reserve(A, CreditAmount.Limit - 5), Resolve(A, CreditAmount.Limit - 5));

        // The total of what was earned is kept too, and has the same limit.
        When(account, Grant("h", 6)).Refusal.Should().BeOfType<AccountRefusal.InvalidAmount>();
        When(account, Adjust("up", 6)).Refusal.Should().BeOfType<AccountRefusal.InvalidAmount>();
        var settled = Given(account, Reserve(B, 5), Resolve(B, 5));
        settled.Settled.Value.Should().Be(CreditAmount.Limit);
    }

    [Fact]
    public void Adjust_Up_MakesALotWithoutEnd()
    {
        var account = Given(Grant("g", 5, Start.AddDays(1)), Adjust("adj", 3));

        account.Lots.Should().Equal(new Lot("g", Credits(5), Start.AddDays(1)), new Lot("adj", Credits(3), null));
        account.Available.Should().Be(Credits(8));
    }

    [Fact]
    public void Adjust_Down_TakesWhatExpiresFirst()
    {
        var account = Given(Grant("never", 5), Grant("soon", 5, Start.AddDays(1)), Adjust("adj", -7));

        account.Lots.Should().Equal(new Lot("never", Credits(3), null));
        account.Available.Should().Be(Credits(3));
    }

    [Fact]
    public void Adjust_DownMoreThanIsAvailable_IsRefusedAndTouchesNoHold()
    {
        var account = Given(Grant("g", 10), Reserve(A, 4));

        When(account, Adjust("adj", -7)).Refusal.Should().Be(new AccountRefusal.InsufficientCredits(Credits(7), Credits(6)));
        Given(account, Adjust("adj", -6)).Should().BeEquivalentTo(new { Available = Credits(0), Held = Credits(4) });
    }

    [Fact]
    public void Adjust_Zero_IsRefused() => When(Given(), Adjust("adj", 0)).Refusal.Should().BeOfType<AccountRefusal.InvalidAmount>();

    [Fact]
    public void Adjust_DownByTheLimit_IsRefusedNotThrown() =>
        When(Given(), Adjust("adj", -CreditAmount.Limit)).Refusal.Should().BeOfType<AccountRefusal.InsufficientCredits>();

    [Fact]
    public void Reserve_SeveralLots_TakesTheEarliestExpiryFirst()
    {
        var account = Given(
            Grant("never", 10), Grant("late", 3, Start.AddDays(9)), Grant("soon", 2, Start.AddDays(1)), Reserve(A, 6));

        account.Holds[A].Slices.Should().Equal(
            new LotSlice("soon", Credits(2), Start.AddDays(1)),
            new LotSlice("late", Credits(3), Start.AddDays(9)),
            new LotSlice("never", Credits(1), null));
        account.Lots.Should().Equal(new Lot("never", Credits(9), null));
        account.Should().BeEquivalentTo(new { Available = Credits(9), Held = Credits(6) });
    }

    [Fact]
    public void Reserve_MoreThanIsAvailable_SaysBoth() =>
        When(Given(Grant("g", 10), Reserve(A, 4)), Reserve(B, 7)).Refusal
            .Should().Be(new AccountRefusal.InsufficientCredits(Credits(7), Credits(6)));

    [Fact]
    public void Reserve_CreditsWhoseTimeHasCome_AreGone()
    {
        var account = Given(Grant("g", 10, Start.AddHours(1)), Grant("h", 1));

        When(account, Reserve(A, 2, Roomy, Start.AddHours(1))).Refusal.Should().Be(new AccountRefusal.InsufficientCredits(Credits(2), Credits(1)));
        When(account, Reserve(A, 2, Roomy, Start.AddHours(1).AddTicks(-1))).Refusal.Should().BeNull();
    }

    [Fact]
    public void Reserve_OfATaskThatHasAHold_ChangesNothing() =>
        When(Given(Grant("g", 10), Reserve(A, 4)), Reserve(A, 9)).Should().Be(AccountDecision.Nothing);

    [Fact]
    public void Reserve_Negative_IsRefused() => When(Given(), Reserve(A, -1)).Refusal.Should().BeOfType<AccountRefusal.InvalidAmount>();

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Reserve_Zero_IsAHoldThatEndsOnce(int funds)
    {
        var account = Given([.. funds == 0 ? Array.Empty<AccountCommand>() : [Grant("g", funds)], Reserve(A, 0)]);
        account.Holds[A].Should().BeEquivalentTo(new { Amount = Credits(0), Queued = false });
        account.InFlight.Should().Be(1);

        var decision = When(account, Resolve(A, 0));

        decision.Events.Should().ContainSingle().Which.Should().BeOfType<AccountEvent.HoldReleased>();
        var after = Apply(account, decision);
        after.Should().BeEquivalentTo(new { InFlight = 0, Available = Credits(funds) });
        When(after, Resolve(A, 0)).Refusal.Should().Be(new AccountRefusal.NoOpenHold(A));
    }

    [Fact]
    public void Reserve_BeyondThePlaces_WaitsUntilTheQueueIsFull()
    {
        var limits = new AdmissionLimits(1, 2);
        var account = Given(Grant("g", 10), Reserve(A, 1, limits), Reserve(B, 1, limits), Reserve(C, 1, limits));

        account.Queue.Values.Should().Equal(B, C);
        account.InFlight.Should().Be(1);
        When(account, Reserve(D, 1, limits)).Refusal.Should().Be(new AccountRefusal.QueueFull(new(1, 2)));
    }

    [Fact]
    public void Reserve_QueueOfLengthZero_IsRefusedAtTheLimit() =>
        When(Given(Grant("g", 10), Reserve(A, 1, new(1, 0))), Reserve(B, 1, new(1, 0))).Refusal
            .Should().Be(new AccountRefusal.QueueFull(new(1, 0)));

    [Fact]
    public void Reserve_NoPlacesAtAll_Waits() =>
        Given(Grant("g", 10), Reserve(A, 1, new(0, 5))).Should().BeEquivalentTo(new { InFlight = 0, Queue = new Dictionary<long, TaskId> { [2] = A } });

    [Fact]
    public void Reserve_PlacesAreFreeAgainAfterTheLimitWasZero_PromotesWhoWaitsFirst()
    {
        // Nobody is in flight, so that no end of a task would ever promote them.
        var none = new AdmissionLimits(0, 5);
        var account = Given(Grant("g", 10), Reserve(A, 1, none), Reserve(B, 1, none));

        var decision = When(account, Reserve(C, 1, new(2, 5)));

        decision.Events.OfType<AccountEvent.TaskPromoted>().Select(e => e.TaskId).Should().Equal(A, B);
        decision.Events.OfType<AccountEvent.HoldPlaced>().Should().ContainSingle().Which.Queued.Should().BeTrue();
        Apply(account, decision).Should().BeEquivalentTo(new { InFlight = 2 });
    }

    [Fact]
    public void Reserve_PlacesForAllWhoWaitAndOneMore_IsInFlightAtOnce()
    {
        var none = new AdmissionLimits(0, 5);
        var account = Given(Given(Grant("g", 10), Reserve(A, 1, none)), Reserve(B, 1, new(2, 5)));

        account.InFlight.Should().Be(2);
        account.Queue.Should().BeEmpty();
    }

    [Fact]
    public void Reserve_RefusedForLackOfCredits_PromotesNobody() =>
        When(Given(Grant("g", 1), Reserve(A, 1, new(0, 5))), Reserve(B, 1, Roomy)).Events.Should().BeEmpty();

    [Fact]
    public void Decide_AnyPromotion_ComesWithAnEntryThatFencesIt()
    {
        // A commit without an entry would leave the version as it is, and two of them could both succeed.
        var none = new AdmissionLimits(0, 5);
        var account = Given(Grant("g", 10), Reserve(A, 1, none), Reserve(B, 1, none));

        When(account, new AccountCommand.ExpireLots { Now = Start }).Should().Be(AccountDecision.Nothing);
        foreach (var command in new AccountCommand[] { Reserve(C, 1, Roomy), Resolve(A, 0, Roomy) })
        {
            var after = Given(account, command);
            after.Queue.Should().BeEmpty();
            after.Version.Should().BeGreaterThan(account.Version);
        }
    }

    [Fact]
    public void Resolve_PartSettled_GivesTheRestBackToItsLots()
    {
        var account = Given(Grant("never", 10), Grant("soon", 4, Start.AddDays(1)), Reserve(A, 6));

        var decision = When(account, Resolve(A, 5));

        // What expires first is earned first.
        decision.Events.Should().HaveCount(2);
        decision.Events[0].Should().Be(new AccountEvent.HoldSettled(A, Credits(5), Closes: false) { At = Start });
        decision.Events[1].Should().BeOfType<AccountEvent.HoldReleased>()
            .Which.Slices.Should().Equal(new LotSlice("never", Credits(1), null));
        var after = Apply(account, decision);
        after.Should().BeEquivalentTo(new { Available = Credits(9), Held = Credits(0), Settled = Credits(5) });
        after.Lots.Should().Equal(new Lot("never", Credits(9), null));
    }

    [Fact]
    public void Resolve_AllSettled_EndsTheHoldWithTheSettlement()
    {
        var account = Given(Grant("g", 10), Reserve(A, 6));

        var decision = When(account, Resolve(A, 6));

        decision.Events.Should().Equal(new AccountEvent.HoldSettled(A, Credits(6), Closes: true) { At = Start });
        Apply(account, decision).Holds.Should().BeEmpty();
    }

    [Fact]
    public void Resolve_NothingSettled_ReleasesAll()
    {
        var after = Given(Grant("g", 10), Reserve(A, 10), Resolve(A, 0));

        after.Should().BeEquivalentTo(new { Available = Credits(10), Held = Credits(0), Settled = Credits(0), Version = 3L });
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(7)]
    public void Resolve_MoreThanIsHeldOrLessThanNothing_IsRefused(int settle) =>
        When(Given(Grant("g", 10), Reserve(A, 6)), Resolve(A, settle)).Refusal.Should().BeOfType<AccountRefusal.InvalidAmount>();

    [Fact]
    public void Resolve_Twice_FindsNoOpenHold() =>
        When(Given(Grant("g", 10), Reserve(A, 6), Resolve(A, 6)), Resolve(A, 6)).Refusal.Should().Be(new AccountRefusal.NoOpenHold(A));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Resolve_AroundTheExpiryOfALot_ExpiresWhatComesBackFromThenOn(int ticks, bool expires)
    {
        var end = Start.AddHours(1);
        var account = Given(Grant("g", 10, end), Grant("never", 10), Reserve(A, 6));

        var after = Given(account, Resolve(A, 2, Roomy, end.AddTicks(ticks)));

        after.Available.Should().Be(Credits(expires ? 10 : 18));
        after.Lots.Should().HaveCount(expires ? 1 : 2);
    }

    [Fact]
    public void Resolve_IntoAnExpiredLot_NamesTheTaskInTheExpiry()
    {
        var end = Start.AddHours(1);
        var account = Given(Grant("g", 10, end), Reserve(A, 6));

        When(account, Resolve(A, 2, Roomy, end)).Events.OfType<AccountEvent.LotExpired>().Should().Equal(
            new AccountEvent.LotExpired("g", Credits(4), null) { At = end },
            new AccountEvent.LotExpired("g", Credits(4), A) { At = end });
    }

    [Fact]
    public void Resolve_ClockWentBackBehindTheExpiry_LetsTheRestLiveUntilItPasses()
    {
        var end = Start.AddHours(1);
        var account = Given(
            Grant("g", 10, end), Reserve(A, 6), new AccountCommand.ExpireLots { Now = end }, Resolve(A, 0, Roomy, end.AddMinutes(-1)));

        account.Available.Should().Be(Credits(6));
        Given(account, new AccountCommand.ExpireLots { Now = end }).Should().BeEquivalentTo(new { Available = Credits(0), Held = Credits(0) });
    }

    [Fact]
    public void Resolve_TaskInFlight_PromotesTheNextInOrder()
    {
        var account = Given(Grant("g", 10), Reserve(A, 1, One), Reserve(B, 1, One), Reserve(C, 1, One));

        var decision = When(account, Resolve(A, 1, One));

        decision.Events.OfType<AccountEvent.TaskPromoted>().Select(e => e.TaskId).Should().Equal(B);
        Apply(account, decision).Queue.Values.Should().Equal(C);
    }

    [Fact]
    public void Resolve_TaskThatWaits_LeavesTheQueueAndPromotesNobody()
    {
        var account = Given(Grant("g", 10), Reserve(A, 1, One), Reserve(B, 1, One), Reserve(C, 1, One), Resolve(B, 0, One));

        account.Queue.Values.Should().Equal(C);
        account.InFlight.Should().Be(1);
    }

    [Fact]
    public void Resolve_LimitHasShrunk_PromotesNobodyUntilThereIsAPlace()
    {
        var two = new AdmissionLimits(2, 100);
        var account = Given(Grant("g", 10), Reserve(A, 1, two), Reserve(B, 1, two), Reserve(C, 1, two), Resolve(A, 0, One));

        account.Queue.Values.Should().Equal(C);
        Given(account, Resolve(B, 0, One)).Queue.Should().BeEmpty();
    }

    [Fact]
    public void Resolve_LimitWasRaised_PromotesAllThatFit()
    {
        var account = Given(
            Grant("g", 10), Reserve(A, 1, One), Reserve(B, 1, One), Reserve(C, 1, One), Reserve(D, 1, One), Resolve(A, 0, new(2, 0)));

        account.InFlight.Should().Be(2);
        account.Queue.Values.Should().Equal(D);
    }

    [Fact]
    public void ExpireLots_TimeHasCome_BooksEachLot()
    {
        var account = Given(Grant("a", 1, Start.AddHours(1)), Grant("b", 2, Start.AddHours(2)), Grant("c", 4));

        When(account, new AccountCommand.ExpireLots { Now = Start.AddHours(1).AddTicks(-1) }).Should().Be(AccountDecision.Nothing);
        var after = Given(account, new AccountCommand.ExpireLots { Now = Start.AddHours(2) });
        after.Should().BeEquivalentTo(new { Available = Credits(4), Version = 5L });
    }

    [Fact]
    public void Decide_RefusedCommand_BooksNotEvenAnExpiry()
    {
        var account = Given(Grant("a", 1, Start.AddHours(1)));

        When(account, Reserve(A, 5, Roomy, Start.AddHours(3))).Events.Should().BeEmpty();
    }

    [Fact]
    public void SpendableAt_ExpiryNotYetBooked_DoesNotCount()
    {
        var account = Given(Grant("a", 1, Start.AddHours(1)), Grant("b", 2));

        account.SpendableAt(Start).Should().Be(Credits(3));
        account.SpendableAt(Start.AddHours(1)).Should().Be(Credits(2));
    }

    [Fact]
    public void Restore_FromItsParts_IsTheSameAccount()
    {
        var account = Given(
            Grant("g", 10), Grant("h", 3, Start.AddDays(1)), Reserve(A, 4, One), Resolve(A, 1, One), Reserve(B, 2, One), Reserve(C, 1, One));

        var restored = Account.Restore(
            account.Tenant, account.Version, account.Available, account.Held, account.Settled, account.Lots, account.Holds.Values.Reverse());

        restored.Should().BeEquivalentTo(account, o => o.ComparingByMembers<Account>());
        restored.Queue.Values.Should().Equal(C);
    }

    [Fact]
    public void Ledger_EachEvent_HasItsPostings()
    {
        var end = Start.AddHours(1);
        var entries = Entries(
            Grant("g", 10, end), Adjust("up", 5), Adjust("down", -3), Reserve(A, 8), Resolve(A, 3, Roomy, end), Reserve(B, 1, new(0, 1)));

        entries.Select(e => (e.Kind, e.OperationId, e.Postings.Grants.Value, e.Postings.Available.Value, e.Postings.Held.Value, e.Postings.Revenue.Value, e.Postings.Expired.Value))
            .Should().Equal(
                (LedgerEntryKind.Grant, "g", -10m, 10m, 0m, 0m, 0m),
                (LedgerEntryKind.Adjustment, "up", -5m, 5m, 0m, 0m, 0m),
                (LedgerEntryKind.Adjustment, "down", 3m, -3m, 0m, 0m, 0m),
                (LedgerEntryKind.Hold, A.Value, 0m, -8m, 8m, 0m, 0m),
                (LedgerEntryKind.Settlement, A.Value, 0m, 0m, -3m, 3m, 0m),
                (LedgerEntryKind.Release, A.Value, 0m, 5m, -5m, 0m, 0m),
                (LedgerEntryKind.Expiry, $"{A.Value}/g", 0m, -4m, 0m, 0m, 4m),
                (LedgerEntryKind.Hold, B.Value, 0m, -1m, 1m, 0m, 0m));
        entries.Select(e => e.Sequence).Should().Equal(1, 2, 3, 4, 5, 6, 7, 8);
        entries.Select(e => (e.AvailableAfter.Value, e.HeldAfter.Value)).Should().Equal(
            (10m, 0m), (15m, 0m), (12m, 0m), (4m, 8m), (4m, 5m), (9m, 0m), (5m, 0m), (4m, 1m));
    }

    private static CreditAmount Credits(decimal credits) => CreditAmount.From(credits);

    private static AccountCommand.Grant Grant(string id, decimal amount, DateTimeOffset? expiresAt = null) =>
        new() { GrantId = id, Amount = Credits(amount), ExpiresAt = expiresAt, Now = Start };

    private static AccountCommand.Adjust Adjust(string id, decimal amount) =>
        new() { AdjustmentId = id, Amount = Credits(amount), Reason = "why", Now = Start };

    private static AccountCommand.Reserve Reserve(TaskId task, decimal amount, AdmissionLimits? limits = null, DateTimeOffset? now = null) =>
        new() { TaskId = task, Amount = Credits(amount), Limits = limits ?? Roomy, Now = now ?? Start };

    private static AccountCommand.Resolve Resolve(TaskId task, decimal settle, AdmissionLimits? limits = null, DateTimeOffset? now = null) =>
        new() { TaskId = task, Settle = Credits(settle), Limits = limits ?? Roomy, Now = now ?? Start };

    private static Account Given(params AccountCommand[] commands) => Given(Account.Open(new("ten_x")), commands);

    private static Account Given(Account account, params AccountCommand[] commands) =>
        commands.Aggregate(account, (state, command) =>
        {
            var decision = When(state, command);
            decision.Refusal.Should().BeNull("what is given must be possible");
            return Apply(state, decision);
        });

    private static AccountDecision When(Account account, AccountCommand command) => AccountDecider.Decide(account, command);

    private static Account Apply(Account account, AccountDecision decision) => decision.Events.Aggregate(account, AccountDecider.Evolve);

    private static ImmutableArray<LedgerEntry> Entries(params AccountCommand[] commands)
    {
        var account = Account.Open(new("ten_x"));
        var entries = ImmutableArray.CreateBuilder<LedgerEntry>();
        foreach (var command in commands)
        {
            foreach (var happened in When(account, command).Events)
            {
                account = AccountDecider.Evolve(account, happened);
                if (Ledger.Entry(happened, account) is { } entry)
                {
                    entries.Add(entry);
                }
            }
        }

        return entries.ToImmutable();
    }
}
