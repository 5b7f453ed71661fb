using System.ComponentModel.DataAnnotations;
using Platform.Api.Credits;
using Platform.Domain.Credits;

namespace Platform.Api.Tasks.Receipts;

/// <summary>Everything behind what a task cost. Numbers are exact decimals; times are unix seconds.</summary>
internal sealed record ReceiptObject
{
    /// <summary>What this is.</summary>
    [AllowedValues("task.receipt")]
    public string Object { get; init; } = "task.receipt";

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Its model.</summary>
    public required string Model { get; init; }

    /// <summary>Its status.</summary>
    [AllowedValues("pending", "processing", "completed", "failed", "cancelled")]
    public required string Status { get; init; }

    /// <summary>When it was made.</summary>
    public required long Created { get; init; }

    /// <summary>When it ended; absent until then.</summary>
    public long? Ended { get; init; }

    /// <summary>The price as it was then, with each factor.</summary>
    public required ReceiptPriceObject Price { get; init; }

    /// <summary>What was measured and billed.</summary>
    public required ReceiptSecondsObject Seconds { get; init; }

    /// <summary>What was reserved, used and given back.</summary>
    public required ReceiptCreditsObject Credits { get; init; }

    /// <summary>The same in dollars.</summary>
    public required ReceiptUsdObject Usd { get; init; }

    /// <summary>The task's lines of the statement, oldest first.</summary>
    public required IReadOnlyList<LedgerEntryObject> Ledger { get; init; }

    /// <summary>The tries at providers.</summary>
    public required IReadOnlyList<ReceiptAttemptObject> Attempts { get; init; }

    /// <summary>What the inputs were; empty until they are copied.</summary>
    public required IReadOnlyList<ReceiptMediaObject> Inputs { get; init; }

    /// <summary>What the result was; absent unless completed.</summary>
    public ReceiptMediaObject? Result { get; init; }

    /// <summary>When inputs and result were erased.</summary>
    public long? MediaDeletedAt { get; init; }
}

/// <summary>The price as it was when the task was made: <c>unit_price</c> = round(base × quality × group), by <c>unit_price_rounding</c>.</summary>
/// <param name="Version">Version of the price.</param>
/// <param name="Quality">The quality that was asked for.</param>
/// <param name="BasePerSecond">Credits for a second, before the factors.</param>
/// <param name="QualityMultiplier">Factor of the quality.</param>
/// <param name="UserGroup">The group.</param>
/// <param name="GroupMultiplier">Factor of the group.</param>
/// <param name="UnitPrice">Credits for a second.</param>
/// <param name="UnitPriceRounding">How the unit price was rounded.</param>
/// <param name="UnitPriceUsd">The unit price in dollars.</param>
/// <param name="CreditsPerUsd">Credits that are shown as one dollar.</param>
internal sealed record ReceiptPriceObject(
    int Version,
    string Quality,
    CreditAmount BasePerSecond,
    decimal QualityMultiplier,
    string UserGroup,
    decimal GroupMultiplier,
    CreditAmount UnitPrice,
    RoundingObject UnitPriceRounding,
    decimal UnitPriceUsd,
    decimal CreditsPerUsd);

/// <summary>How a number was rounded.</summary>
/// <param name="Mode">How.</param>
/// <param name="Decimals">To how many decimals.</param>
internal sealed record RoundingObject([property: AllowedValues("half_away_from_zero", "up")] string Mode, int Decimals);

/// <summary>Seconds: <c>inspected</c> is the motion clip's length at acceptance, <c>measured</c> the video's, by which is billed.</summary>
/// <param name="Inspected">Length of the motion clip when the task was made; absent where it was not known.</param>
/// <param name="Reserved">Seconds that were held for.</param>
/// <param name="Measured">Length of the video; absent until there is one.</param>
/// <param name="Billed">Seconds that were billed; absent until the task has ended.</param>
/// <param name="Rounding">How the measured length became billed seconds.</param>
internal sealed record ReceiptSecondsObject(decimal? Inspected, int Reserved, decimal? Measured, int? Billed, RoundingObject Rounding);

/// <summary>Credits: <c>used</c> and <c>released</c> are absent until the task has ended; then they sum to <c>reserved</c>.</summary>
/// <param name="Reserved">What was held when the task was made.</param>
/// <param name="Used">What it cost.</param>
/// <param name="Released">What was given back.</param>
internal sealed record ReceiptCreditsObject(CreditAmount Reserved, CreditAmount? Used, CreditAmount? Released);

/// <summary>The same in US dollars: round(credits ÷ credits_per_usd, 4 decimals, half away from zero).</summary>
/// <param name="Reserved">What was held.</param>
/// <param name="Used">What it cost.</param>
/// <param name="Released">What was given back.</param>
internal sealed record ReceiptUsdObject(decimal Reserved, decimal? Used, decimal? Released);

/// <summary>A try at a provider. Which one it was, and what it costs the platform, is not told.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Started">When it was recorded.</param>
/// <param name="Ended">When it ended; absent while it is open.</param>
/// <param name="Outcome"><c>open</c>, <c>succeeded</c>, <c>not_accepted</c>, <c>failed</c>, <c>cancelled</c>, <c>abandoned</c> or <c>late</c> (finished after the task had ended; not billed).</param>
internal sealed record ReceiptAttemptObject(int Number, long Started, long? Ended, string Outcome);

/// <summary>What a media file was; it stays when the bytes are erased.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="ContentType">Its type, by its content.</param>
/// <param name="Sha256">Digest of the bytes, in hexadecimal.</param>
/// <param name="Bytes">How many bytes.</param>
/// <param name="Width">Pixels, as it is shown.</param>
/// <param name="Height">Pixels, as it is shown.</param>
/// <param name="Duration">Seconds of the video track; absent for images.</param>
internal sealed record ReceiptMediaObject(
    [property: AllowedValues("image", "video")] string Kind, string ContentType, string Sha256, long Bytes, int Width, int Height, decimal? Duration);
