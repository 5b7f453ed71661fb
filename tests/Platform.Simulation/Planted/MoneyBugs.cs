using System.Collections.Immutable;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Storage.Memory;

namespace Platform.Simulation.Planted;

/// <summary>A bug in what a commit says about money; the store has no last wall that would notice.</summary>
internal abstract class MoneyBug : PlantedBug
{
    public override MemoryStore CreateStore() => new WeakStore();

    public override IAccountStore Wrap(IAccountStore store) => new ChangedUnits(store, Change);

    protected abstract AccountUnit Change(AccountUnit unit);

    protected static AccountUnit Each(AccountUnit unit, LedgerEntryKind kind, Func<LedgerEntry, LedgerEntry> change) =>
        unit with { Entries = [.. unit.Entries.Select(e => e.Kind == kind ? change(e) : e)] };
}

/// <summary>A settlement earns what nobody paid.</summary>
internal sealed class RevenueOutOfNothing : MoneyBug
{
    protected override AccountUnit Change(AccountUnit unit) => Each(unit, LedgerEntryKind.Settlement, e => e with
    {
        Postings = e.Postings with { Revenue = e.Postings.Revenue + CreditAmount.FromUnits(1) },
    });
}

/// <summary>The hold of a task that failed is closed, and what was held is not given back.</summary>
internal sealed class ReleaseForgotten : MoneyBug
{
    protected override AccountUnit Change(AccountUnit unit) => unit.Resolved.Any(r => r.Task.Status == GenerationStatus.Failed)
        ? ChangedUnits.WithEntries(unit, unit.Entries.Where(e => e.Kind != LedgerEntryKind.Release))
        : unit;
}

/// <summary>A completed task is settled, and refunded whole as well.</summary>
internal sealed class HoldEndedTwice : MoneyBug
{
    protected override AccountUnit Change(AccountUnit unit)
    {
        var settled = unit.Entries.Where(e => e.Kind == LedgerEntryKind.Settlement).ToDictionary(e => e.OperationId, e => e.Postings.Revenue);
        return ChangedUnits.WithEntries(unit, unit.Entries.Select(e => e.Kind == LedgerEntryKind.Release && settled.TryGetValue(e.OperationId, out var again)
            ? e with { Postings = e.Postings with { Available = e.Postings.Available + again, Grants = e.Postings.Grants - again } }
            : e));
    }
}

/// <summary>A task that failed is billed.</summary>
internal sealed class FailureBilled : MoneyBug
{
    protected override AccountUnit Change(AccountUnit unit)
    {
        var failed = unit.Resolved.Where(r => r.Task.Status == GenerationStatus.Failed).Select(r => r.Task.Id.Value).ToHashSet(StringComparer.Ordinal);
        return ChangedUnits.WithEntries(unit, unit.Entries.Select(e => e.Kind == LedgerEntryKind.Release && failed.Contains(e.OperationId)
            ? e with
            {
                Kind = LedgerEntryKind.Settlement,
                Postings = new(default, default, e.Postings.Held, -e.Postings.Held, default),
            }
            : e)) with
        {
            Resolved = [.. unit.Resolved.Select(r => failed.Contains(r.Task.Id.Value)
                ? r with { Resolution = r.Resolution with { Settled = r.Resolution.Released, Released = default } }
                : r)],
        };
    }
}

/// <summary>The balance after a hold is not the one before it and the hold.</summary>
internal sealed class WrongBalance : MoneyBug
{
    protected override AccountUnit Change(AccountUnit unit) =>
        Each(unit, LedgerEntryKind.Hold, e => e with { AvailableAfter = e.AvailableAfter + CreditAmount.FromUnits(1) });
}

/// <summary>A task that ended gives its place to nobody.</summary>
internal sealed class PromotionForgotten : MoneyBug
{
    protected override AccountUnit Change(AccountUnit unit) => unit with { Promoted = [] };
}

/// <summary>A hold that is placed says more than was booked for it.</summary>
internal sealed class HoldSaysMore : MoneyBug
{
    protected override AccountUnit Change(AccountUnit unit) => unit with
    {
        Accepted = [.. unit.Accepted.Select(a => a with { Hold = a.Hold with { Amount = a.Hold.Amount + CreditAmount.FromUnits(1) } })],
    };
}

/// <summary>What an upstream finished after the task had ended is billed after all.</summary>
internal sealed class LateSuccessBilled : PlantedBug
{
    private IAccountStore? _accounts;

    public override MemoryStore CreateStore() => new WeakStore();

    public override IAccountStore Wrap(IAccountStore store) => _accounts = store;

    public override ITaskStore Wrap(ITaskStore store) => new Billing(store, _accounts!);

    private sealed class Billing(ITaskStore inner, IAccountStore accounts) : ChangedTasks(inner)
    {
        public override async Task<CommitOutcome> CommitAsync(TaskUnit unit, CancellationToken cancellationToken)
        {
            var outcome = await base.CommitAsync(unit, cancellationToken);
            if (outcome is CommitOutcome.Committed && unit.Events.Any(e => e is TaskEvent.LateOutput))
            {
                var account = await accounts.LoadAsync(unit.Task.Tenant, cancellationToken);
                var bill = CreditAmount.Min(account.Available, unit.Task.CreditsReserved);
                await accounts.CommitAsync(
                    new()
                    {
                        Tenant = account.Tenant,
                        ExpectedVersion = account.Version,
                        After = account with
                        {
                            Version = account.Version + 1,
                            Available = account.Available - bill,
                            Settled = account.Settled + bill,
                        },
                        Entries =
                        [
                            new()
                            {
                                Sequence = account.Version + 1,
                                Kind = LedgerEntryKind.Settlement,
                                OperationId = unit.Task.Id.Value,
                                TaskId = unit.Task.Id,
                                Postings = new(default, -bill, default, bill, default),
                                AvailableAfter = account.Available - bill,
                                HeldAfter = account.Held,
                                At = unit.Task.EndedAt!.Value,
                            },
                        ],
                    },
                    cancellationToken);
            }

            return outcome;
        }
    }
}
