using Platform.Api.Credits;
using Platform.Domain.Credits;

namespace Platform.Api.Tasks.Receipts;

/// <summary>Everything behind what a task cost. Numbers are exact decimals; times are unix seconds.</summary>
internal sealed record ReceiptObject
{
    public string Object { get; init; } = "task.receipt";

    public required string TaskId { get; init; }

    public required string Model { get; init; }

    public required string Status { get; init; }

    public required long Created { get; init; }

    /// <summary>When it ended; absent until then.</summary>
    public long? Ended { get; init; }

    public required ReceiptPriceObject Price { get; init; }

    public required ReceiptSecondsObject Seconds { get; init; }

    public required ReceiptCreditsObject Credits { get; init; }

    public required ReceiptUsdObject Usd { get; init; }

    /// <summary>The task's lines of the statement, oldest first.</summary>
    public required IReadOnlyList<LedgerEntryObject> Ledger { get; init; }

    public required IReadOnlyList<ReceiptAttemptObject> Attempts { get; init; }

    /// <summary>What the inputs were; empty until they are copied.</summary>
    public required IReadOnlyList<ReceiptMediaObject> Inputs { get; init; }

    /// <summary>What the result was; absent unless completed.</summary>
    public ReceiptMediaObject? Result { get; init; }

    public long? MediaDeletedAt { get; init; }
}

/// <summary>The price as it was when the task was made: <c>unit_price</c> = round(base × quality × group), by <c>unit_price_rounding</c>.</summary>
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
internal sealed record RoundingObject(string Mode, int Decimals);

/// <summary>Seconds: <c>inspected</c> is the motion clip's length at acceptance, <c>measured</c> the video's, by which is billed.</summary>
internal sealed record ReceiptSecondsObject(decimal? Inspected, int Reserved, decimal? Measured, int? Billed, RoundingObject Rounding);

/// <summary>Credits: <c>used</c> and <c>released</c> are absent until the task has ended; then they sum to <c>reserved</c>.</summary>
internal sealed record ReceiptCreditsObject(CreditAmount Reserved, CreditAmount? Used, CreditAmount? Released);

/// <summary>The same in US dollars: round(credits ÷ credits_per_usd, 4 decimals, half away from zero).</summary>
internal sealed record ReceiptUsdObject(decimal Reserved, decimal? Used, decimal? Released);

/// <summary>A try at a provider. Which one it was, and what it costs the platform, is not told.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Started">When it was recorded.</param>
/// <param name="Ended">When it ended; absent while it is open.</param>
/// <param name="Outcome"><c>open</c>, <c>succeeded</c>, <c>not_accepted</c>, <c>failed</c>, <c>cancelled</c>, <c>abandoned</c> or <c>late</c> (finished after the task had ended; not billed).</param>
internal sealed record ReceiptAttemptObject(int Number, long Started, long? Ended, string Outcome);

/// <summary>What a media file was; it stays when the bytes are erased.</summary>
internal sealed record ReceiptMediaObject(
    string Kind, string ContentType, string Sha256, long Bytes, int Width, int Height, decimal? Duration);
