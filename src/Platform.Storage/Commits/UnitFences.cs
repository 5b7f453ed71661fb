using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;

namespace Platform.Storage.Commits;

/// <summary>
/// Finds the first fence that a unit loses, in the order of <see cref="Fence"/>. A unit that brings the same id, key or operation
/// twice loses to itself, as if the two had come one after the other.
/// </summary>
internal static class UnitFences
{
    private static readonly Func<AccountUnit, IFenceView, CommitOutcome.Lost?>[] InOrder =
        [AccountVersion, TaskVersion, TaskId, IdempotencyKey, Operation];

    /// <summary>The first fence that does not hold, or null.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="view">What the fences look at.</param>
    /// <param name="stands">Whether a fence that does not hold counts; null for always. Only a test double says no.</param>
    public static CommitOutcome.Lost? FirstLost(AccountUnit unit, IFenceView view, Func<CommitOutcome.Lost, bool>? stands = null)
    {
        foreach (var fence in InOrder)
        {
            if (fence(unit, view) is { } lost && (stands is null || stands(lost)))
            {
                return lost;
            }
        }

        return null;
    }

    /// <summary>The fence that does not hold, or null.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="effects">What it does to the books of the upstreams.</param>
    /// <param name="view">What the fences look at.</param>
    /// <param name="stands">Whether a fence that does not hold counts; null for always. Only a test double says no.</param>
    public static CommitOutcome.Lost? FirstLost(
        TaskUnit unit, UpstreamEffects effects, IFenceView view, Func<CommitOutcome.Lost, bool>? stands = null)
    {
        if (unit.ExpectedVersion <= 0 || view.TaskVersion(unit.Task.Tenant, unit.Task.Id) != unit.ExpectedVersion)
        {
            var lost = new CommitOutcome.Lost(Fence.TaskVersion, unit.Task.Id.Value);
            if (stands is null || stands(lost))
            {
                return lost;
            }
        }

        if (effects.Takes is { } taken && view.SlotTaken(taken.Slot))
        {
            var lost = new CommitOutcome.Lost(Fence.Slot, taken.Slot.ToString());
            return stands is null || stands(lost) ? lost : null;
        }

        return null;
    }

    /// <summary>Keys that were stored no later than this are free again for a record.</summary>
    public static DateTimeOffset FreeBefore(IdempotencyRecord record) => record.CreatedAt - IdempotencyRecord.Retention;

    private static CommitOutcome.Lost? AccountVersion(AccountUnit unit, IFenceView view) =>
        view.AccountVersion(unit.Tenant) == unit.ExpectedVersion ? null : new(Fence.AccountVersion, unit.Tenant.Value);

    private static CommitOutcome.Lost? TaskVersion(AccountUnit unit, IFenceView view)
    {
        for (var i = 0; i < unit.Resolved.Length; i++)
        {
            var resolved = unit.Resolved[i];
            if (VersionWithin(unit, i, resolved.Task.Id, view) != resolved.ExpectedVersion)
            {
                return new(Fence.TaskVersion, resolved.Task.Id.Value);
            }
        }

        return null;
    }

    // The version that the i-th resolved task meets: what the unit itself does to the task comes first.
    private static long VersionWithin(AccountUnit unit, int i, TaskId id, IFenceView view)
    {
        for (var earlier = i - 1; earlier >= 0; earlier--)
        {
            if (unit.Resolved[earlier].Task.Id == id)
            {
                return unit.Resolved[earlier].Task.Version;
            }
        }

        foreach (var accepted in unit.Accepted)
        {
            if (accepted.Task.Id == id)
            {
                return accepted.Task.Version;
            }
        }

        return view.TaskVersion(unit.Tenant, id);
    }

    private static CommitOutcome.Lost? TaskId(AccountUnit unit, IFenceView view)
    {
        var seen = new Seen(unit.Accepted.Length);
        foreach (var accepted in unit.Accepted)
        {
            var id = accepted.Task.Id;
            if (!seen.Add(id.Value) || view.TaskVersion(unit.Tenant, id) != 0)
            {
                return new(Fence.TaskId, id.Value);
            }
        }

        return null;
    }

    private static CommitOutcome.Lost? IdempotencyKey(AccountUnit unit, IFenceView view)
    {
        var seen = new Seen(unit.Accepted.Length);
        foreach (var accepted in unit.Accepted)
        {
            if (accepted.Idempotency is { } record
                && (!seen.Add(record.Key) || view.IdempotencyKeyInUse(unit.Tenant, record.Key, FreeBefore(record))))
            {
                return new(Fence.IdempotencyKey, record.Key);
            }
        }

        return null;
    }

    private static CommitOutcome.Lost? Operation(AccountUnit unit, IFenceView view)
    {
        var seen = new Seen(unit.Entries.Length);
        foreach (var entry in unit.Entries)
        {
            if (entry.Kind is LedgerEntryKind.Grant or LedgerEntryKind.Adjustment
                && (!seen.Add(entry.OperationId) || view.OperationExists(unit.Tenant, entry.OperationId)))
            {
                return new(Fence.Operation, entry.OperationId);
            }
        }

        return null;
    }

    // Most units bring one of each; those need no set.
    private readonly struct Seen(int count)
    {
        private readonly HashSet<string>? _values = count > 1 ? new(StringComparer.Ordinal) : null;

        public bool Add(string value) => _values?.Add(value) ?? true;
    }
}
