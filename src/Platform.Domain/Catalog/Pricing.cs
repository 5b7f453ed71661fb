using System.Collections.Immutable;
using Platform.Domain.Credits;

namespace Platform.Domain.Catalog;

/// <summary>How a duration becomes billed seconds.</summary>
public enum SecondsRounding
{
    /// <summary>To the nearest second, half away from zero (product.md section 1).</summary>
    Nearest = 1,

    /// <summary>To the next whole second.</summary>
    Up = 2,
}

/// <summary>A version of a model's price. Versions are never changed; a task keeps the one it was made with.</summary>
public sealed record PriceVersion
{
    /// <summary>Number of the version, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>From when it holds.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>When it was made known; null: when it began to hold.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>Credits for one second at multiplier one.</summary>
    public required CreditAmount BasePerSecond { get; init; }

    /// <summary>Multiplier by quality.</summary>
    public required ImmutableSortedDictionary<string, decimal> QualityMultipliers { get; init; }

    /// <summary>How a duration becomes billed seconds.</summary>
    public required SecondsRounding Rounding { get; init; }

    /// <summary>Credits that one US dollar stands for: to show money, and to compare a route's cost with the sale price.</summary>
    public required decimal CreditsPerUsd { get; init; }
}

/// <summary>
/// Everything a task's price was made of, kept with the task: later prices, groups and rates never touch it.
/// </summary>
public sealed record PriceSnapshot
{
    /// <summary>Decimals of a unit price; it is rounded once, half away from zero.</summary>
    public const int UnitPriceDecimals = 5;

    /// <summary>Version of the price.</summary>
    public required int PriceVersion { get; init; }

    /// <summary>Credits for one second at multiplier one.</summary>
    public required CreditAmount BasePerSecond { get; init; }

    /// <summary>Multiplier of the quality.</summary>
    public required decimal QualityMultiplier { get; init; }

    /// <summary>Name of the tenant's user group.</summary>
    public required string UserGroup { get; init; }

    /// <summary>Multiplier of the user group.</summary>
    public required decimal GroupMultiplier { get; init; }

    /// <summary>Credits for one second: round(base × quality × group, 5 decimals, half away from zero).</summary>
    public required CreditAmount UnitPrice { get; init; }

    /// <summary>How the output's duration becomes billed seconds.</summary>
    public required SecondsRounding Rounding { get; init; }

    /// <summary>Credits that one US dollar stands for.</summary>
    public required decimal CreditsPerUsd { get; init; }

    /// <summary>What one second costs in US dollars: round(unit price ÷ credits per dollar, 4).</summary>
    public decimal UnitPriceUsd => Math.Round(UnitPrice.Value / CreditsPerUsd, 4, MidpointRounding.AwayFromZero);

    /// <summary>Makes the snapshot of a price for one quality and one group.</summary>
    /// <exception cref="KeyNotFoundException">The price has no such quality; the request was not validated.</exception>
    public static PriceSnapshot Of(PriceVersion price, string quality, string userGroup, decimal groupMultiplier)
    {
        var qualityMultiplier = price.QualityMultipliers[quality];
        return new()
        {
            PriceVersion = price.Version,
            BasePerSecond = price.BasePerSecond,
            QualityMultiplier = qualityMultiplier,
            UserGroup = userGroup,
            GroupMultiplier = groupMultiplier,
            UnitPrice = CreditAmount.From(Math.Round(
                price.BasePerSecond.Value * qualityMultiplier * groupMultiplier, UnitPriceDecimals, MidpointRounding.AwayFromZero)),
            Rounding = price.Rounding,
            CreditsPerUsd = price.CreditsPerUsd,
        };
    }
}

/// <summary>Seconds that are reserved and billed (product.md sections 1 and 5).</summary>
public static class Seconds
{
    /// <summary>Cameras and encoders do not cut to the frame: a clip may be this much longer or shorter, in seconds.</summary>
    public const decimal Tolerance = 0.1m;

    /// <summary>Seconds to reserve for a reference clip: ceil(duration − tolerance), within the least and the cap.</summary>
    /// <param name="duration">Length of the clip's video track in seconds; null where it is not known: the cap.</param>
    /// <param name="least">Least seconds.</param>
    /// <param name="cap">Most seconds.</param>
    public static int ToReserve(decimal? duration, int least, int cap) =>
        duration is { } known ? (int)Math.Clamp(Math.Ceiling(known - Tolerance), least, cap) : cap;

    /// <summary>Seconds to bill for an output: rounded by the price's rule, at least 1, never more than reserved.</summary>
    public static int ToBill(decimal outputDuration, SecondsRounding rounding, int reserved)
    {
        var rounded = rounding switch
        {
            SecondsRounding.Nearest => Math.Round(outputDuration, MidpointRounding.AwayFromZero),
            SecondsRounding.Up => Math.Ceiling(outputDuration),
            _ => throw new ArgumentOutOfRangeException(nameof(rounding), rounding, "Not a rounding rule."),
        };

        return (int)Math.Clamp(rounded, 1, Math.Max(1, reserved));
    }
}
