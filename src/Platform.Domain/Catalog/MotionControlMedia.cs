using System.Collections.Immutable;
using Platform.Domain.Media;

namespace Platform.Domain.Catalog;

/// <summary>
/// What the inputs of <see cref="MotionControlModel"/> must be. A class of its own, since both the model and its parameters are
/// made of it.
/// </summary>
public static class MotionControlMedia
{
    /// <summary>What a character image must be.</summary>
    public static MediaLimits Image { get; } = new()
    {
        Kind = MediaKind.Image,
        Formats = ["JPG", "JPEG", "PNG"],
        MaxBytes = MotionControlModel.MaxImageBytes,
        MinSide = 300,
        MaxSide = 65536,
        MaxAspectRatio = 2.5m,
    };

    /// <summary>What a motion clip must be.</summary>
    public static MediaLimits Video { get; } = new()
    {
        Kind = MediaKind.Video,
        Formats = ["MP4", "MOV"],
        MaxBytes = MotionControlModel.MaxVideoBytes,
        MinSide = 340,
        MaxSide = 3850,
        MinSeconds = MotionControlModel.MinSeconds,
        MaxSeconds = ImmutableSortedDictionary<string, int>.Empty
            .WithComparers(StringComparer.Ordinal)
            .Add(MotionControlModel.OrientationImage, 10)
            .Add(MotionControlModel.OrientationVideo, 30),
    };
}
