using Microsoft.Extensions.Logging;

namespace Platform.Upstreams.Sandbox.Rendering;

internal sealed partial class WorkFolders
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The render folder {Folder} could not be removed.")]
    private partial void LogNotRemoved(string folder, Exception exception);
}
