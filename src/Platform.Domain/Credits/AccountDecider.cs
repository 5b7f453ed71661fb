using System.Collections.Immutable;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

using AccountDecision = Platform.Domain.Decision<Platform.Domain.Credits.AccountEvent, Platform.Domain.Credits.AccountRefusal>;

namespace Platform.Domain.Credits;

/// <summary>
/// The rules of an account. Every command first books what has expired, so that no decision rests on credits that are gone;
/// a refused command books nothing.
/// </summary>
public static class AccountDecider
{
    /// <summary>Decides what a command does to an account.</summary>
    public static AccountDecision Decide(Account account, AccountCommand command)
    {
        var expired = ExpireDue(account, command.Now);
        var current = expired.Aggregate(account, Evolve);
        var decision = command switch
        {
            AccountCommand.Grant grant => DecideGrant(current, grant),
            AccountCommand.Adjust adjust => DecideAdjust(current, adjust),
            AccountCommand.Reserve reserve => DecideReserve(current, reserve),
            AccountCommand.Resolve resolve => DecideResolve(current, resolve),
            AccountCommand.ExpireLots => AccountDecision.Nothing,
            _ => throw new InvalidOperationException($"Unknown command {command.GetType().Name}."),
        };

        if (decision.Refusal is not null || expired.IsEmpty)
        {
            return decision;
        }

        return AccountDecision.Of([.. expired, .. decision.Events]);
    }

    /// <summary>The account after an event.</summary>
    public static Account Evolve(Account account, AccountEvent happened) => happened switch
    {
        AccountEvent.Granted e => Credit(account, new(e.GrantId, e.Amount, e.ExpiresAt)),
        AccountEvent.CreditedUp e => Credit(account, new(e.AdjustmentId, e.Amount, null)),
        AccountEvent.AdjustedDown e => Booked(account) with
        {
            Available = account.Available - e.Amount,
            Lots = LotOrder.Take(account.Lots, e.Slices),
        },
        AccountEvent.HoldPlaced e => PlaceHold(account, e),
        AccountEvent.HoldSettled e => Settle(account, e),
        AccountEvent.HoldReleased e => CloseHold(Booked(account), e.TaskId) with
        {
            Available = account.Available + e.Amount,
            Held = account.Held - e.Amount,
            Lots = e.Slices.Aggregate(account.Lots, LotOrder.Return),
        },
        AccountEvent.LotExpired e => Booked(account) with
        {
            Available = account.Available - e.Amount,
            Lots = LotOrder.Take(account.Lots, [new(e.GrantId, e.Amount, null)]),
        },
        AccountEvent.TaskPromoted e => Promote(account, e.TaskId),
        _ => throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
    };

    private static ImmutableArray<AccountEvent> ExpireDue(Account account, DateTimeOffset now) =>
    [
        .. account.Lots
            .Where(lot => lot.ExpiresAt <= now)
            .Select(lot => new AccountEvent.LotExpired(lot.GrantId, lot.Remaining, null) { At = now }),
    ];

    private static AccountDecision DecideGrant(Account account, AccountCommand.Grant command)
    {
        if (command.Amount <= CreditAmount.Zero)
        {
            return AccountDecision.Refuse(new AccountRefusal.InvalidAmount(command.Amount, "A grant is more than zero."));
        }

        if (!FitsAccount(account, command.Amount))
        {
            return AccountDecision.Refuse(TooLarge(command.Amount));
        }

        var granted = new AccountEvent.Granted(command.GrantId, command.Amount, command.ExpiresAt, command.Note) { At = command.Now };

        // A grant that has ended before it came is booked in and out, so that the statement shows both.
        return command.ExpiresAt <= command.Now
            ? AccountDecision.Of(granted, new AccountEvent.LotExpired(command.GrantId, command.Amount, null) { At = command.Now })
            : AccountDecision.Of(granted);
    }

    private static AccountDecision DecideAdjust(Account account, AccountCommand.Adjust command)
    {
        if (command.Amount == CreditAmount.Zero)
        {
            return AccountDecision.Refuse(new AccountRefusal.InvalidAmount(command.Amount, "An adjustment is not zero."));
        }

        if (command.Amount > CreditAmount.Zero)
        {
            return FitsAccount(account, command.Amount)
                ? AccountDecision.Of(new AccountEvent.CreditedUp(command.AdjustmentId, command.Amount, command.Reason) { At = command.Now })
                : AccountDecision.Refuse(TooLarge(command.Amount));
        }

        var taken = -command.Amount;
        return taken > account.Available
            ? AccountDecision.Refuse(new AccountRefusal.InsufficientCredits(taken, account.Available))
            : AccountDecision.Of(new AccountEvent.AdjustedDown(
                command.AdjustmentId, taken, LotOrder.Choose(account.Lots, taken), command.Reason)
            { At = command.Now });
    }

