using System.Globalization;
using Platform.Domain.Media;

namespace Platform.Upstreams.Sandbox.Rendering;

/// <summary>
/// The command line of a render. The inputs are a stranger's: each is opened by the one demuxer of its format, may name no other
/// file, is decoded by few decoders only, and is no larger than agreed. Nothing of a prompt gets here.
/// </summary>
internal static class FfmpegArguments
{
    private const int MaxFramesPerSecond = 30;

    // Slower clips are shown at this rate, so that the length of the output is exact to a tenth of a second.
    private const int MinFramesPerSecond = 10;

    private const string ClipDecoders =
        "h264,hevc,av1,libdav1d,vp9,mpeg4,mpeg2video,mjpeg,prores,aac,mp3,mp3float,ac3,eac3,alac,opus,libopus,flac,"
        + "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_u8";

    /// <summary>Files that a render reads and writes; absolute paths.</summary>
    /// <param name="Video">The motion clip.</param>
    /// <param name="Image">The character image.</param>
    /// <param name="Badge">Raw pixels of <paramref name="BadgeMark"/>.</param>
    /// <param name="BadgeMark">The badge.</param>
    /// <param name="Watermark">Raw pixels of <paramref name="WatermarkMark"/>; null for no watermark.</param>
    /// <param name="WatermarkMark">The watermark; null for none.</param>
    /// <param name="Output">The video to write.</param>
    internal sealed record Files(string Video, string Image, string Badge, Mark BadgeMark, string? Watermark, Mark? WatermarkMark, string Output);

    /// <summary>Builds the arguments.</summary>
    internal static IReadOnlyList<string> Build(RenderPlan plan, Files files, int threads)
    {
        var count = Invariant($"{threads}");
        List<string> arguments =
        [
            "-hide_banner", "-nostdin", "-nostats", "-loglevel", "error", "-y", "-filter_complex_threads", count,
            .. Clip(plan, files.Video, count),
            .. Image(plan, files.Image),
            .. Pixels(files.BadgeMark, files.Badge),
        ];
        if (files is { Watermark: { } watermark, WatermarkMark: { } mark })
        {
            arguments.AddRange(Pixels(mark, watermark));
        }

        arguments.AddRange(["-filter_complex", Filter(plan, files.Watermark is not null), "-map", "[out]"]);
        if (plan.Sound)
        {
            // Encoded anew: a copied stream could only be cut between its packets, and would carry on what a stranger wrote.
            arguments.AddRange([
                "-map", "0:a:0", "-af", "aresample=async=1:first_pts=0", "-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]);
        }

        arguments.AddRange([
            "-t", Invariant($"{plan.Seconds}"),
            "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p", "-threads", count,
            "-crf", "26", "-maxrate", "8M", "-bufsize", "16M",
            "-bf", "0", "-g", Invariant($"{MaxFramesPerSecond}"), "-sc_threshold", "0",

            // What the clip says about its author and place stays behind; the same inputs give the same bytes.
            "-map_metadata", "-1", "-map_chapters", "-1",
            "-fflags", "+bitexact", "-flags:v", "+bitexact+cgop", "-flags:a", "+bitexact",
            "-movflags", "+faststart", "-f", "mp4", Url(files.Output)]);
        return arguments;
    }

    private static string[] Clip(RenderPlan plan, string path, string threads) =>
    [
        "-threads", threads, "-protocol_whitelist", "file", "-codec_whitelist", ClipDecoders,
        "-enable_drefs", "0", "-max_pixels", Invariant($"{RenderPlan.MaxFramePixels}"),
        "-f", Demuxer(plan.VideoFormat), "-i", Url(path),
    ];

    private static string[] Image(RenderPlan plan, string path) =>
    [
        "-threads", "1", "-protocol_whitelist", "file", "-codec_whitelist", plan.ImageFormat is MediaFormat.Png ? "png" : "mjpeg",
        "-max_pixels", Invariant($"{RenderPlan.MaxImagePixels}"),
        "-f", Demuxer(plan.ImageFormat), "-i", Url(path),
    ];

    private static string[] Pixels(Mark mark, string path) =>
    [
        "-protocol_whitelist", "file", "-f", "rawvideo", "-pixel_format", "rgba",
        "-video_size", Invariant($"{mark.Width}x{mark.Height}"), "-framerate", "1", "-i", Url(path),
    ];

    /// <summary>
    /// The clip fills the picture, as it is shown (ffmpeg turns it as its rotation says); the character stands in a white frame
    /// at the lower right, the badge at the upper left, the watermark in the middle. A still input is its first frame for ever.
    /// </summary>
    private static string Filter(RenderPlan plan, bool watermark)
    {
        var border = plan.CardBorder;
        string[] chains =
        [
            Invariant($"[0:v:0]fps=fps='clip(source_fps,{MinFramesPerSecond},{MaxFramesPerSecond})':start_time=0,")
                + Invariant($"scale={plan.Width}:{plan.Height}:flags=bilinear,setsar=1,")
                + "tpad=stop_mode=clone:stop_duration=1,format=yuv420p[clip]",
            Invariant($"[1:v:0]trim=end_frame=1,scale=w={plan.CardWidth}:h={plan.CardHeight}:force_original_aspect_ratio=decrease:flags=area,")
                + Invariant($"format=rgba,setsar=1,pad=w=iw+{2 * border}:h=ih+{2 * border}:x={border}:y={border}:color=white[card]"),
            "[2:v:0]trim=end_frame=1[badge]",
            Invariant($"[clip][card]overlay=x=W-w-{plan.Margin}:y=H-h-{plan.Margin}:format=yuv420[shown]"),
            Invariant($"[shown][badge]overlay=x={plan.Margin}:y={plan.Margin}:format=yuv420") + (watermark ? "[marked]" : "[out]"),
        ];
        var filter = string.Join(';', chains);
        return watermark
            ? filter + ";[3:v:0]trim=end_frame=1[water];[marked][water]overlay=x=(W-w)/2:y=(H-h)/2:format=yuv420[out]"
            : filter;
    }

    private static string Demuxer(MediaFormat format) => format switch
    {
        MediaFormat.Mp4 or MediaFormat.Mov => "mov",
        MediaFormat.Png => "png_pipe",
        MediaFormat.Jpeg => "jpeg_pipe",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a format that is rendered."),
    };

    // With the protocol named, no path can be read as one of another protocol.
    private static string Url(string path) => "file:" + path;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
