using System.Collections.Immutable;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Credits;

/// <summary>What is left of one grant.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Remaining">Available credits of it; more than zero.</param>
/// <param name="ExpiresAt">When what is left expires; null for never.</param>
public sealed record Lot(string GrantId, CreditAmount Remaining, DateTimeOffset? ExpiresAt);

/// <summary>A part of a grant that a hold took.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Amount">Credits taken from it; more than zero.</param>
/// <param name="ExpiresAt">When the grant expires; null for never.</param>
public sealed record LotSlice(string GrantId, CreditAmount Amount, DateTimeOffset? ExpiresAt);

/// <summary>Credits that are set aside for one task until it ends.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Amount">Credits still set aside; zero for a task that costs nothing.</param>
/// <param name="Slices">The grants that they came from, earliest expiry first; their amounts sum to <paramref name="Amount"/>.</param>
/// <param name="Sequence">Sequence of the ledger entry that placed it; also the order in the queue.</param>
/// <param name="Queued">Whether the task waits for one of the tenant's places in flight.</param>
public sealed record Hold(TaskId TaskId, CreditAmount Amount, ImmutableArray<LotSlice> Slices, long Sequence, bool Queued);

/// <summary>
/// A tenant's account: what can be spent, what is set aside, and the tasks that wait for a place. <see cref="Version"/> is the
/// sequence of the last ledger entry, so that every commit that moves credits raises it, without a gap.
/// </summary>
public sealed record Account
{
    /// <summary>Whose account it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Sequence of the last ledger entry; 0 before the first.</summary>
    public long Version { get; init; }

    /// <summary>Credits that can be spent; the sum of <see cref="Lots"/>, never negative.</summary>
    public CreditAmount Available { get; init; }

    /// <summary>Credits that are set aside; the sum of <see cref="Holds"/>, never negative.</summary>
    public CreditAmount Held { get; init; }

    /// <summary>Credits earned so far; never falls.</summary>
    public CreditAmount Settled { get; init; }

    /// <summary>What is left of the grants, in the order in which it is spent: earliest expiry first, those without one last.</summary>
    public ImmutableArray<Lot> Lots { get; init; } = [];

    /// <summary>Open holds by task.</summary>
    public ImmutableDictionary<TaskId, Hold> Holds { get; init; } = ImmutableDictionary<TaskId, Hold>.Empty;

    /// <summary>Tasks that wait for a place in flight, in the order of their holds.</summary>
    public ImmutableSortedDictionary<long, TaskId> Queue { get; init; } = ImmutableSortedDictionary<long, TaskId>.Empty;

    /// <summary>
    /// Sequence up to which every task is known to have been answered to its caller, or came with an idempotency key; what was accepted
    /// behind it may be asked for again in the same words (decision 0007). Moves no credits, and raises no version.
    /// </summary>
    public long AnsweredThrough { get; init; }

    /// <summary>Number of tasks with an open hold that do not wait.</summary>
    public int InFlight => Holds.Count - Queue.Count;

    /// <summary>An account before its first grant.</summary>
    public static Account Open(TenantId tenant) => new() { Tenant = tenant };

    /// <summary>An account as a store keeps it: the row and the open holds.</summary>
    public static Account Restore(
        TenantId tenant,
        long version,
        CreditAmount available,
        CreditAmount held,
        CreditAmount settled,
        IEnumerable<Lot> lots,
        IEnumerable<Hold> openHolds,
        long answeredThrough = 0)
    {
        var holds = openHolds.ToImmutableDictionary(h => h.TaskId);
        return new()
        {
            Tenant = tenant,
            Version = version,
            Available = available,
            Held = held,
            Settled = settled,
            Lots = [.. lots],
            Holds = holds,
            Queue = holds.Values.Where(h => h.Queued).ToImmutableSortedDictionary(h => h.Sequence, h => h.TaskId),
            AnsweredThrough = answeredThrough,
        };
    }

    /// <summary>What can be spent at <paramref name="now"/>: lots that have expired but whose expiry is not yet booked do not count.</summary>
    public CreditAmount SpendableAt(DateTimeOffset now)
    {
        var spendable = Available;
        foreach (var lot in Lots)
        {
            if (lot.ExpiresAt <= now)
            {
                spendable -= lot.Remaining;
            }
        }

        return spendable;
    }
}
