using System.Data;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platform.Storage.Postgres.Writing;

/// <summary>
/// A connection that commits. What waits when a transaction ends goes into the next one together, so that there are as many flushes as
/// the disk allows and no unit waits for company.
/// </summary>
internal sealed partial class PostgresLane : IAsyncDisposable
{
    private const int CollisionRetries = 5;

    private readonly Channel<PendingCommit> _waiting = Channel.CreateUnbounded<PendingCommit>(new() { SingleReader = true });
    private readonly PostgresEngine _engine;
    private readonly StorageMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Task _running;
    private NpgsqlConnection? _connection;

    // What met another unit of its subject in its group, in the order of arrival.
    private List<PendingCommit> _deferred = [];

    public PostgresLane(PostgresEngine engine, StorageMetrics metrics, ILogger logger)
    {
        _engine = engine;
        _metrics = metrics;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Lets a unit wait for the next transaction.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public void Add(PendingCommit commit) => ObjectDisposedException.ThrowIf(!_waiting.Writer.TryWrite(commit), this);

    /// <summary>Writes what waits, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _running;
    }

    private async Task RunAsync()
    {
        while (_deferred.Count > 0 || await _waiting.Reader.WaitToReadAsync())
        {
            var group = TakeGroup();
            if (group.Count > 0)
            {
                await CommitAsync(group);
            }
        }

        await DropConnectionAsync();
    }

    // At most one unit of each subject: their fences are compared once for the whole group.
    private List<PendingCommit> TakeGroup()
    {
        var group = new List<PendingCommit>();
        var subjects = new HashSet<object>();
        var deferred = new List<PendingCommit>();
        foreach (var commit in _deferred)
        {
            Place(commit);
        }

        while (group.Count < _engine.Options.GroupSize && _waiting.Reader.TryRead(out var commit))
        {
            Place(commit);
        }

        _deferred = deferred;
        return group;

        void Place(PendingCommit commit)
        {
            if (commit.HasLeft())
            {
                return;
            }

            if (group.Count < _engine.Options.GroupSize && subjects.Add(commit.Subject))
            {
                group.Add(commit);
            }
            else
            {
                deferred.Add(commit);
            }
        }
    }

    private async Task CommitAsync(List<PendingCommit> group)
    {
        try
        {
            await TransactAsync(group);
        }
        catch (Exception failure) when (group.Count > 1 && PostgresFailures.WasRolledBack(failure))
        {
            // One of them broke a constraint, or met somebody. Each on its own: the others must not pay for it.
            _metrics.Redone();
            LogRedone(group.Count, failure.Message);
            foreach (var commit in group)
            {
                await CommitAloneAsync(commit);
            }
        }
#pragma warning disable CA1031 // The exception is the callers', whatever it is; the lane goes on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Fail(group, failure);
        }
    }

    private async Task CommitAloneAsync(PendingCommit commit)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TransactAsync([commit]);
                return;
            }
            catch (Exception failure) when (attempt < CollisionRetries && PostgresFailures.IsCollision(failure))
            {
                LogRedone(1, failure.Message);
            }
#pragma warning disable CA1031 // The exception is the caller's, whatever it is; the lane goes on.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Fail([commit], failure);
                return;
            }
        }
    }

    private async Task TransactAsync(List<PendingCommit> group)
    {
        var commits = new CommitGroup(group);
        if (_connection is not { FullState: ConnectionState.Open })
        {
            await DropConnectionAsync();
            _connection = await _engine.OpenAsync(CancellationToken.None);
        }

        try
        {
            await commits.CommitAsync(_connection);
        }
        catch (Exception failure) when (!PostgresFailures.WasRolledBack(failure))
        {
            // Whatever state it is in, the next group must not meet it.
            await DropConnectionAsync();
            throw;
        }

        _metrics.Committed(commits.Count);
    }

    private static void Fail(List<PendingCommit> group, Exception failure)
    {
        var told = failure as StorageException ?? PostgresEngine.Failed(failure);
        foreach (var commit in group)
        {
            commit.Fail(told);
        }
    }

    private async Task DropConnectionAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A group of {Units} units was rolled back and is redone unit by unit: {Reason}")]
    private partial void LogRedone(int units, string reason);
}
