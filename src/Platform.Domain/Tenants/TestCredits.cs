using Platform.Domain.Credits;

namespace Platform.Domain.Tenants;

/// <summary>The play money of test keys: real prices, a ledger of its own, no real credits.</summary>
public static class TestCredits
{
    /// <summary>Words for the statement.</summary>
    public const string Note = "Test credits; they cost nothing";

    /// <summary>What a workspace is given at a time.</summary>
    public static CreditAmount Grant { get; } = CreditAmount.From(1_000_000m);

    /// <summary>A workspace with less than this is given more when its grain starts.</summary>
    public static CreditAmount TopUpBelow { get; } = CreditAmount.From(100_000m);
}
