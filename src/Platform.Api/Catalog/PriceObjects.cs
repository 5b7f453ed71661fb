using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Platform.Domain.Catalog;

namespace Platform.Api.Catalog;

/// <summary>The price list of a user group. Amounts are exact decimals, as text.</summary>
/// <param name="UserGroup">Whose prices they are.</param>
/// <param name="Version">Rises with each new price of any model.</param>
/// <param name="UpdatedAt">When the newest of them was published (unix seconds).</param>
/// <param name="Data">The models.</param>
internal sealed record PriceListObject(string UserGroup, int Version, long UpdatedAt, IReadOnlyList<ModelPriceObject> Data)
{
    /// <summary>What this is.</summary>
    [AllowedValues("pricing")]
    public string Object { get; init; } = "pricing";

    /// <summary>What <c>usd</c> counts in.</summary>
    [AllowedValues("USD")]
    public string Currency { get; init; } = "USD";

    public static PriceListObject Of(ICatalog catalog, string userGroup, DateTimeOffset now)
    {
        var prices = catalog.Models.Select(m => m.PriceAt(now)).ToList();
        return new(
            userGroup,

            // Rises with each new price of any model.
            prices.Sum(p => p.Version),
            prices.Max(p => p.PublishedAt ?? p.ValidFrom).ToUnixTimeSeconds(),
            [.. catalog.Models.Select(m => ModelPriceObject.Of(m, catalog, userGroup, now))]);
    }
}

/// <summary>The price of a model for a user group: what a unit costs, and how units are counted.</summary>
internal sealed record ModelPriceObject
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Whose price it is.</summary>
    public required string UserGroup { get; init; }

    /// <summary>How tasks are billed.</summary>
    public required string BillingRule { get; init; }

    /// <summary>What is counted.</summary>
    public required string Unit { get; init; }

    /// <summary>How units are rounded: to the nearest, a half away from zero, or up; at least 1.</summary>
    [AllowedValues("nearest", "up")]
    public required string Rounding { get; init; }

    /// <summary>Rises with each new price.</summary>
    public required int Version { get; init; }

    /// <summary>Credits that are shown as one dollar.</summary>
    public required string CreditsPerUsd { get; init; }

    /// <summary>What a unit costs, by quality.</summary>
    public required IReadOnlyList<UnitPriceObject> Prices { get; init; }

    public static ModelPriceObject Of(ModelDefinition model, ICatalog catalog, string userGroup, DateTimeOffset now)
    {
        var price = model.PriceAt(now);
        var multiplier = catalog.GroupMultiplier(userGroup, model.Id);
        return new()
        {
            Model = model.Id,
            UserGroup = userGroup,
            BillingRule = model.BillingRule,
            Unit = "second",
            Rounding = price.Rounding switch
            {
                SecondsRounding.Nearest => "nearest",
                SecondsRounding.Up => "up",
                _ => throw new InvalidOperationException($"Unknown rounding {price.Rounding}."),
            },
            Version = price.Version,
            CreditsPerUsd = Text(price.CreditsPerUsd),
            Prices =
            [
                .. price.QualityMultipliers.Keys
                    .Select(quality => (Quality: quality, Snapshot: PriceSnapshot.Of(price, quality, userGroup, multiplier)))
                    .OrderBy(p => p.Snapshot.UnitPrice)
                    .Select(p => new UnitPriceObject(p.Quality, p.Snapshot.UnitPrice.ToString(), Text(p.Snapshot.UnitPriceUsd))),
            ],
        };
    }

    private static string Text(decimal value) => value.ToString("0.########", CultureInfo.InvariantCulture);
}

/// <summary>What a unit costs at a quality.</summary>
/// <param name="Quality">The quality.</param>
/// <param name="Credits">Credits for a unit, an exact decimal.</param>
/// <param name="Usd">The same in dollars, rounded to 4 decimals.</param>
internal sealed record UnitPriceObject(string Quality, string Credits, string Usd);
