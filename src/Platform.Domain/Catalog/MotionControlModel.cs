using System.Collections.Immutable;
using Platform.Domain.Catalog.Parameters;
using Platform.Domain.Credits;
using Platform.Domain.Media;

namespace Platform.Domain.Catalog;

/// <summary>A model that the platform sells.</summary>
public sealed record ModelDefinition
{
    /// <summary>Name in requests.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>What it makes; the <c>type</c> of its tasks.</summary>
    public required string OutputType { get; init; }

    /// <summary>How its tasks are billed; the <c>billing_rule</c> of its tasks.</summary>
    public required string BillingRule { get; init; }

    /// <summary>Seconds that a task usually takes, told to callers.</summary>
    public required int EstimatedSeconds { get; init; }

    /// <summary>How long a task may wait from acceptance until an upstream has it; then it fails and is refunded.</summary>
    public required TimeSpan QueueTimeout { get; init; }

    /// <summary>How long an upstream may take from the first submission; then the task fails and is refunded.</summary>
    public required TimeSpan GenerationTimeout { get; init; }

    /// <summary>What a create takes.</summary>
    public required ParameterSchema Parameters { get; init; }

    /// <summary>What the inputs must be, by the parameter that names them.</summary>
    public required ImmutableSortedDictionary<string, MediaLimits> Inputs { get; init; }

    /// <summary>Price versions, oldest first.</summary>
    public required ImmutableArray<PriceVersion> Prices { get; init; }

    /// <summary>The price that holds at a time.</summary>
    /// <exception cref="InvalidOperationException">No price holds yet.</exception>
    public PriceVersion PriceAt(DateTimeOffset now) => Prices.LastOrDefault(p => p.ValidFrom <= now)
        ?? throw new InvalidOperationException($"Model {Id} has no price at {now:O}.");
}

/// <summary>
/// Kling 3.0 Motion Control: moves the person of a reference video onto a character image. All limits are those of the product
/// page (<c>seed/kling-v3-motion-control.txt</c>).
/// </summary>
public static class MotionControlModel
{
    /// <summary>Name in requests.</summary>
    public const string Id = "kling-v3-motion-control";

    /// <summary>Short side 720 pixels.</summary>
    public const string Quality720 = "720p";

    /// <summary>Short side 1080 pixels.</summary>
    public const string Quality1080 = "1080p";

    /// <summary>The character faces as in the image; at most 10 s.</summary>
    public const string OrientationImage = "image";

    /// <summary>The character faces as in the video; at most 30 s.</summary>
    public const string OrientationVideo = "video";

    /// <summary>Longest prompt, in characters.</summary>
    public const int MaxPromptLength = 2500;

    /// <summary>Largest character image, in bytes (10 MB).</summary>
    public const long MaxImageBytes = 10L * 1024 * 1024;

    /// <summary>Largest motion clip, in bytes (100 MB).</summary>
    public const long MaxVideoBytes = 100L * 1024 * 1024;

    /// <summary>Shortest motion clip, in seconds; also the least that is reserved.</summary>
    public const int MinSeconds = 3;

    /// <summary>The definition, with the price of the product page.</summary>
    public static ModelDefinition Definition { get; } = new()
    {
        Id = Id,
        DisplayName = "Kling 3.0 Motion Control",
        OutputType = "video",
        BillingRule = "per_second",
        EstimatedSeconds = 180,
        QueueTimeout = TimeSpan.FromHours(24),
        GenerationTimeout = TimeSpan.FromHours(1),
        Parameters = MotionControlParameters.Schema,
        Inputs = ImmutableSortedDictionary<string, MediaLimits>.Empty
            .WithComparers(StringComparer.Ordinal)
            .Add("image_urls", MotionControlMedia.Image)
            .Add("video_urls", MotionControlMedia.Video),
        Prices =
        [
            new PriceVersion
            {
                Version = 1,
                ValidFrom = DateTimeOffset.UnixEpoch,
                PublishedAt = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero),
                BasePerSecond = CreditAmount.From(8.1648m),
                QualityMultipliers = ImmutableSortedDictionary<string, decimal>.Empty
                    .WithComparers(StringComparer.Ordinal)
                    .Add(Quality720, 1m)
                    .Add(Quality1080, 1.333m),
                Rounding = SecondsRounding.Nearest,
                CreditsPerUsd = 72m,
            },
        ],
    };

    /// <summary>Most seconds of a motion clip, by orientation.</summary>
    public static int MaxSeconds(string orientation) => MotionControlMedia.Video.MaxSeconds.TryGetValue(orientation, out var seconds)
        ? seconds
        : throw new ArgumentOutOfRangeException(nameof(orientation), orientation, "Not an orientation.");

    /// <summary>Largest allowed input of a kind, in bytes.</summary>
    public static long MaxBytes(MediaKind kind) => kind == MediaKind.Image ? MaxImageBytes : MaxVideoBytes;

    /// <summary>Says what is wrong with a character image, or null.</summary>
    public static string? CheckImage(MediaInfo info, long length)
    {
        if (info.Kind != MediaKind.Image)
        {
            return $"A JPEG or PNG image is expected; the content is {info.ContentType}.";
        }

        if (length > MaxImageBytes)
        {
            return $"The image has {length} bytes; at most {MaxImageBytes} (10 MB) are allowed.";
        }

        if (!FitsSides(info, MotionControlMedia.Image))
        {
            return $"The image is {info.Width}×{info.Height} pixels; each side must have {MotionControlMedia.Image.MinSide} to {MotionControlMedia.Image.MaxSide} pixels.";
        }

        return Math.Max(info.Width, info.Height) > MotionControlMedia.Image.MaxAspectRatio * Math.Min(info.Width, info.Height)
            ? $"The image is {info.Width}×{info.Height} pixels; its aspect ratio must be between 1:2.5 and 2.5:1."
            : null;
    }

    /// <summary>Says what is wrong with a motion clip, or null.</summary>
    public static string? CheckVideo(MediaInfo info, long length, string orientation)
    {
        if (info.Kind != MediaKind.Video)
        {
            return $"An MP4 or MOV video is expected; the content is {info.ContentType}.";
        }

        if (length > MaxVideoBytes)
        {
            return $"The video has {length} bytes; at most {MaxVideoBytes} (100 MB) are allowed.";
        }

        if (!FitsSides(info, MotionControlMedia.Video))
        {
            return $"The video is {info.Width}×{info.Height} pixels; each side must have {MotionControlMedia.Video.MinSide} to {MotionControlMedia.Video.MaxSide} pixels.";
        }

        var duration = info.DurationSeconds ?? 0m;
        var max = MaxSeconds(orientation);
        if (duration < MinSeconds - Seconds.Tolerance)
        {
            return $"The video is {duration:0.###} s long; at least {MinSeconds} s are needed.";
        }

        return duration > max + Seconds.Tolerance
            ? $"The video is {duration:0.###} s long; with character_orientation '{orientation}' at most {max} s are allowed."
            : null;
    }

    private static bool FitsSides(MediaInfo info, MediaLimits limits) =>
        Math.Min(info.Width, info.Height) >= limits.MinSide && Math.Max(info.Width, info.Height) <= limits.MaxSide;
}
