using Microsoft.Extensions.Logging;
using Platform.Domain.Tasks;
using Platform.Upstreams.Sandbox.Rendering;

namespace Platform.Upstreams.Sandbox;

internal sealed partial class SandboxWorker
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "ffmpeg is not installed ('{Program}' is not found in PATH): the sandbox refuses every job until it is. Install ffmpeg with libx264, or name it in the sandbox's FfmpegPath.")]
    private partial void LogNoFfmpeg(string program);

    [LoggerMessage(Level = LogLevel.Warning, Message = "prlimit (util-linux) is not installed: the sandbox runs ffmpeg on tenants' files without limits on memory, processor time and file size.")]
    private partial void LogNoPrlimit();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox understands refuse=account: any prompt can make it look like a dead account to every tenant. For development only.")]
    private partial void LogAccountRefusal();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox's work directory {Folder} could not be cleared.")]
    private partial void LogWorkDirectory(string folder, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The sandbox took over {Count} jobs of the process before.")]
    private partial void LogRequeued(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox's queue did not answer; it is asked again.")]
    private partial void LogQueueFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sandbox job {Job} ended after {Elapsed} with {Result}.")]
    private partial void LogRendered(string job, TimeSpan elapsed, RenderResult result);

    [LoggerMessage(Level = LogLevel.Error, Message = "The render of sandbox job {Job} broke.")]
    private partial void LogRenderBroke(string job, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sandbox job {Job} failed with {Error}: {Reason}")]
    private partial void LogFailed(string job, TaskErrorCode error, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sandbox job {Job} was stopped.")]
    private partial void LogStopped(string job);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sandbox job {Job} is left to its lease, because the host stops.")]
    private partial void LogAbandoned(string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "How sandbox job {Job} ended could not be recorded; it is taken again when its lease has ended.")]
    private partial void LogNotRecorded(string job, Exception exception);
}
