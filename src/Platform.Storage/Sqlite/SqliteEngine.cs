using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Storage.Changes;

namespace Platform.Storage.Sqlite;

/// <summary>The file: its writer and its readers, which the stores share.</summary>
internal sealed class SqliteEngine : IAsyncDisposable
{
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;

    public SqliteEngine(IOptions<SqliteStoreOptions> options, StorageMetrics metrics, TaskChangeFeed changes, ILogger<SqliteWriter> logger)
    {
        Options = options.Value;
        Metrics = metrics;
        Tasks = new(Options.CachedTasks / 2);
        Changes = changes;
        _writer = new(Options, metrics, logger);
        _readers = new(Options);
    }

    public SqliteStoreOptions Options { get; }

    public StorageMetrics Metrics { get; }

    /// <summary>Tasks that were read lately.</summary>
    public TaskCache Tasks { get; }

    public TaskChangeFeed Changes { get; }

    /// <inheritdoc cref="SqliteWriter.WriteAsync"/>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> apply, CancellationToken cancellationToken) =>
        _writer.WriteAsync(apply, cancellationToken);

    /// <inheritdoc cref="SqliteReaders.ReadAsync"/>
    public Task<T> ReadAsync<TState, T>(TState state, Func<SqliteConnection, TState, T> read, CancellationToken cancellationToken) =>
        _readers.ReadAsync(state, read, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _readers.Dispose();
    }
}
