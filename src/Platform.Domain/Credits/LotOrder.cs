using System.Collections.Immutable;

namespace Platform.Domain.Credits;

/// <summary>The order in which lots are spent: earliest expiry first, those that never expire last, equals as they came.</summary>
internal static class LotOrder
{
    /// <summary>Puts a lot in its place.</summary>
    public static ImmutableArray<Lot> Insert(ImmutableArray<Lot> lots, Lot lot)
    {
        var index = 0;
        while (index < lots.Length && !ExpiresLater(lots[index].ExpiresAt, lot.ExpiresAt))
        {
            index++;
        }

        return lots.Insert(index, lot);
    }

    /// <summary>Names the slices that make up an amount; the lots must cover it.</summary>
    public static ImmutableArray<LotSlice> Choose(ImmutableArray<Lot> lots, CreditAmount amount)
    {
        var slices = ImmutableArray.CreateBuilder<LotSlice>();
        var open = amount;
        foreach (var lot in lots)
        {
            if (open == CreditAmount.Zero)
            {
                break;
            }

            var part = CreditAmount.Min(open, lot.Remaining);
            slices.Add(new(lot.GrantId, part, lot.ExpiresAt));
            open -= part;
        }

        return open == CreditAmount.Zero
            ? slices.ToImmutable()
            : throw new InvalidOperationException($"The lots are {open} credits short of {amount}.");
    }

    /// <summary>Takes slices out of their lots; a lot without a rest is gone.</summary>
    public static ImmutableArray<Lot> Take(ImmutableArray<Lot> lots, ImmutableArray<LotSlice> slices)
    {
        foreach (var slice in slices)
        {
            var index = IndexOf(lots, slice.GrantId);
            var rest = lots[index].Remaining - slice.Amount;
            lots = rest == CreditAmount.Zero ? lots.RemoveAt(index) : lots.SetItem(index, lots[index] with { Remaining = rest });
        }

        return lots;
    }

    /// <summary>Gives a slice back to its lot, which is made again where nothing was left of it.</summary>
    public static ImmutableArray<Lot> Return(ImmutableArray<Lot> lots, LotSlice slice)
    {
        for (var i = 0; i < lots.Length; i++)
        {
            if (string.Equals(lots[i].GrantId, slice.GrantId, StringComparison.Ordinal))
            {
                return lots.SetItem(i, lots[i] with { Remaining = lots[i].Remaining + slice.Amount });
            }
        }

        return slice.Amount == CreditAmount.Zero ? lots : Insert(lots, new(slice.GrantId, slice.Amount, slice.ExpiresAt));
    }

    /// <summary>What is left of slices when an amount has been taken from their front.</summary>
    public static ImmutableArray<LotSlice> Skip(ImmutableArray<LotSlice> slices, CreditAmount amount)
    {
        var rest = ImmutableArray.CreateBuilder<LotSlice>();
        var open = amount;
        foreach (var slice in slices)
        {
            var part = CreditAmount.Min(open, slice.Amount);
            open -= part;
            if (part < slice.Amount)
            {
                rest.Add(slice with { Amount = slice.Amount - part });
            }
        }

        return rest.ToImmutable();
    }

    private static int IndexOf(ImmutableArray<Lot> lots, string grantId)
    {
        for (var i = 0; i < lots.Length; i++)
        {
            if (string.Equals(lots[i].GrantId, grantId, StringComparison.Ordinal))
            {
                return i;
            }
        }

        throw new InvalidOperationException($"No lot of grant {grantId}.");
    }

    private static bool ExpiresLater(DateTimeOffset? a, DateTimeOffset? b) => (a, b) switch
    {
        (null, null) => false,
        (null, _) => true,
        (_, null) => false,
        var (x, y) => x > y,
    };
}
