using System.Collections.Concurrent;

namespace Platform.Storage.Sqlite;

/// <summary>
/// Connections that read. Readers of a log-structured file neither wait for the writer nor keep it waiting. The library blocks, so a
/// read runs on the caller's thread only where that is one of the pool, and never on a grain's scheduler.
/// </summary>
internal sealed class SqliteReaders(SqliteStoreOptions options) : IDisposable
{
    private readonly ConcurrentStack<SqliteConnection> _idle = new();
    private readonly SemaphoreSlim _free = new(options.Readers);

    /// <summary>Reads something.</summary>
    public Task<T> ReadAsync<TState, T>(TState state, Func<SqliteConnection, TState, T> read, CancellationToken cancellationToken)
    {
        if (TaskScheduler.Current != TaskScheduler.Default)
        {
            return Task.Run(() => ReadAsync(state, read, cancellationToken), cancellationToken);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        return _free.Wait(TimeSpan.Zero, CancellationToken.None)
            ? ReadInline(state, read)
            : WaitAndReadAsync(state, read, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryPop(out var connection))
        {
            connection.Dispose();
        }

        _free.Dispose();
    }

    private Task<T> ReadInline<TState, T>(TState state, Func<SqliteConnection, TState, T> read)
    {
        try
        {
            return Task.FromResult(Read(state, read));
        }
#pragma warning disable CA1031 // A task tells of its failure, it does not throw it at the call.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(exception);
        }
    }

    private async Task<T> WaitAndReadAsync<TState, T>(TState state, Func<SqliteConnection, TState, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return Read(state, read);
    }

    private T Read<TState, T>(TState state, Func<SqliteConnection, TState, T> read)
    {
        try
        {
            var connection = _idle.TryPop(out var idle) ? idle : SqliteConnection.OpenReader(options);
            try
            {
                return read(connection, state);
            }
            finally
            {
                _idle.Push(connection);
            }
        }
        finally
        {
            _free.Release();
        }
    }
}
