using Platform.Simulation.Checks;

namespace Platform.Simulation.Planted;

/// <summary>A bug and the invariants by which it may be found.</summary>
internal sealed record Plant(string Name, Func<PlantedBug> Make, params Invariant[] BreaksOneOf);

/// <summary>All bugs that are planted.</summary>
internal static class PlantedBugs
{
    public static IReadOnlyList<Plant> All { get; } =
    [
        Of<RevenueOutOfNothing>(Invariant.PostingsSumToZero),
        Of<ConcurrentReservesAddedUp>(Invariant.AvailableIsNotNegative),
        Of<ReleaseForgotten>(Invariant.HeldIsTheSumOfOpenHolds),
        Of<HoldSaysMore>(Invariant.HeldIsTheSumOfOpenHolds),
        Of<HoldEndedTwice>(Invariant.HoldsEndOnce),
        Of<FailureBilled>(Invariant.SettledIsAtMostHeld),
        Of<LateSuccessBilled>(Invariant.HoldsEndOnce, Invariant.SettledIsAtMostHeld),
        Of<OperationIdIgnored>(Invariant.RepeatsGiveTheSameAnswer),
        Of<IdempotencyKeyIgnored>(Invariant.RepeatsGiveTheSameAnswer),
        Of<AccountFenceRemoved>(Invariant.LedgerHasNoGap),
        Of<WrongBalance>(Invariant.LedgerHasNoGap),
        Of<TaskFenceRemoved>(Invariant.TasksResolveOnce, Invariant.HistoryOnlyGrows),
        Of<OutboxRowMissing>(Invariant.EndsAreTold),
        Of<TornCommit>(Invariant.RecountEqualsState),
        Of<SweeperAsleep>(Invariant.TasksEnd),
        Of<DoubtTakenForRefusal>(Invariant.NobodyPaysTwice),
        Of<ResentWithoutLookUp>(Invariant.NobodyPaysTwice),
        Of<SentBeforeCommit>(Invariant.SendsAreRecorded),
        Of<PromotionForgotten>(Invariant.LimitsHold),
        Of<HistoryRewritten>(Invariant.HistoryOnlyGrows),
    ];

    private static Plant Of<T>(params Invariant[] breaksOneOf)
        where T : PlantedBug, new() => new(typeof(T).Name, () => new T(), breaksOneOf);
}
