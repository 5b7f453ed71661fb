using Microsoft.Extensions.Logging;

namespace Platform.Upstreams.Sandbox.Rendering;

internal sealed partial class Ffmpeg
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "ffmpeg is not installed; a render cannot run.")]
    private partial void LogNotInstalled();

    [LoggerMessage(Level = LogLevel.Warning, Message = "ffmpeg could not be started.")]
    private partial void LogNotStarted(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ffmpeg took longer than {Timeout} and was killed.")]
    private partial void LogTimedOut(TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ffmpeg ended with {ExitCode}: {Errors}")]
    private partial void LogFailed(int exitCode, string errors);
}
