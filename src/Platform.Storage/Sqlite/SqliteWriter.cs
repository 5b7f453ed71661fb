using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Platform.Storage.Sqlite;

/// <summary>
/// The only writer: one thread of its own, because the library blocks while it flushes. What waits when a transaction ends goes into
/// the next one together, so that there are as many flushes as the disk allows and no write waits for company.
/// </summary>
internal sealed partial class SqliteWriter : IAsyncDisposable
{
    private readonly Channel<SqliteWrite> _waiting = Channel.CreateUnbounded<SqliteWrite>(new()
    {
        SingleReader = true,

        // The reader is a thread that waits; to wake it from where the work comes costs nothing and needs no thread of the pool.
        AllowSynchronousContinuations = true,
    });

    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteStoreOptions _options;
    private readonly StorageMetrics _metrics;
    private readonly ILogger<SqliteWriter> _logger;
    private readonly Thread _thread;
    private readonly SqliteCheckpointer _checkpointer;
    private SqliteConnection? _database;

    public SqliteWriter(SqliteStoreOptions options, StorageMetrics metrics, ILogger<SqliteWriter> logger)
    {
        _options = options;
        _metrics = metrics;
        _logger = logger;
        _checkpointer = new(options, logger);
        _thread = new(Run) { Name = "sqlite-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Writes, in a transaction of its own or with others; the task ends when it is durable.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> apply, CancellationToken cancellationToken)
    {
        var write = new SqliteWrite<T>(apply, cancellationToken);
        ObjectDisposedException.ThrowIf(!_waiting.Writer.TryWrite(write), this);
        return write.Task;
    }

    /// <summary>Writes what waits, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopped.Task;
    }

    private void Run()
    {
        var group = new List<SqliteWrite>(_options.GroupSize);
        while (Wait())
        {
            while (group.Count < _options.GroupSize && _waiting.Reader.TryRead(out var write))
            {
                group.Add(write);
            }

            Commit(group);
            group.Clear();
            Checkpoint();
        }

        _checkpointer.Dispose();
        _database?.Dispose();
        _stopped.SetResult();
    }

    private bool Wait()
    {
        var more = _waiting.Reader.WaitToReadAsync();

        // This thread has nothing else to do, and is not one of the pool.
        return more.IsCompletedSuccessfully ? more.Result : more.AsTask().GetAwaiter().GetResult();
    }

    private void Checkpoint()
    {
        if (_database is not { } database)
        {
            return;
        }

        try
        {
            _checkpointer.AfterCommit(database);
        }
        catch (StorageException exception)
        {
            // What is committed is durable in the log; it is copied another time.
            LogCheckpointFailed(exception);
        }
    }

    private void Commit(List<SqliteWrite> group)
    {
        try
        {
            Transact(group);
        }
        catch (Exception) when (group.Count > 1)
        {
            // One of them broke a constraint, or the file did. Each on its own: the others must not pay for it.
            _metrics.Redone();
            LogRedone(group.Count);
            foreach (var write in group)
            {
                CommitAlone(write);
            }
        }
#pragma warning disable CA1031 // The exception is the caller's, whatever it is; the writer goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            group[0].Fail(exception);
        }
    }

    private void CommitAlone(SqliteWrite write)
    {
        try
        {
            Transact([write]);
        }
#pragma warning disable CA1031 // The exception is the caller's, whatever it is; the writer goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            write.Fail(exception);
        }
    }

    private void Transact(List<SqliteWrite> group)
    {
        var database = _database ??= SqliteConnection.OpenWriter(_options);
        try
        {
            database.Prepare("BEGIN IMMEDIATE").Execute();
            foreach (var write in group)
            {
                write.Run(database);
            }

            database.Prepare("COMMIT").Execute();
        }
        catch
        {
            Abandon(database);
            throw;
        }

        _metrics.Committed(group.Count);
        foreach (var write in group)
        {
            write.Complete();
        }
    }

    private void Abandon(SqliteConnection database)
    {
        try
        {
            database.Rollback();
        }
        catch (StorageException exception)
        {
            // Closing rolls back as well.
            LogRollbackFailed(exception);
            _database = null;
            database.Dispose();
        }
    }
}
