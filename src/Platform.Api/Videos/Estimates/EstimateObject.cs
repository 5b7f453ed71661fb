using Platform.Api.Tasks.Receipts;
using Platform.Domain.Credits;

namespace Platform.Api.Videos.Estimates;

/// <summary>What a create would reserve, and why. Numbers are exact decimals; times are unix seconds.</summary>
internal sealed record EstimateObject
{
    public string Object { get; init; } = "video.generation.estimate";

    public required string Model { get; init; }

    public required string BillingRule { get; init; }

    /// <summary>Exactly what a create would reserve: <c>price.unit_price</c> × <c>seconds.reserved</c>.</summary>
    public required CreditAmount CreditsReserved { get; init; }

    /// <summary>The same in US dollars: round(credits ÷ credits_per_usd, 4 decimals, half away from zero).</summary>
    public required decimal UsdReserved { get; init; }

    public required ReceiptPriceObject Price { get; init; }

    public required EstimateSecondsObject Seconds { get; init; }

    /// <summary>To be sent with a create: its price then holds, even where the price has changed.</summary>
    public required string QuoteId { get; init; }

    /// <summary>When the quote ends.</summary>
    public required long QuoteExpiresAt { get; init; }

    /// <summary>What may spoil the result; it refuses nothing. Empty for nothing.</summary>
    public required IReadOnlyList<WarningObject> Warnings { get; init; }
}

/// <summary>
/// Seconds: <c>inspected</c> is the motion clip's length, absent where it could not be read in time; <c>reserved</c> is ceil(inspected −
/// 0.1), from <c>least</c> to <c>most</c>, or <c>most</c> where it is absent. <c>rounding</c> is how the video's length will be billed.
/// </summary>
internal sealed record EstimateSecondsObject(decimal? Inspected, int Reserved, int Least, int Most, RoundingObject Rounding);

/// <summary>A warning.</summary>
internal sealed record WarningObject(string Code, string Param, string Message);
