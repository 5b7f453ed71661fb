using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Platform.Upstreams.Tests.Sandbox.Fakes;

/// <summary>Runs ffmpeg and ffprobe for tests, on files that the tests made.</summary>
internal static class Programs
{
    public sealed record Video(string Codec, string PixelFormat, int Width, int Height, int Rotation, decimal? Seconds, string Rate, int Frames);

    public sealed record Audio(string Codec, decimal? Seconds);

    public sealed record Facts(string Format, Video? Video, Audio? Audio);

    /// <summary>Runs ffmpeg and returns what it wrote to its standard output.</summary>
    public static async Task<byte[]> FfmpegAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync("ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", .. arguments]);
        code.Should().Be(0);
        return output;
    }

    /// <summary>Asks ffprobe what a file is.</summary>
    public static async Task<Facts> FfprobeAsync(string file)
    {
        var (_, output) = await RunAsync(
            "ffprobe", ["-loglevel", "quiet", "-count_packets", "-show_streams", "-show_format", "-of", "json", file]);
        using var json = JsonDocument.Parse(output);
        if (!json.RootElement.TryGetProperty("format", out var format))
        {
            return new Facts("", null, null);
        }

        var streams = json.RootElement.GetProperty("streams").EnumerateArray().ToList();
        return new Facts(
            format.GetProperty("format_name").GetString()!,
            streams.Where(s => Text(s, "codec_type") == "video").Select(ReadVideo).FirstOrDefault(),
            streams.Where(s => Text(s, "codec_type") == "audio").Select(s => new Audio(Text(s, "codec_name"), Seconds(s))).FirstOrDefault());
    }

    /// <summary>Decodes one frame to RGB, three bytes a pixel.</summary>
    public static Task<byte[]> FrameAsync(string file, decimal second) => FfmpegAsync(
        "-ss", second.ToString(CultureInfo.InvariantCulture), "-i", file, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1");

    private static Video ReadVideo(JsonElement stream)
    {
        var rotation = stream.TryGetProperty("side_data_list", out var list)
            ? list.EnumerateArray().Where(s => s.TryGetProperty("rotation", out _)).Select(s => s.GetProperty("rotation").GetInt32()).FirstOrDefault()
            : 0;
        return new Video(
            Text(stream, "codec_name"), Text(stream, "pix_fmt"), stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32(),
            rotation, Seconds(stream), Text(stream, "r_frame_rate"), int.Parse(Text(stream, "nb_read_packets"), CultureInfo.InvariantCulture));
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString()! : "";

    private static decimal? Seconds(JsonElement stream) =>
        decimal.TryParse(Text(stream, "duration"), CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    private static async Task<(int Code, byte[] Output)> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        return (process.ExitCode, output.ToArray());
    }
}
