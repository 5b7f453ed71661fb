using System.Collections.Immutable;
using CsCheck;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;

namespace Platform.Domain.Tests.Credits;

/// <summary>The checker of the property is itself tested: it must find each fault that is planted in the rules.</summary>
public sealed class AccountPlantedFaultTests
{
    [Fact]
    public void Checker_ReleaseIsForgotten_FindsIt() => MustFind(AccountRules.Real.WithEvents(
        (_, _, events) => events.Where(e => e is not AccountEvent.HoldReleased)));

    [Fact]
    public void Checker_ReleasedCreditsAreLost_FindsIt() => MustFind(AccountRules.Real.WithEvents(
        (_, _, events) => events.Select(e => e is AccountEvent.HoldReleased r ? r with { Amount = CreditAmount.Zero, Slices = [] } : e)));

    [Fact]
    public void Checker_MoreIsSettledThanAsked_FindsIt() => MustFind(AccountRules.Real.WithEvents(
        (_, _, events) => events.Select(e => e is AccountEvent.HoldSettled s ? s with { Amount = s.Amount + CreditAmount.FromUnits(1) } : e)));

    [Fact]
    public void Checker_SettlesMoreThanIsHeld_FindsIt() => MustFind(AccountRules.Real with
    {
        Decide = (account, command) =>
            command is AccountCommand.Resolve resolve && account.Holds.TryGetValue(resolve.TaskId, out var hold) && resolve.Settle > hold.Amount
                ? Decision<AccountEvent, AccountRefusal>.Of(
                    new AccountEvent.HoldSettled(resolve.TaskId, resolve.Settle, Closes: true) { At = resolve.Now })
                : AccountDecider.Decide(account, command),
    });

    [Fact]
    public void Checker_RepeatedReserveIsNotNoticed_FindsIt() => MustFind(new(
        (account, command) => AccountDecider.Decide(
            command is AccountCommand.Reserve reserve ? account with { Holds = account.Holds.Remove(reserve.TaskId) } : account, command),
        (account, happened) => AccountDecider.Evolve(
            happened is AccountEvent.HoldPlaced placed ? account with { Holds = account.Holds.Remove(placed.TaskId) } : account, happened)));

    [Fact]
    public void Checker_RepeatedResolveIsNotNoticed_FindsIt()
    {
        // Remembers a hold that has ended, and ends it again.
        var ended = ImmutableDictionary<TaskId, Hold>.Empty;
        MustFind(AccountRules.Real with
        {
            Decide = (account, command) =>
            {
                if (command is not AccountCommand.Resolve resolve)
                {
                    return AccountDecider.Decide(account, command);
                }

                if (account.Holds.TryGetValue(resolve.TaskId, out var open))
                {
                    ImmutableInterlocked.AddOrUpdate(ref ended, resolve.TaskId, open, (_, _) => open);
                    return AccountDecider.Decide(account, command);
                }

                return ended.TryGetValue(resolve.TaskId, out var hold)
                    ? AccountDecider.Decide(account with { Holds = account.Holds.Add(resolve.TaskId, hold with { Queued = false }) }, command)
                    : AccountDecider.Decide(account, command);
            },
        });
    }

    [Fact]
    public void Checker_LotsAreTakenInWrongOrder_FindsIt() => MustFind(AccountRules.Real.WithEvents(
        (account, _, events) => events.Select(e => e is AccountEvent.HoldPlaced placed && events.Count() == 1
            ? placed with { Slices = FromTheEnd(account.Lots, placed.Amount) }
            : e)));

    [Fact]
    public void Checker_LateReleaseDoesNotExpire_FindsIt() => MustFind(AccountRules.Real.WithEvents(
        (_, _, events) => events.Where(e => e is not AccountEvent.LotExpired { TaskId: not null })));

    [Fact]
    public void Checker_ExpiredCreditsCanStillBeSpent_FindsIt() => MustFind(AccountRules.Real with
    {
        Decide = (account, command) => AccountDecider.Decide(
            command is AccountCommand.Reserve ? account with { Lots = [.. account.Lots.Select(l => l with { ExpiresAt = null })] } : account,
            command),
    });

    [Fact]
    public void Checker_NewestIsPromotedFirst_FindsIt() => MustFind(AccountRules.Real.WithEvents(
        (account, _, events) => events.Select(e => e is AccountEvent.TaskPromoted p && account.Queue.Count > 1
            ? p with { TaskId = account.Queue.Values.Last() }
            : e)));

    [Fact]
    public void Checker_LimitIsOverrun_FindsIt() => MustFind(AccountRules.Real with
    {
        Decide = (account, command) => AccountDecider.Decide(
            account,
            command is AccountCommand.Reserve r ? r with { Limits = r.Limits with { TasksInFlight = r.Limits.TasksInFlight + 1 } } : command),
    });

    [Fact]
    public void Checker_NobodyIsPromoted_FindsIt() => MustFind(AccountRules.Real.WithEvents(
        (_, _, events) => events.Where(e => e is not AccountEvent.TaskPromoted)));

    [Fact]
    public void Checker_QueueHasNoEnd_FindsIt() => MustFind(AccountRules.Real with
    {
        Decide = (account, command) => AccountDecider.Decide(
            account, command is AccountCommand.Reserve r ? r with { Limits = r.Limits with { QueueLength = 1000 } } : command),
    });

    [Fact]
    public void Checker_VersionSkipsANumber_FindsIt() => MustFind(AccountRules.Real with
    {
        Evolve = (account, happened) => AccountDecider.Evolve(
            happened is AccountEvent.AdjustedDown ? account with { Version = account.Version + 1 } : account, happened),
    });

    private static void MustFind(AccountRules faulty)
    {
        var found = false;
        AccountStep.Runs.Sample(
            steps =>
            {
                if (!Volatile.Read(ref found) && AccountRun.FirstViolation(faulty, steps) is not null)
                {
                    Volatile.Write(ref found, true);
                }
            },
            iter: 1_000);
        found.Should().BeTrue("the checker must find a planted fault");
    }

    private static ImmutableArray<LotSlice> FromTheEnd(ImmutableArray<Lot> lots, CreditAmount amount)
    {
        var slices = ImmutableArray.CreateBuilder<LotSlice>();
        foreach (var lot in lots.Reverse())
        {
            if (amount > CreditAmount.Zero)
            {
                slices.Add(new(lot.GrantId, CreditAmount.Min(amount, lot.Remaining), lot.ExpiresAt));
                amount -= slices[^1].Amount;
            }
        }

        return slices.ToImmutable();
    }
}
