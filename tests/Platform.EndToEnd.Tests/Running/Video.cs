using System.Globalization;
using System.Text.Json;

namespace Platform.EndToEnd.Tests.Running;

/// <summary>What ffprobe says of a file.</summary>
internal sealed record Video(string Codec, int ShortSide, decimal Seconds, bool HasSound)
{
    public static async Task<Video> ProbeAsync(string path)
    {
        var probed = await Programs.RunAsync("ffprobe", ["-loglevel", "error", "-show_streams", "-of", "json", path]);
        probed.ExitCode.Should().Be(0, "ffprobe said: {0}", probed.Output);
        using var json = JsonDocument.Parse(probed.Output);
        var streams = json.RootElement.GetProperty("streams").EnumerateArray().ToList();
        var video = streams.Single(s => s.Text("codec_type") == "video");
        return new(
            video.Text("codec_name"),
            Math.Min(video.GetProperty("width").GetInt32(), video.GetProperty("height").GetInt32()),
            decimal.Parse(video.Text("duration"), CultureInfo.InvariantCulture),
            streams.Any(s => s.Text("codec_type") == "audio"));
    }
}
