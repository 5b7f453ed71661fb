using Platform.Domain.Credits;
using Platform.Domain.Tasks;

namespace Platform.Storage.Commits;

/// <summary>
/// What a unit must be before any store looks at it. A breach is a bug of the caller, told by an exception; the sums and the signs of
/// money are left to the constraints of the store, the last wall.
/// </summary>
internal static class UnitShape
{
    /// <exception cref="InvalidOperationException">The unit contradicts itself.</exception>
    public static void Check(AccountUnit unit)
    {
        Demand(unit.After.Tenant == unit.Tenant, "The account afterwards is another tenant's.");
        Demand(unit.After.Version == unit.ExpectedVersion + unit.Entries.Length, "The account's version does not rise by the number of entries.");
        Demand(unit.After.AnsweredThrough <= unit.After.Version, "The account says that tasks were answered which it does not have yet.");
        for (var i = 0; i < unit.Entries.Length; i++)
        {
            Demand(unit.Entries[i].Sequence == unit.ExpectedVersion + 1 + i, "The sequences of the entries do not follow the expected version.");
        }

        foreach (var accepted in unit.Accepted)
        {
            Demand(accepted.Task.Tenant == unit.Tenant, "An accepted task is another tenant's.");
            Demand(accepted.Task is { Version: 1, IsTerminal: false }, "An accepted task is not at version 1, or has ended.");
            Demand(accepted.Hold.TaskId == accepted.Task.Id, "An accepted task comes with the hold of another.");
            Demand(accepted.Idempotency is null || accepted.Idempotency.TaskId == accepted.Task.Id, "An idempotency key names another task.");
        }

        foreach (var resolved in unit.Resolved)
        {
            Demand(resolved.Task.Tenant == unit.Tenant, "A resolved task is another tenant's.");
            Demand(resolved.Task.IsTerminal && resolved.Task.EndedAt is not null, "A resolved task has not ended.");
            Demand(resolved.Task.Version == resolved.ExpectedVersion + 1, "A resolved task's version does not rise by one.");
            Demand(resolved.Resolution.TaskId == resolved.Task.Id, "A resolved task comes with the resolution of another.");
            Demand(resolved.Resolution.Outcome == resolved.Task.Status, "A resolution says another outcome than its task.");
            Demand(resolved.Outbox.TaskId == resolved.Task.Id, "A resolved task comes with the message of another.");
        }
    }

    /// <exception cref="InvalidOperationException">The unit contradicts itself, or ends a task past its account.</exception>
    public static void Check(TaskUnit unit)
    {
        Demand(unit.Task.Version == unit.ExpectedVersion + 1, "The task's version does not rise by one.");
        Demand(unit.Task.IsTerminal || unit.DueAt is not null, "A task that has not ended is not due at any time: nobody would look after it.");
        foreach (var happened in unit.Events)
        {
            Demand(
                happened is not (TaskEvent.Completed or TaskEvent.Failed or TaskEvent.Cancelled),
                "A task ends in a unit of its account, which resolves its hold.");
        }
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
