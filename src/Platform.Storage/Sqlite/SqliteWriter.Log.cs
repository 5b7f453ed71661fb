using Microsoft.Extensions.Logging;

namespace Platform.Storage.Sqlite;

internal sealed partial class SqliteWriter
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A group of {Units} units failed and is redone unit by unit.")]
    private partial void LogRedone(int units);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of the log could not be copied into the database; it is tried again later.")]
    private partial void LogCheckpointFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A transaction could not be rolled back; its connection is closed.")]
    private partial void LogRollbackFailed(Exception exception);
}