    private static AccountDecision DecideReserve(Account account, AccountCommand.Reserve command)
    {
        if (account.Holds.ContainsKey(command.TaskId))
        {
            return AccountDecision.Nothing;
        }

        if (command.Amount < CreditAmount.Zero)
        {
            return AccountDecision.Refuse(new AccountRefusal.InvalidAmount(command.Amount, "A hold is not negative."));
        }

        if (command.Amount > account.Available)
        {
            return AccountDecision.Refuse(new AccountRefusal.InsufficientCredits(command.Amount, account.Available));
        }

        // Who waits already goes first, also into places that are free because the limits were raised.
        var promotions = Promotions(account, command.Limits, command.Now);
        var current = promotions.Aggregate(account, Evolve);
        var queued = current.InFlight >= command.Limits.TasksInFlight;
        if (queued && current.Queue.Count >= command.Limits.QueueLength)
        {
            return AccountDecision.Refuse(new AccountRefusal.QueueFull(new(account.InFlight, account.Queue.Count)));
        }

        var placed = new AccountEvent.HoldPlaced(
            command.TaskId, command.Amount, LotOrder.Choose(account.Lots, command.Amount), queued)
        { At = command.Now };
        return AccountDecision.Of([.. promotions, placed]);
    }

    private static AccountDecision DecideResolve(Account account, AccountCommand.Resolve command)
    {
        if (!account.Holds.TryGetValue(command.TaskId, out var hold))
        {
            return AccountDecision.Refuse(new AccountRefusal.NoOpenHold(command.TaskId));
        }

        if (command.Settle < CreditAmount.Zero || command.Settle > hold.Amount)
        {
            return AccountDecision.Refuse(new AccountRefusal.InvalidAmount(command.Settle, "A settlement is between zero and what is held."));
        }

        var events = ImmutableArray.CreateBuilder<AccountEvent>();
        var released = hold.Amount - command.Settle;
        var releases = released > CreditAmount.Zero || command.Settle == CreditAmount.Zero;
        if (command.Settle > CreditAmount.Zero)
        {
            events.Add(new AccountEvent.HoldSettled(command.TaskId, command.Settle, Closes: !releases) { At = command.Now });
        }

        if (releases)
        {
            // What expires first is earned first; what goes back is the end of the hold's slices.
            var slices = LotOrder.Skip(hold.Slices, command.Settle);
            events.Add(new AccountEvent.HoldReleased(command.TaskId, released, slices) { At = command.Now });
            foreach (var slice in slices)
            {
                if (slice.ExpiresAt <= command.Now)
                {
                    events.Add(new AccountEvent.LotExpired(slice.GrantId, slice.Amount, command.TaskId) { At = command.Now });
                }
            }
        }

        events.AddRange(Promotions(events.Aggregate(account, Evolve), command.Limits, command.Now));
        return AccountDecision.Of(events.ToImmutable());
    }

    private static ImmutableArray<AccountEvent> Promotions(Account account, AdmissionLimits limits, DateTimeOffset now) =>
    [
        .. account.Queue.Values
            .Take(Math.Max(0, limits.TasksInFlight) - account.InFlight)
            .Select(task => new AccountEvent.TaskPromoted(task) { At = now }),
    ];

    // What was earned counts too: its total is kept with the account, and no hold may ever end in an amount that cannot be booked.
    private static bool FitsAccount(Account account, CreditAmount amount) =>
        account.Available.Value + account.Held.Value + account.Settled.Value + amount.Value <= CreditAmount.Limit;

    private static AccountRefusal.InvalidAmount TooLarge(CreditAmount amount) =>
        new(amount, $"An account holds at most {CreditAmount.Limit} credits, with those that it has spent.");

    private static Account Booked(Account account) => account with { Version = account.Version + 1 };

    private static Account Credit(Account account, Lot lot) => Booked(account) with
    {
        Available = account.Available + lot.Remaining,
        Lots = LotOrder.Insert(account.Lots, lot),
    };

    private static Account PlaceHold(Account account, AccountEvent.HoldPlaced placed)
    {
        var sequence = account.Version + 1;
        return Booked(account) with
        {
            Available = account.Available - placed.Amount,
            Held = account.Held + placed.Amount,
            Lots = LotOrder.Take(account.Lots, placed.Slices),
            Holds = account.Holds.Add(placed.TaskId, new(placed.TaskId, placed.Amount, placed.Slices, sequence, placed.Queued)),
            Queue = placed.Queued ? account.Queue.Add(sequence, placed.TaskId) : account.Queue,
        };
    }

    private static Account Settle(Account account, AccountEvent.HoldSettled settled)
    {
        var booked = Booked(account) with { Held = account.Held - settled.Amount, Settled = account.Settled + settled.Amount };
        if (settled.Closes)
        {
            return CloseHold(booked, settled.TaskId);
        }

        var hold = account.Holds[settled.TaskId];
        var rest = hold with { Amount = hold.Amount - settled.Amount, Slices = LotOrder.Skip(hold.Slices, settled.Amount) };
        return booked with { Holds = account.Holds.SetItem(settled.TaskId, rest) };
    }

    private static Account CloseHold(Account account, TaskId taskId)
    {
        var hold = account.Holds[taskId];
        return account with
        {
            Holds = account.Holds.Remove(taskId),
            Queue = hold.Queued ? account.Queue.Remove(hold.Sequence) : account.Queue,
        };
    }

    private static Account Promote(Account account, TaskId taskId)
    {
        var hold = account.Holds[taskId];
        return account with
        {
            Holds = account.Holds.SetItem(taskId, hold with { Queued = false }),
            Queue = account.Queue.Remove(hold.Sequence),
        };
    }
}
