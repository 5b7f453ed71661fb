using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Simulation.Surroundings;

namespace Platform.Simulation.Checks;

/// <summary>
/// Asks the deciders what they would do with a command that nobody sent, on a state that is committed: an answer that belongs to another
/// attempt, an end of what has ended, a reserve of what is there. Nothing is committed; what they say must keep the rules.
/// </summary>
internal sealed class Offers(World world)
{
    private static readonly UpstreamFault Fault = new("offered", "simulated");

    public void Make()
    {
        if (world.Books.Tasks.Count > 0 && world.Chance.Percent(70))
        {
            OfferTo(world.Books.Find(world.Chance.Pick(world.Books.Tasks))!);
        }
        else
        {
            OfferTo(world.Books.Load(world.Chance.Pick(world.Tenants)));
        }
    }

    private void OfferTo(GenerationTask task)
    {
        var now = Kernel.Timeline.Start + world.Timeline.Now;
        var attempt = task.Attempts.IsEmpty || world.Chance.Percent(10) ? "att_none" : world.Chance.Pick(task.Attempts).Id;
        TaskCommand command = world.Chance.Below(15) switch
        {
            0 => new TaskCommand.RecordInputs([]) { Now = now },
            1 => new TaskCommand.StartAttempt(
                world.Chance.Percent(70) ? "att_new" : attempt, world.Chance.Pick(world.Routes.Routes), [], now + TimeSpan.FromSeconds(10)) { Now = now },
            2 => new TaskCommand.RecordAccepted(attempt, "job") { Now = now },
            3 => new TaskCommand.RecordRefused(attempt, AttemptEnding.Refused, Fault, now) { Now = now },
            4 => new TaskCommand.RecordUnclear(attempt, Fault) { Now = now },
            5 => new TaskCommand.RecordNotFound(attempt, now + TimeSpan.FromSeconds(10)) { Now = now },
            6 => new TaskCommand.RecordOutput(attempt, new("https://example.com/x.mp4", 5m)) { Now = now },
            7 => new TaskCommand.RecordAttemptFailed(attempt, TaskErrorCode.ServiceError, Fault) { Now = now },
            8 => new TaskCommand.RequestCancel { Now = now },
            9 => new TaskCommand.RecordCancelDeclined(attempt, Fault) { Now = now },
            10 => new TaskCommand.Complete(new("key", new(1, "aa"), new()
            {
                Format = Domain.Media.MediaFormat.Mp4,
                Width = 1,
                Height = 1,
                DurationSeconds = world.Chance.Below(40),
            })) { Now = now },
            11 => new TaskCommand.Fail(new(TaskErrorCode.ServiceError, "simulated"), null) { Now = now },
            12 => new TaskCommand.Cancel(UpstreamStopped: false) { Now = now },
            13 => new TaskCommand.Cancel(UpstreamStopped: true) { Now = now },
            _ => new TaskCommand.EraseMedia { Now = now },
        };
        world.Coverage.Decided(Coverage.PairOf(task, Coverage.NameOf(command)));
        var decision = TaskDecider.Decide(task, command);
        var after = TaskDecider.Apply(task, decision.Events);
        var isOfCurrent = task.CurrentAttempt?.Id == attempt;
        Demand(decision.Refusal is null || decision.Events.IsEmpty, "a refusal comes with events");
        Demand(TaskDecider.Decide(after, command).Events.IsEmpty, "a repeated command has events");
        Demand(after.IsTerminal == (task.IsTerminal || decision.Events.Any(IsEnd)), "it ends without an end");
        Demand(!decision.Events.Any(IsEnd) || command is TaskCommand.Complete or TaskCommand.Fail or TaskCommand.Cancel, "it ends by what is no end");
        Demand(
            !task.IsTerminal || (after.Phase == task.Phase && decision.Events.All(e => e is TaskEvent.LateOutput or TaskEvent.MediaErased)),
            "what has ended goes on");
        Demand(
            isOfCurrent || !IsOfAttempt(command) || decision.Events.All(e => e is TaskEvent.LateOutput),
            "an answer to another attempt counts");
        Demand(
            command is not TaskCommand.StartAttempt || decision.Events.IsEmpty || task is { Phase: TaskPhase.Ready, CancelRequested: false },
            "an attempt starts out of turn");
        Demand(
            after.Phase is not TaskPhase.Ended { Outcome: TaskOutcome.Completed done } || done.CreditsUsed <= task.CreditsReserved,
            "it costs more than was reserved");

        void Demand(bool holds, string otherwise) => world.Require(
            Invariant.DecidersKeepTheRules, holds, () => $"{otherwise}: {task.Phase}, {command} → {decision}");
    }

