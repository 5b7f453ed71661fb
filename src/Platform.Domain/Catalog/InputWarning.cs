using System.Collections.Immutable;
using System.Globalization;
using Platform.Domain.Media;

namespace Platform.Domain.Catalog;

/// <summary>Something about an input that may spoil the result. It never refuses a request.</summary>
/// <param name="Code">Its code, for programs.</param>
/// <param name="Parameter">The parameter that names the input.</param>
/// <param name="Message">What was seen and why it matters.</param>
public sealed record InputWarning(string Code, string Parameter, string Message);

/// <summary>What a look at the inputs of <see cref="MotionControlModel"/> warns of; the product page advises against all of it.</summary>
public static class InputWarnings
{
    /// <summary>The clip has cuts.</summary>
    public const string SceneCuts = "scene_cuts";

    /// <summary>The clip has several cuts within one second.</summary>
    public const string RapidCuts = "rapid_cuts";

    /// <summary>No stretch of the clip without a cut is as long as the shortest clip must be.</summary>
    public const string ShortUsableLength = "short_usable_length";

    /// <summary>The input has far fewer pixels than the output.</summary>
    public const string LowResolution = "low_resolution";

    /// <summary>The input is very wide or very tall.</summary>
    public const string ExtremeAspectRatio = "extreme_aspect_ratio";

    private const decimal MaxRatio = 2m;
    private const int RapidCutsPerSecond = 2;

    /// <summary>All warnings, in the order of the parameters.</summary>
    /// <param name="quality">Quality of the output.</param>
    /// <param name="image">The character image; null where it is not known.</param>
    /// <param name="clip">The motion clip; null where it is not known.</param>
    /// <param name="cuts">Times of its cuts, in seconds, rising; null where they are not known.</param>
    public static ImmutableArray<InputWarning> Of(string quality, MediaInfo? image, MediaInfo? clip, ImmutableArray<decimal>? cuts) =>
    [
        .. OfPicture("image_urls", "image", quality, image),
        .. OfPicture("video_urls", "video", quality, clip),
        .. clip?.DurationSeconds is { } length && cuts is { IsDefault: false } times ? OfCuts(length, times) : [],
    ];

    private static IEnumerable<InputWarning> OfPicture(string parameter, string what, string quality, MediaInfo? info)
    {
        if (info is null)
        {
            yield break;
        }

        // Less than two thirds of the output's short side: more than half of its pixels would be made up.
        var output = string.Equals(quality, MotionControlModel.Quality1080, StringComparison.Ordinal) ? 1080 : 720;
        var shorter = Math.Min(info.Width, info.Height);
        if (shorter * 3 < output * 2)
        {
            yield return new(LowResolution, parameter, $"The {what} is {info.Width}×{info.Height} pixels; for {quality} its short side should have at least {output * 2 / 3}.");
        }

        if (Math.Max(info.Width, info.Height) > MaxRatio * shorter)
        {
            yield return new(ExtremeAspectRatio, parameter, $"The {what} is {info.Width}×{info.Height} pixels; a side that is more than twice the other leaves little of the person.");
        }
    }

    private static IEnumerable<InputWarning> OfCuts(decimal length, ImmutableArray<decimal> cuts)
    {
        if (cuts.IsEmpty)
        {
            yield break;
        }

        yield return new(SceneCuts, "video_urls", Invariant(
            $"The video has {cuts.Length} {(cuts.Length == 1 ? "cut" : "cuts")}, the first at {cuts[0]:0.##} s; motion is followed best in one steady take."));
        for (var i = RapidCutsPerSecond - 1; i < cuts.Length; i++)
        {
            if (cuts[i] - cuts[i - RapidCutsPerSecond + 1] < 1m)
            {
                yield return new(RapidCuts, "video_urls", Invariant($"The video has several cuts within one second, at {cuts[i - RapidCutsPerSecond + 1]:0.##} s."));
                break;
            }
        }

        var longest = 0m;
        var start = 0m;
        foreach (var end in cuts.Append(length))
        {
            longest = Math.Max(longest, end - start);
            start = end;
        }

        if (longest < MotionControlModel.MinSeconds - Seconds.Tolerance)
        {
            yield return new(ShortUsableLength, "video_urls", Invariant(
                $"The longest take of the video without a cut lasts {longest:0.##} s; at least {MotionControlModel.MinSeconds} s should be usable."));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
