using System.Globalization;
using Platform.Domain.Catalog;

namespace Platform.Api.Catalog;

/// <summary>The price list of a user group. Amounts are exact decimals, as text.</summary>
internal sealed record PriceListObject(string UserGroup, int Version, long UpdatedAt, IReadOnlyList<ModelPriceObject> Data)
{
    public string Object { get; init; } = "pricing";

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
    public required string Model { get; init; }

    public required string UserGroup { get; init; }

    public required string BillingRule { get; init; }

    public required string Unit { get; init; }

    public required string Rounding { get; init; }

    public required int Version { get; init; }

    public required string CreditsPerUsd { get; init; }

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
internal sealed record UnitPriceObject(string Quality, string Credits, string Usd);
