using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Storage.Commits;
using Platform.Storage.Json;

namespace Platform.Storage.Postgres.Writing;

/// <summary>
/// An account's unit, ready to be written: its documents are made by the caller's thread, and what the unit does to a task in more than
/// one step is folded into one, because one statement writes a row once.
/// </summary>
internal sealed class AccountWrite
{
    private readonly byte[] _lots;
    private readonly TaskDocuments[] _accepted;
    private readonly byte[][] _slices;
    private readonly string?[] _batches;
    private readonly TaskDocuments[] _resolved;

    public AccountWrite(AccountUnit unit)
    {
        UnitShape.Check(unit);
        Unit = unit;
        _lots = LotCodec.Write(unit.After.Lots);
        _accepted = [.. unit.Accepted.Select(a => new TaskDocuments(a.Task, a.Events, a.DueAt))];
        _slices = [.. unit.Accepted.Select(a => LotCodec.Write(a.Hold.Slices))];
        _batches = [.. unit.Accepted.Select(a => a.Idempotency?.Batch is { } batch ? BatchCodec.Write(batch) : null)];
        _resolved = [.. unit.Resolved.Select(r => new TaskDocuments(r.Task, r.Events, dueAt: null))];
    }

    public AccountUnit Unit { get; }

    /// <summary>Adds the unit's rows to a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="number">Number of the unit in it.</param>
    public void AddTo(AccountGroup group, int number)
    {
        group.Units.Add(number, Unit, _lots);
        AddAccepted(group, number);
        AddEntries(group, number);
        AddResolved(group, number);
        foreach (var promoted in Unit.Promoted.Where(p => AcceptedAt(p.TaskId) is null))
        {
            group.Promoted.Add(number, Unit.Tenant, promoted);
            group.Touches(TaskMonth.Of(promoted.TaskId));
        }
    }

    private void AddAccepted(AccountGroup group, int number)
    {
        for (var i = 0; i < _accepted.Length; i++)
        {
            var accepted = Unit.Accepted[i];
            if (AcceptedAt(accepted.Task.Id) != i)
            {
                group.SelfLost.Add(number, Fence.TaskId, i);
                continue;
            }

            var end = ResolvedAt(accepted.Task.Id);
            var promotion = Unit.Promoted.FirstOrDefault(p => p.TaskId == accepted.Task.Id);
            group.Accepted.Add(
                number,
                i,
                end is { } at ? _resolved[at] : _accepted[i],
                accepted.Hold,
                _slices[i],
                end is { } ended ? Unit.Resolved[ended].Resolution : null,
                promotion?.DueAt);
            group.Metadata.Add(number, _accepted[i]);
            group.Events.Add(number, _accepted[i]);
            group.Touches(_accepted[i].Month);
            if (accepted.Idempotency is { } record)
            {
                AddKey(group, number, i, record);
            }
        }
    }

    private void AddKey(AccountGroup group, int number, int place, IdempotencyRecord record)
    {
        if (Unit.Accepted.Take(place).Any(earlier => earlier.Idempotency?.Key == record.Key))
        {
            group.SelfLost.Add(number, Fence.IdempotencyKey, place);
        }
        else
        {
            group.Keys.Add(number, place, Unit.Tenant, record, _batches[place]);
        }
    }

    private void AddEntries(AccountGroup group, int number)
    {
        for (var i = 0; i < Unit.Entries.Length; i++)
        {
            var entry = Unit.Entries[i];
            group.Entries.Add(number, entry);
            if (!IsOperation(entry))
            {
                continue;
            }

            if (Unit.Entries.Take(i).Any(earlier => IsOperation(earlier) && earlier.OperationId == entry.OperationId))
            {
                group.SelfLost.Add(number, Fence.Operation, i);
            }
            else
            {
                group.Operations.Add(number, i, Unit.Tenant, entry.OperationId);
            }
        }
    }

    private void AddResolved(AccountGroup group, int number)
    {
        for (var i = 0; i < _resolved.Length; i++)
        {
            var resolved = Unit.Resolved[i];
            var accepted = AcceptedAt(resolved.Task.Id);
            if (ResolvedAt(resolved.Task.Id) != i || (accepted is { } a && Unit.Accepted[a].Task.Version != resolved.ExpectedVersion))
            {
                group.SelfLost.Add(number, Fence.TaskVersion, i);
                continue;
            }

            if (accepted is null)
            {
                group.Changed.Add(number, i, _resolved[i], resolved.ExpectedVersion);
                group.Touches(_resolved[i].Month);
            }

            group.Ended.Add(number, Unit.Tenant, _resolved[i].Month, resolved, hasHold: accepted is null);
            group.Events.Add(number, _resolved[i]);
            group.Charges.Add(number, _resolved[i].Upstreams.Charges);
            if (_resolved[i].Upstreams.Frees)
            {
                group.Freed.Add(number, resolved.Task);
            }
        }
    }

    private static bool IsOperation(LedgerEntry entry) => entry.Kind is LedgerEntryKind.Grant or LedgerEntryKind.Adjustment;

    // The first place at which the unit accepts or ends a task, or null. Units bring few.
    private int? AcceptedAt(TaskId id) => PlaceOf(_accepted, id);

    private int? ResolvedAt(TaskId id) => PlaceOf(_resolved, id);

    private static int? PlaceOf(TaskDocuments[] documents, TaskId id) =>
        Array.FindIndex(documents, d => d.Task.Id == id) is >= 0 and var place ? place : null;
}
