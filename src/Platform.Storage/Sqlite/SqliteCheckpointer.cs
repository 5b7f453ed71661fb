using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Platform.Storage.Sqlite;

/// <summary>
/// Copies the log into the database on a thread and a connection of its own, while the writer goes on. What the writer adds meanwhile
/// is little, and the writer copies it itself, between two transactions: only a log that is copied to its end starts over, and
/// otherwise it would grow for as long as the load lasts.
/// </summary>
internal sealed partial class SqliteCheckpointer : IDisposable
{
    // Each pass has less to do than the one before; further ones would gain less than their flushes cost.
    private const int Passes = 3;

    private readonly SqliteStoreOptions _options;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _wanted = new(initialState: false);
    private readonly Thread _thread;
    private int _pages;
    private volatile bool _running;
    private volatile bool _nearlyDone;
    private volatile bool _stopping;

    public SqliteCheckpointer(SqliteStoreOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _thread = new(Run) { Name = "sqlite-checkpoint", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called by the writer after each of its transactions.</summary>
    public void AfterCommit(SqliteConnection writer)
    {
        _pages += writer.TakePagesWritten();
        if (_nearlyDone)
        {
            _nearlyDone = false;
            writer.Checkpoint();
            _pages = 0;
            _running = false;
        }
        else if (!_running && _pages >= _options.CheckpointPages)
        {
            _running = true;
            _wanted.Set();
        }
    }

    /// <summary>Waits for what is being copied, and stops.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wanted.Set();
        _thread.Join();
        _wanted.Dispose();
    }

    private void Run()
    {
        while (_wanted.WaitOne() && !_stopping)
        {
            try
            {
                // Opened for each time: it is seldom, and a connection that lies idle keeps its cache.
                using var database = SqliteConnection.OpenWriter(_options);
                for (var pass = 0; pass < Passes && !_stopping; pass++)
                {
                    var (inLog, copied) = database.Checkpoint();
                    if (inLog - copied <= _options.CheckpointPages / 16)
                    {
                        break;
                    }
                }
            }
            catch (StorageException exception)
            {
                // Nothing is lost: the log keeps what is not copied, and the next time copies it.
                LogFailed(exception);
            }

            _nearlyDone = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log could not be copied into the database; it is tried again later.")]
    private partial void LogFailed(Exception exception);
}
