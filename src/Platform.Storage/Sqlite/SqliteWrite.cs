namespace Platform.Storage.Sqlite;

/// <summary>Something that waits for the writer.</summary>
internal abstract class SqliteWrite
{
    /// <summary>Does it inside a transaction. May be called again after a rollback.</summary>
    public abstract void Run(SqliteConnection database);

    /// <summary>Tells the caller, once the transaction is durable.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing was written.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>Something that waits for the writer and has a result.</summary>
internal sealed class SqliteWrite<T>(Func<SqliteConnection, T> apply, CancellationToken cancellationToken) : SqliteWrite
{
    // Callers go on elsewhere: the writer's thread is for writing.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;
    private bool _cancelled;

    public Task<T> Task => _completion.Task;

    public override void Run(SqliteConnection database)
    {
        // A caller that left while it waited gets nothing written; one that leaves later learns what was.
        _cancelled = cancellationToken.IsCancellationRequested;
        _result = _cancelled ? default : apply(database);
    }

    public override void Complete()
    {
        if (_cancelled)
        {
            _completion.TrySetCanceled(cancellationToken);
        }
        else
        {
            _completion.TrySetResult(_result!);
        }
    }

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
