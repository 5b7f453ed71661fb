namespace Platform.Simulation.Checks;

/// <summary>What must hold, by the numbers of docs/reliability.md; 1 to 10 are those of the design.</summary>
internal enum Invariant
{
    PostingsSumToZero = 1,
    AvailableIsNotNegative = 2,
    HeldIsTheSumOfOpenHolds = 3,
    HoldsEndOnce = 4,
    SettledIsAtMostHeld = 5,
    RepeatsGiveTheSameAnswer = 6,
    LedgerHasNoGap = 7,
    TasksResolveOnce = 8,
    EndsAreTold = 9,
    RecountEqualsState = 10,
    TasksEnd = 11,
    NobodyPaysTwice = 12,
    SendsAreRecorded = 13,
    LimitsHold = 14,
    HistoryOnlyGrows = 15,
    DecidersKeepTheRules = 16,
}

/// <summary>An invariant that did not hold.</summary>
internal sealed class InvariantBrokenException(Invariant invariant, string message) : Exception(message)
{
    public Invariant Invariant => invariant;
}
