using System.Collections.Immutable;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Conformance.Store;

/// <summary>Makes units as a tenant's grain does: by the decider, entry by entry.</summary>
public static class Units
{
    public static AdmissionLimits NoLimits { get; } = new(int.MaxValue, int.MaxValue);

    /// <summary>The unit of a command that the account must not refuse, without tasks.</summary>
    public static AccountUnit Of(Account account, AccountCommand command)
    {
        var decision = AccountDecider.Decide(account, command);
        return decision.Refusal is null
            ? Of(account, decision.Events)
            : throw new InvalidOperationException($"Refused: {decision.Refusal}");
    }

    /// <summary>The unit of events.</summary>
    public static AccountUnit Of(Account account, IEnumerable<AccountEvent> events)
    {
        var after = account;
        var entries = ImmutableArray.CreateBuilder<LedgerEntry>();
        var promoted = ImmutableArray.CreateBuilder<PromotedTask>();
        foreach (var happened in events)
        {
            after = AccountDecider.Evolve(after, happened);
            if (Ledger.Entry(happened, after) is { } entry)
            {
                entries.Add(entry);
            }

            if (happened is AccountEvent.TaskPromoted p)
            {
                promoted.Add(new(p.TaskId, p.At));
            }
        }

        return new()
        {
            Tenant = account.Tenant,
            ExpectedVersion = account.Version,
            After = after,
            Entries = entries.ToImmutable(),
            Promoted = promoted.ToImmutable(),
        };
    }

    public static AccountUnit Grant(Account account, string id, decimal credits, DateTimeOffset now, DateTimeOffset? expiresAt = null) =>
        Of(account, new AccountCommand.Grant
        {
            Now = now,
            GrantId = id,
            Amount = CreditAmount.From(credits),
            ExpiresAt = expiresAt,
            Note = "a note – ü",
        });

    public static AccountUnit Adjust(Account account, string id, decimal credits, DateTimeOffset now) =>
        Of(account, new AccountCommand.Adjust { Now = now, AdjustmentId = id, Amount = CreditAmount.From(credits), Reason = "a reason" });

    /// <summary>Accepts a task; it is due a minute later.</summary>
    public static AccountUnit Accept(
        Account account, TaskId id, decimal credits, DateTimeOffset now, string? key = null, AdmissionLimits? limits = null)
    {
        var amount = CreditAmount.From(credits);
        var unit = Of(account, new AccountCommand.Reserve { Now = now, TaskId = id, Amount = amount, Limits = limits ?? NoLimits });
        var hold = unit.After.Holds[id];
        return unit with
        {
            Accepted =
            [
                new(
                    Samples.Task(account.Tenant, id, now, amount),
                    [new TaskEvent.Accepted(amount, 5, hold.Queued) { At = now }],
                    hold,
                    now.AddMinutes(1),
                    key is null ? null : new(key, "digest", id, now)),
            ],
        };
    }

    /// <summary>Completes a task and settles some of its hold, or fails it where nothing is settled.</summary>
    public static AccountUnit Resolve(Account account, GenerationTask task, decimal settle, DateTimeOffset now, AdmissionLimits? limits = null)
    {
        var settled = CreditAmount.From(settle);
        var held = account.Holds[task.Id].Amount;
        var unit = Of(account, new AccountCommand.Resolve { Now = now, TaskId = task.Id, Settle = settled, Limits = limits ?? NoLimits });
        TaskEvent end = settle > 0
            ? new TaskEvent.Completed(Samples.Result, 5, settled) { At = now }
            : new TaskEvent.Failed(new(TaskErrorCode.ServiceError, "It failed."), null) { At = now };
        var ended = TaskDecider.Apply(task, [end]);
        return unit with
        {
            Resolved =
            [
                new(
                    ended,
                    task.Version,
                    [end],
                    new(task.Id, ended.Status, settled, held - settled, settle > 0 ? 5 : 0, now),
                    new($"msg_{task.Tenant}_{task.Id}", task.Id, OutboxMessage.EventTypeOf(ended.Status), now)),
            ],
        };
    }

    /// <summary>A step of a task that moves no credits.</summary>
    public static TaskUnit Step(GenerationTask task, DateTimeOffset? dueAt, params ImmutableArray<TaskEvent> events) =>
        new(TaskDecider.Apply(task, events), task.Version, events, dueAt);
}
