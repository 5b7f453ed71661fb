using Platform.Api.Credits;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Tasks;

namespace Platform.Api.Tasks.Receipts;

/// <summary>Makes a receipt of a task and of its entries in the ledger.</summary>
internal static class ReceiptView
{
    private const string HalfAwayFromZero = "half_away_from_zero";
    private const int UsdDecimals = 4;

    /// <param name="task">The task as it is committed.</param>
    /// <param name="newestFirst">Its entries, as the ledger gives them.</param>
    public static ReceiptObject Of(GenerationTask task, IReadOnlyList<LedgerEntry> newestFirst)
    {
        var completed = (task.Phase as TaskPhase.Ended)?.Outcome as TaskOutcome.Completed;
        CreditAmount? used = task.IsTerminal ? completed?.CreditsUsed ?? CreditAmount.Zero : null;
        var released = task.CreditsReserved - used;
        return new()
        {
            TaskId = task.Id.Value,
            Model = task.Request.Model,
            Status = StatusName.Of(task.Status),
            Created = task.CreatedAt.ToUnixTimeSeconds(),
            Ended = task.EndedAt?.ToUnixTimeSeconds(),
            Price = PriceOf(task.Price, task.Request.Quality),
            Seconds = new(
                ExactNumber.WithoutTrailingZeros(task.InspectedSeconds),
                task.ReservedSeconds,
                ExactNumber.WithoutTrailingZeros(completed?.Result.Info.DurationSeconds),
                task.IsTerminal ? completed?.BilledSeconds ?? 0 : null,
                RoundingOf(task.Price.Rounding)),
            Credits = new(task.CreditsReserved, used, released),
            Usd = new(InUsd(task.CreditsReserved, task.Price), InUsd(used, task.Price), InUsd(released, task.Price)),
            Ledger = [.. newestFirst.Reverse().Select(LedgerEntryObject.Of)],
            Attempts = [.. task.Attempts.Select((a, i) => AttemptOf(a, i + 1, completed is not null))],
            Inputs = [.. task.Inputs.Select(i => MediaOf(i.Kind == MediaKind.Image ? "image" : "video", i.Blob, i.Info))],
            Result = completed is null ? null : MediaOf("video", completed.Result.Blob, completed.Result.Info),
            MediaDeletedAt = task.MediaDeletedAt?.ToUnixTimeSeconds(),
        };
    }

    /// <summary>What a unit price is made of.</summary>
    public static ReceiptPriceObject PriceOf(PriceSnapshot price, string quality) => new(
        price.PriceVersion,
        quality,
        price.BasePerSecond,
        ExactNumber.WithoutTrailingZeros(price.QualityMultiplier),
        price.UserGroup,
        ExactNumber.WithoutTrailingZeros(price.GroupMultiplier),
        price.UnitPrice,
        new(HalfAwayFromZero, PriceSnapshot.UnitPriceDecimals),
        ExactNumber.WithoutTrailingZeros(price.UnitPriceUsd),
        ExactNumber.WithoutTrailingZeros(price.CreditsPerUsd));

    /// <summary>How seconds are rounded.</summary>
    public static RoundingObject RoundingOf(SecondsRounding rounding) => rounding switch
    {
        SecondsRounding.Nearest => new(HalfAwayFromZero, 0),
        SecondsRounding.Up => new("up", 0),
        _ => throw new ArgumentOutOfRangeException(nameof(rounding), rounding, "Not a rounding rule."),
    };

    private static decimal? InUsd(CreditAmount? credits, PriceSnapshot price) => credits is { } known ? InUsd(known, price) : null;

    /// <summary>The same in US dollars.</summary>
    public static decimal InUsd(CreditAmount credits, PriceSnapshot price) => ExactNumber.WithoutTrailingZeros(
        Math.Round(credits.Value / price.CreditsPerUsd, UsdDecimals, MidpointRounding.AwayFromZero));

    private static ReceiptAttemptObject AttemptOf(Attempt attempt, int number, bool isCompleted) => new(
        number,
        attempt.StartedAt.ToUnixTimeSeconds(),
        attempt.EndedAt?.ToUnixTimeSeconds(),
        attempt.Ending switch
        {
            null => "open",
            AttemptEnding.Succeeded => isCompleted ? "succeeded" : "late",
            AttemptEnding.Refused or AttemptEnding.Busy or AttemptEnding.AccountDead => "not_accepted",
            AttemptEnding.Failed => "failed",
            AttemptEnding.Cancelled => "cancelled",
            AttemptEnding.Abandoned => "abandoned",
            _ => throw new InvalidOperationException($"Unknown ending {attempt.Ending}."),
        });

    private static ReceiptMediaObject MediaOf(string kind, BlobInfo blob, MediaInfo info) => new(
        kind, info.ContentType, blob.Sha256, blob.Length, info.Width, info.Height, ExactNumber.WithoutTrailingZeros(info.DurationSeconds));
}
