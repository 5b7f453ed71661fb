using CsCheck;

namespace Platform.Domain.Tests.Credits;

internal enum AccountStepKind
{
    Grant,
    Adjust,
    Reserve,
    Resolve,
    ExpireLots,
    MoveClock,
    RepeatWithItsTime,
    RepeatNow,
}

/// <summary>One random step. What its numbers mean depends on the state that it meets, so that most steps are possible ones.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="Name">Picks an id, an open hold or an earlier command.</param>
/// <param name="Portion">Picks an amount.</param>
/// <param name="Hours">Picks an expiry or a move of the clock.</param>
/// <param name="Places">Tasks in flight that are allowed.</param>
/// <param name="Queue">Tasks that may wait.</param>
internal sealed record AccountStep(AccountStepKind Kind, int Name, int Portion, int Hours, int Places, int Queue)
{
    private static readonly Gen<AccountStepKind> Kinds = Gen.Frequency(
        (5, Gen.Const(AccountStepKind.Grant)),
        (2, Gen.Const(AccountStepKind.Adjust)),
        (8, Gen.Const(AccountStepKind.Reserve)),
        (7, Gen.Const(AccountStepKind.Resolve)),
        (2, Gen.Const(AccountStepKind.ExpireLots)),
        (3, Gen.Const(AccountStepKind.MoveClock)),
        (1, Gen.Const(AccountStepKind.RepeatWithItsTime)),
        (1, Gen.Const(AccountStepKind.RepeatNow)));

    public static Gen<AccountStep[]> Runs { get; } =
        Gen.Select(
            Kinds, Gen.Int[0, 39], Gen.Int[0, 19], Gen.Int[-2, 8], Gen.Int[0, 4], Gen.Int[0, 4],
            (kind, name, portion, hours, places, queue) => new AccountStep(kind, name, portion, hours, places, queue))
        .Array[1, 60];
}
