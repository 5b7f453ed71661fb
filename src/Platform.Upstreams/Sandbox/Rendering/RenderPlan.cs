using Platform.Domain.Media;

namespace Platform.Upstreams.Sandbox.Rendering;

/// <summary>The sizes, places and length of a preview: everything about it that is decided before ffmpeg runs.</summary>
internal sealed record RenderPlan
{
    /// <summary>Longest side that H.264 encoders take.</summary>
    internal const int MaxSide = 16384;

    /// <summary>Most pixels of an image that is decoded; more would need more memory than a render is given.</summary>
    internal const int MaxImagePixels = 100_000_000;

    /// <summary>Most pixels of a frame of the clip: above the largest that the model allows (3,850 × 3,850).</summary>
    internal const int MaxFramePixels = 4096 * 4096;

    /// <summary>Width of the output in pixels; even.</summary>
    internal required int Width { get; init; }

    /// <summary>Height of the output in pixels; even.</summary>
    internal required int Height { get; init; }

    /// <summary>Length of the output in seconds.</summary>
    internal required decimal Seconds { get; init; }

    /// <summary>Whether the clip's sound goes along.</summary>
    internal required bool Sound { get; init; }

    /// <summary>Format of the clip.</summary>
    internal required MediaFormat VideoFormat { get; init; }

    /// <summary>Format of the image.</summary>
    internal required MediaFormat ImageFormat { get; init; }

    /// <summary>The short side of the output.</summary>
    internal int ShortSide => Math.Min(Width, Height);

    /// <summary>Widest that the character image is shown, without its frame.</summary>
    internal int CardWidth => Width * 2 / 5;

    /// <summary>Highest that the character image is shown, without its frame.</summary>
    internal int CardHeight => Height / 2;

    /// <summary>Width of the white frame around the character image.</summary>
    internal int CardBorder => ShortSide / 90;

    /// <summary>From the edges of the output to what is laid over it.</summary>
    internal int Margin => ShortSide / 36;

    /// <summary>Plans a render; null where the clip has no length or a shape that cannot be shown.</summary>
    internal static RenderPlan? For(SandboxRequest request, MediaInfo clip, MediaInfo image)
    {
        if (clip is not { DurationSeconds: > 0m and var seconds, Width: > 0, Height: > 0 })
        {
            return null;
        }

        // The short side is exact; the long one follows the clip's shape to the nearest even number.
        var ratio = (decimal)Math.Max(clip.Width, clip.Height) / Math.Min(clip.Width, clip.Height);
        if (ratio * request.ShortSide > MaxSide)
        {
            return null;
        }

        var longSide = (int)decimal.Round(ratio * request.ShortSide / 2m, MidpointRounding.AwayFromZero) * 2;
        var upright = clip.Height > clip.Width;
        return new RenderPlan
        {
            Width = upright ? request.ShortSide : longSide,
            Height = upright ? longSide : request.ShortSide,
            Seconds = Math.Min(seconds, request.MaxSeconds),
            Sound = request.KeepSound && clip.HasAudio,
            VideoFormat = clip.Format,
            ImageFormat = image.Format,
        };
    }
}
