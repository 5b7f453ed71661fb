using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Media.Probing;

namespace Platform.Media.Cuts;

/// <summary>
/// Finds the cuts of a local clip by comparing its decoded frames with <c>ffmpeg</c>, where that is installed: one demuxer, few decoders,
/// one file, no network, within the limits of <see cref="LimitedProgram"/>.
/// </summary>
internal sealed partial class SceneCutFinder
{
    // From 0 to 1: above it two frames that follow each other show different scenes. Fast motion stays below.
    private const string Threshold = "0.35";

    // The longest clip that is accepted, and a little.
    private const string MaxSeconds = "31";

    // Frames of 3850 × 3850 pixels, the largest that are accepted.
    private const string MaxPixels = "14822500";

    private const string Decoders = "h264,hevc,av1,libdav1d,vp9,mpeg4,mpeg2video,mjpeg,prores";

    private const string TimeMark = "pts_time:";

    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private readonly LimitedProgram? _program;
    private readonly ILogger<SceneCutFinder> _logger;

    public SceneCutFinder(IOptions<MediaOptions> options, TimeProvider time, ILogger<SceneCutFinder> logger)
    {
        var path = options.Value.FfmpegPath switch
        {
            null => LimitedProgram.FindInPath("ffmpeg"),
            "" => null,
            var given => Path.GetFullPath(given),
        };
        _program = path is null ? null : new(path, TimeLimit, time);
        _logger = logger;
    }

    /// <summary>Whether there is a program to ask.</summary>
    public bool IsInstalled => _program is not null;

    /// <summary>Finds the cuts, in seconds, rising; null where they can't be told.</summary>
    /// <param name="path">Absolute path of an MP4 or MOV file.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task<ImmutableArray<decimal>?> FindAsync(string path, CancellationToken cancellationToken)
    {
        if (_program is null)
        {
            return null;
        }

        string[] arguments =
        [
            "-hide_banner", "-nostdin", "-nostats", "-v", "error",
            "-threads", "1", "-filter_threads", "1",
            "-protocol_whitelist", "file", "-codec_whitelist", Decoders, "-enable_drefs", "0", "-max_pixels", MaxPixels,
            "-skip_loop_filter", "all", "-an", "-sn", "-dn",
            "-f", "mov", "-i", "file:" + path,
            "-map", "0:v:0", "-t", MaxSeconds,
            "-vf", $"scale=w=160:h=-2:flags=fast_bilinear,select=gt(scene\\,{Threshold}),metadata=mode=print:file=-",
            "-f", "null", "-",
        ];
        try
        {
            return await _program.RunAsync(arguments, cancellationToken) is { } printed ? Read(printed) : null;
        }
        catch (TimeoutException)
        {
            LogTimedOut(TimeLimit);
            return null;
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            LogNotRun(e);
            return null;
        }
    }

    /// <summary>Reads the times of what was printed.</summary>
    internal static ImmutableArray<decimal> Read(string printed)
    {
        var cuts = ImmutableArray.CreateBuilder<decimal>();
        foreach (var line in printed.Split('\n'))
        {
            var at = line.IndexOf(TimeMark, StringComparison.Ordinal);
            if (at >= 0 && decimal.TryParse(line.AsSpan(at + TimeMark.Length).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            {
                cuts.Add(seconds);
            }
        }

        return cuts.ToImmutable();
    }

    [LoggerMessage(LogLevel.Information, "ffmpeg did not find the cuts of a clip within {Limit}.")]
    private partial void LogTimedOut(TimeSpan limit);

    [LoggerMessage(LogLevel.Warning, "ffmpeg could not be run to find the cuts of a clip.")]
    private partial void LogNotRun(Exception exception);
}
