using Platform.Domain.Tasks;

namespace Platform.Domain.Routing;

/// <summary>An attempt that was given up, and that its upstream is to be asked after.</summary>
/// <param name="Task">Its task, which has ended.</param>
/// <param name="AttemptId">The attempt.</param>
public sealed record DueCheck(TaskKey Task, string AttemptId);

/// <summary>What a route cost us.</summary>
/// <param name="Account">The provider account.</param>
/// <param name="RouteId">The route.</param>
/// <param name="Kind">Whether it is charged.</param>
/// <param name="Attempts">Number of attempts.</param>
/// <param name="CostUsd">US dollars.</param>
public sealed record RouteSpend(string Account, string RouteId, ChargeKind Kind, long Attempts, decimal CostUsd);

/// <summary>What the operator has set for an account or a route, over the settings.</summary>
/// <param name="Account">The provider account.</param>
/// <param name="RouteId">One of its routes, or null for all of them.</param>
/// <param name="State">Whether it takes tasks.</param>
/// <param name="SetAt">When it was set.</param>
public sealed record OperatorSwitch(string Account, string? RouteId, RouteState State, DateTimeOffset SetAt);

/// <summary>What the store keeps of the upstreams: slots and charges, which the commits of tasks write, and the operator's switches.</summary>
public interface IUpstreamBooks
{
    /// <summary>The slots that are taken, by account and number; of all accounts where none is named.</summary>
    Task<IReadOnlyList<HeldSlot>> ListSlotsAsync(string? account, CancellationToken cancellationToken);

    /// <summary>
    /// Takes attempts that are to be asked after at <paramref name="now"/>, longest due first, and moves their next time by as long as
    /// they have been given up, at least by <see cref="UpstreamEffects.FirstCheck"/>; so that no other takes them meanwhile, and ever more
    /// seldom. Those that were given up before <paramref name="givenUpAfter"/> are left as they are, for good. Nothing is written where
    /// nothing is due.
    /// </summary>
    Task<IReadOnlyList<DueCheck>> ClaimChecksAsync(
        DateTimeOffset now, DateTimeOffset givenUpAfter, int limit, CancellationToken cancellationToken);

    /// <summary>What was charged in a time, by account, route and kind.</summary>
    /// <param name="from">From this time on.</param>
    /// <param name="to">Before this time.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<IReadOnlyList<RouteSpend>> SpendAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Charges of one task, by attempt.</summary>
    Task<IReadOnlyList<UpstreamCharge>> ListChargesAsync(TaskKey task, CancellationToken cancellationToken);

    /// <summary>The operator's switches of an account and its routes.</summary>
    Task<IReadOnlyList<OperatorSwitch>> ListSwitchesAsync(string account, CancellationToken cancellationToken);

    /// <summary>Sets a switch; the one that was set before is gone.</summary>
    Task SetSwitchAsync(OperatorSwitch set, CancellationToken cancellationToken);
}