    private void OfferTo(Account account)
    {
        var now = Kernel.Timeline.Start + world.Timeline.Now;
        AccountCommand command = world.Chance.Below(5) switch
        {
            0 => new AccountCommand.Grant { Now = now, GrantId = "offered", Amount = Amount(), ExpiresAt = now + TimeSpan.FromMinutes(world.Chance.Below(3)) },
            1 => new AccountCommand.Adjust { Now = now, AdjustmentId = "offered", Amount = Amount(), Reason = "offered" },
            2 => new AccountCommand.Reserve { Now = now, TaskId = AnyTask(account), Amount = Amount(), Limits = world.Limits },
            3 => new AccountCommand.Resolve { Now = now, TaskId = AnyTask(account), Settle = Amount(), Limits = world.Limits },
            _ => new AccountCommand.ExpireLots { Now = now },
        };
        world.Coverage.Decided(Coverage.PairOf(account, command, world.Limits));
        var decision = AccountDecider.Decide(account, command);
        var after = decision.Events.Aggregate(account, AccountDecider.Evolve);
        var moved = decision.Events.Sum(e => e switch
        {
            AccountEvent.Granted g => g.Amount.Value,
            AccountEvent.CreditedUp c => c.Amount.Value,
            AccountEvent.AdjustedDown a => -a.Amount.Value,
            AccountEvent.LotExpired l => -l.Amount.Value,
            _ => 0,
        });
        Demand(decision.Refusal is null || decision.Events.IsEmpty, "a refusal comes with events");
        Demand(after.Available >= CreditAmount.Zero && after.Held >= CreditAmount.Zero, "it falls below zero");
        Demand(
            after.Available.Value + after.Held.Value + after.Settled.Value == account.Available.Value + account.Held.Value + account.Settled.Value + moved,
            "credits come from nowhere or go there");
        Demand(after.Lots.Sum(l => l.Remaining.Value) == after.Available.Value, "the lots are not what is available");
        Demand(after.Holds.Values.Sum(h => h.Amount.Value) == after.Held.Value, "the holds are not what is held");
        Demand(after.InFlight <= Math.Max(world.Limits.TasksInFlight, account.InFlight), "more tasks fly than may");
        Demand(decision.Refusal is not null || after.Lots.All(l => !(l.ExpiresAt <= now)), "what has expired is left");
        if (command is AccountCommand.Reserve or AccountCommand.Resolve or AccountCommand.ExpireLots)
        {
            Demand(AccountDecider.Decide(after, command).Events.IsEmpty || decision.Refusal is not null, "a repeated command has events");
        }

        void Demand(bool holds, string otherwise) => world.Require(
            Invariant.DecidersKeepTheRules, holds, () => $"{otherwise}: {account}, {command} → {decision}");
    }

    private CreditAmount Amount() => CreditAmount.From((world.Chance.Below(9) * 12.2472m) - 12.2472m);

    private TaskId AnyTask(Account account) => account.Holds.IsEmpty || world.Chance.Percent(30)
        ? new("task-unified-0-offered")
        : world.Chance.Pick([.. account.Holds.Values.OrderBy(h => h.Sequence).Select(h => h.TaskId)]);

    private static bool IsEnd(TaskEvent happened) => happened is TaskEvent.Completed or TaskEvent.Failed or TaskEvent.Cancelled;

    private static bool IsOfAttempt(TaskCommand command) => command
        is TaskCommand.RecordAccepted
        or TaskCommand.RecordRefused
        or TaskCommand.RecordUnclear
        or TaskCommand.RecordNotFound
        or TaskCommand.RecordOutput
        or TaskCommand.RecordAttemptFailed
        or TaskCommand.RecordCancelDeclined;
}
