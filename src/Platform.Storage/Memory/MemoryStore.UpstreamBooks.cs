using Platform.Domain.Routing;
using Platform.Domain.Tasks;

namespace Platform.Storage.Memory;

public partial class MemoryStore : IUpstreamBooks
{
    private readonly Dictionary<SlotClaim, HeldSlot> _slots = [];
    private readonly Dictionary<string, UpstreamCharge> _charges = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, string? Route), OperatorSwitch> _switches = [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<HeldSlot>> ListSlotsAsync(string? account, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<HeldSlot>>(
            () =>
            [
                .. _slots.Values
                    .Where(s => account is null || string.Equals(s.Slot.Account, account, StringComparison.Ordinal))
                    .OrderBy(s => s.Slot.Account, StringComparer.Ordinal)
                    .ThenBy(s => s.Slot.Number),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueCheck>> ClaimChecksAsync(
        DateTimeOffset now, DateTimeOffset givenUpAfter, int limit, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<DueCheck>>(
            () =>
            {
                var due = _charges.Values.Where(c => c.CheckAt <= UnixTime.Truncate(now)).ToList();
                foreach (var old in due.Where(c => c.At < UnixTime.Truncate(givenUpAfter)))
                {
                    _charges[old.AttemptId] = old with { CheckAt = null };
                }

                var claimed = due
                    .Where(c => c.At >= UnixTime.Truncate(givenUpAfter))
                    .OrderBy(c => c.CheckAt)
                    .ThenBy(c => c.AttemptId, StringComparer.Ordinal)
                    .Take(limit)
                    .ToList();
                foreach (var charge in claimed)
                {
                    var since = UnixTime.Truncate(now) - charge.At;
                    var pause = since > UpstreamEffects.FirstCheck ? since : UpstreamEffects.FirstCheck;
                    _charges[charge.AttemptId] = charge with { CheckAt = UnixTime.Truncate(now) + pause };
                }

                return claimed.ConvertAll(c => new DueCheck(c.Task, c.AttemptId));
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RouteSpend>> SpendAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<RouteSpend>>(
            () =>
            [
                .. _charges.Values
                    .Where(c => c.At >= UnixTime.Truncate(from) && c.At < UnixTime.Truncate(to))
                    .GroupBy(c => (c.Account, c.RouteId, c.Kind))
                    .OrderBy(g => g.Key.Account, StringComparer.Ordinal)
                    .ThenBy(g => g.Key.RouteId, StringComparer.Ordinal)
                    .ThenBy(g => g.Key.Kind)
                    .Select(g => new RouteSpend(g.Key.Account, g.Key.RouteId, g.Key.Kind, g.LongCount(), g.Sum(c => c.CostUsd))),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UpstreamCharge>> ListChargesAsync(TaskKey task, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<UpstreamCharge>>(
            () => [.. _charges.Values.Where(c => c.Task == task).OrderBy(c => c.AttemptId, StringComparer.Ordinal)], cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OperatorSwitch>> ListSwitchesAsync(string account, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<OperatorSwitch>>(
            () =>
            [
                .. _switches.Values
                    .Where(s => string.Equals(s.Account, account, StringComparison.Ordinal))
                    .OrderBy(s => s.RouteId, StringComparer.Ordinal),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public Task SetSwitchAsync(OperatorSwitch set, CancellationToken cancellationToken) =>
        WithLock(
            () => _switches[(set.Account, set.RouteId)] = set with { SetAt = UnixTime.Truncate(set.SetAt) }, cancellationToken);

    private void CheckConstraints(TaskKey task, UpstreamEffects effects)
    {
        if (effects.Takes is { } taken)
        {
            Demand(StoreConstraint.OneSlotPerTask, !_slots.ContainsKey(taken.Slot), $"slot {taken.Slot}");
            Demand(StoreConstraint.OneSlotPerTask, effects.Frees || _slots.Values.All(s => s.Task != task), $"task {task.Id}");
        }
    }

    private void Write(TaskKey task, UpstreamEffects effects)
    {
        if (effects.Frees)
        {
            foreach (var slot in _slots.Values.Where(s => s.Task == task).ToList())
            {
                _slots.Remove(slot.Slot);
            }
        }

        if (effects.Takes is { } taken)
        {
            _slots[taken.Slot] = taken with { TakenAt = UnixTime.Truncate(taken.TakenAt) };
        }

        foreach (var charge in effects.Charges)
        {
            _charges[charge.AttemptId] = charge with { At = UnixTime.Truncate(charge.At), CheckAt = UnixTime.Truncate(charge.CheckAt) };
        }
    }
}
