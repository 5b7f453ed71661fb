using System.ComponentModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>
/// Asks <c>ffprobe</c>, where it is installed, about one local file: one demuxer, one file, no network, within the limits of
/// <see cref="LimitedProgram"/>.
/// </summary>
internal sealed partial class Ffprobe : ISecondOpinion
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(10);

    private readonly LimitedProgram? _program;
    private readonly ILogger<Ffprobe> _logger;

    public Ffprobe(IOptions<MediaOptions> options, TimeProvider time, ILogger<Ffprobe> logger)
    {
        var path = options.Value.FfprobePath switch
        {
            null => LimitedProgram.FindInPath("ffprobe"),
            "" => null,
            var given => Path.GetFullPath(given),
        };
        _program = path is null ? null : new(path, TimeLimit, time);
        _logger = logger;
    }

    /// <summary>Whether there is a program to ask.</summary>
    public bool IsInstalled => _program is not null;

    /// <inheritdoc/>
    public async Task<MediaInfo?> AskAsync(string path, MediaFormat format, CancellationToken cancellationToken)
    {
        if (_program is null)
        {
            return null;
        }

        string[] arguments =
        [
            "-v", "error",
            "-protocol_whitelist", "file",
            "-f", "mov",
            "-show_entries", "stream=codec_type,width,height,duration:stream_side_data=rotation:format=duration",
            "-of", "json",
            "file:" + path,
        ];
        try
        {
            return await _program.RunAsync(arguments, cancellationToken) is { } answer ? FfprobeAnswer.Read(answer, format) : null;
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

    [LoggerMessage(LogLevel.Warning, "ffprobe did not answer within {Limit}.")]
    private partial void LogTimedOut(TimeSpan limit);

    [LoggerMessage(LogLevel.Warning, "ffprobe could not be run.")]
    private partial void LogNotRun(Exception exception);
}
