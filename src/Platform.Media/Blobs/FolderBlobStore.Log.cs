using Microsoft.Extensions.Logging;

namespace Platform.Media.Blobs;

internal sealed partial class FolderBlobStore
{
    [LoggerMessage(LogLevel.Information, "Removed the unfinished upload {FileName} that a stopped process had left.")]
    private partial void LogLeftoverRemoved(string fileName);

    [LoggerMessage(LogLevel.Information, "Kept the unfinished upload {FileName}: {Reason}")]
    private partial void LogLeftoverKept(string fileName, string reason);
}
