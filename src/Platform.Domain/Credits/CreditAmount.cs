using System.Globalization;

namespace Platform.Domain.Credits;

/// <summary>
/// An exact amount of credits: a decimal of at most <see cref="MaxDecimals"/> decimals and at most <see cref="Limit"/> in size.
/// What does not fit is refused and never rounded away. Both databases keep it as a <c>bigint</c> of 10⁻⁸ credits.
/// </summary>
public readonly record struct CreditAmount : IComparable<CreditAmount>
{
    /// <summary>Most decimals an amount may have.</summary>
    public const int MaxDecimals = 8;

    /// <summary>Largest absolute value, in credits.</summary>
    public const decimal Limit = 90_000_000_000m;

    private const decimal UnitsPerCredit = 100_000_000m;

    private CreditAmount(decimal value) => Value = value;

    /// <summary>No credits.</summary>
    public static CreditAmount Zero => default;

    /// <summary>The amount in credits.</summary>
    public decimal Value { get; }

    /// <summary>The amount in units of 10⁻⁸ credits, as the databases keep it.</summary>
    public long Units => (long)(Value * UnitsPerCredit);

    /// <summary>Wraps an amount of credits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than eight decimals, or larger than <see cref="Limit"/>.</exception>
    public static CreditAmount From(decimal credits) =>
        TryFrom(credits, out var amount)
            ? amount
            : throw new ArgumentOutOfRangeException(nameof(credits), credits, "Credits have at most 8 decimals and at most 90,000,000,000 in size.");

    /// <summary>Wraps an amount of credits, or says that it cannot be one.</summary>
    public static bool TryFrom(decimal credits, out CreditAmount amount)
    {
        amount = default;
        if (Math.Abs(credits) > Limit)
        {
            return false;
        }

        var units = credits * UnitsPerCredit;
        if (units != decimal.Truncate(units))
        {
            return false;
        }

        amount = new(credits);
        return true;
    }

    /// <summary>The amount that a database column of 10⁻⁸ credits says.</summary>
    public static CreditAmount FromUnits(long units) => From(units / UnitsPerCredit);

    /// <summary>The smaller of two amounts.</summary>
    public static CreditAmount Min(CreditAmount a, CreditAmount b) => a.Value <= b.Value ? a : b;

    /// <summary>Sum of two amounts.</summary>
    public static CreditAmount operator +(CreditAmount a, CreditAmount b) => From(a.Value + b.Value);

    /// <summary>Difference of two amounts.</summary>
    public static CreditAmount operator -(CreditAmount a, CreditAmount b) => From(a.Value - b.Value);

    /// <summary>The opposite amount.</summary>
    public static CreditAmount operator -(CreditAmount a) => new(-a.Value);

    /// <summary>A price per unit times a whole number of units.</summary>
    public static CreditAmount operator *(CreditAmount price, int count) => From(price.Value * count);

    /// <summary>Compares sizes.</summary>
    public static bool operator <(CreditAmount a, CreditAmount b) => a.Value < b.Value;

    /// <summary>Compares sizes.</summary>
    public static bool operator >(CreditAmount a, CreditAmount b) => a.Value > b.Value;

    /// <summary>Compares sizes.</summary>
    public static bool operator <=(CreditAmount a, CreditAmount b) => a.Value <= b.Value;

    /// <summary>Compares sizes.</summary>
    public static bool operator >=(CreditAmount a, CreditAmount b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public int CompareTo(CreditAmount other) => Value.CompareTo(other.Value);

    /// <summary>The amount as plain text without trailing zeros, for example <c>40.824</c>.</summary>
    public override string ToString() => Value.ToString("0.########", CultureInfo.InvariantCulture);
}
