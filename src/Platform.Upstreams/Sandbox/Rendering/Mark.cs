namespace Platform.Upstreams.Sandbox.Rendering;

/// <summary>A picture of words that is laid over a preview: raw RGBA, four bytes a pixel, rows from the top.</summary>
internal sealed class Mark
{
    /// <summary>The first line of the badge that every preview wears.</summary>
    internal const string Title = "PREVIEW";

    private const string Subtitle = "SANDBOX - NO AI";
    private const string WatermarkText = "SANDBOX";

    private Mark(int width, int height)
    {
        Width = width;
        Height = height;
        Rgba = new byte[width * height * 4];
    }

    /// <summary>Width in pixels; even.</summary>
    internal int Width { get; }

    /// <summary>Height in pixels; even.</summary>
    internal int Height { get; }

    /// <summary>The pixels.</summary>
    internal byte[] Rgba { get; }

    /// <summary>The badge that says what the video is: white letters on a dark ground.</summary>
    /// <param name="shortSide">Short side of the video in pixels; the badge grows with it.</param>
    internal static Mark Badge(int shortSide)
    {
        var scale = BadgeScale(shortSide);
        var small = Math.Max(2, scale / 3);
        var padding = BadgePadding(shortSide);
        var title = PixelFont.Measure(Title) * scale;
        var subtitle = PixelFont.Measure(Subtitle) * small;
        var mark = new Mark(
            Even(Math.Max(title, subtitle) + (2 * padding)),
            Even(((scale + small) * PixelFont.Height) + (3 * padding)));
        mark.Fill(alpha: 176);
        mark.Write(Title, padding, padding, scale, alpha: 255);
        mark.Write(Subtitle, padding, (2 * padding) + (scale * PixelFont.Height), small, alpha: 255);
        return mark;
    }

    /// <summary>Side of one letter pixel of the badge's title.</summary>
    internal static int BadgeScale(int shortSide) => shortSide / 120;

    /// <summary>Room around the lines of the badge.</summary>
    internal static int BadgePadding(int shortSide) => shortSide / 45;

    /// <summary>The watermark that is drawn on request: large letters, seen through.</summary>
    /// <param name="width">Width of the video in pixels.</param>
    /// <param name="shortSide">Short side of the video in pixels.</param>
    internal static Mark Watermark(int width, int shortSide)
    {
        var scale = Math.Clamp(width * 3 / 5 / PixelFont.Measure(WatermarkText), 4, shortSide / 30);
        var mark = new Mark(Even(PixelFont.Measure(WatermarkText) * scale), Even(PixelFont.Height * scale));
        mark.Write(WatermarkText, 0, 0, scale, alpha: 96);
        return mark;
    }

    private static int Even(int length) => length + (length & 1);

    private void Fill(byte alpha)
    {
        for (var offset = 3; offset < Rgba.Length; offset += 4)
        {
            Rgba[offset] = alpha;
        }
    }

    private void Write(string text, int left, int top, int scale, byte alpha)
    {
        for (var y = 0; y < PixelFont.Height * scale; y++)
        {
            for (var x = 0; x < PixelFont.Measure(text) * scale; x++)
            {
                if (PixelFont.IsSet(text, x / scale, y / scale))
                {
                    var offset = (((top + y) * Width) + left + x) * 4;
                    Rgba.AsSpan(offset, 3).Fill(255);
                    Rgba[offset + 3] = alpha;
                }
            }
        }
    }
}
