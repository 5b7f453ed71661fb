using Platform.Domain.Credits;

namespace Platform.Api.Credits.Ledger;

/// <summary>Wire names of the kinds of entries.</summary>
internal static class LedgerKindName
{
    /// <summary>All of them.</summary>
    public static IEnumerable<string> All => Enum.GetValues<LedgerEntryKind>().Select(Of);

    public static string Of(LedgerEntryKind kind) => kind switch
    {
        LedgerEntryKind.Grant => "grant",
        LedgerEntryKind.Hold => "hold",
        LedgerEntryKind.Settlement => "settlement",
        LedgerEntryKind.Release => "release",
        LedgerEntryKind.Adjustment => "adjustment",
        LedgerEntryKind.Expiry => "expiry",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of entry."),
    };

    public static LedgerEntryKind? Parse(string name)
    {
        foreach (var kind in Enum.GetValues<LedgerEntryKind>())
        {
            if (string.Equals(Of(kind), name, StringComparison.Ordinal))
            {
                return kind;
            }
        }

        return null;
    }
}
