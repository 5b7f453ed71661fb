using System.Globalization;
using System.Text.Json;
using Platform.Domain.Media;

namespace Platform.Upstreams.Tests.Sandbox.Fakes;

/// <summary>A probe that asks ffprobe; a test can make it believe something else of a file.</summary>
internal sealed class FfprobeProbe : IMediaProbe
{
    /// <summary>What is answered instead, by file name.</summary>
    public Dictionary<string, ProbeResult> Lies { get; } = [];

    public async Task<ProbeResult> ProbeAsync(Stream content, CancellationToken cancellationToken)
    {
        var file = ((FileStream)content).Name;
        return Lies.TryGetValue(Path.GetFileName(file), out var lie) ? lie : await ProbeAsync(file);
    }

    private static async Task<ProbeResult> ProbeAsync(string file)
    {
        var facts = await Programs.FfprobeAsync(file);
        if (facts.Video is not { } video)
        {
            return new ProbeResult.Refused("It is not a medium.");
        }

        var turned = Math.Abs(video.Rotation) is 90 or 270;
        return new ProbeResult.Recognised(new MediaInfo
        {
            Format = facts.Format switch
            {
                "png_pipe" => MediaFormat.Png,
                "jpeg_pipe" or "image2" => MediaFormat.Jpeg,
                _ => file.EndsWith(".mov", StringComparison.Ordinal) ? MediaFormat.Mov : MediaFormat.Mp4,
            },
            Width = turned ? video.Height : video.Width,
            Height = turned ? video.Width : video.Height,
            DurationSeconds = video.Seconds,
            HasAudio = facts.Audio is not null,
        });
    }
}
