using System.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Platform.Storage.Postgres;

/// <summary>The database: its pool of connections and how one is used, which the stores share.</summary>
internal sealed partial class PostgresEngine : IAsyncDisposable
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _clock;
    private readonly ILogger<PostgresEngine> _logger;

    public PostgresEngine(IOptions<PostgresStoreOptions> options, TimeProvider clock, ILogger<PostgresEngine> logger)
    {
        Options = options.Value;
        _clock = clock;
        _logger = logger;
        Source = MakeSource(Options);
    }

    public PostgresStoreOptions Options { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>Opens a connection; tries again while the database cannot be reached.</summary>
    /// <exception cref="StorageException">It could not be reached for <see cref="PostgresStoreOptions.FailoverPatience"/>.</exception>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await Source.OpenConnectionAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
            {
                await WaitOrThrowAsync(started, failure, cancellationToken);
            }
        }
    }

    /// <summary>Reads; a read that met an outage is repeated, for it changes nothing.</summary>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await OpenAsync(cancellationToken);
                return await read(connection);
            }
            catch (Exception failure) when (PostgresFailures.IsOutage(failure))
            {
                // The other connections of the pool have gone the same way.
                Source.Clear();
                await WaitOrThrowAsync(started, failure, cancellationToken);
            }
            catch (NpgsqlException failure)
            {
                throw Failed(failure);
            }
        }
    }

    /// <summary>Reads several statements as of one moment.</summary>
    public Task<T> SnapshotAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken) => ReadAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            return await read(connection);
        },
        cancellationToken);

    /// <summary>All rows of a query.</summary>
    public Task<List<T>> AllAsync<T>(PostgresStatement statement, Func<PostgresRow, T> map, CancellationToken cancellationToken) =>
        ReadAsync(connection => AllAsync(connection, statement, map, cancellationToken), cancellationToken);

    /// <summary>The first row of a query, or null.</summary>
    public async Task<T?> FirstAsync<T>(PostgresStatement statement, Func<PostgresRow, T> map, CancellationToken cancellationToken)
    {
        var rows = await AllAsync(statement, map, cancellationToken);
        return rows.Count == 0 ? default : rows[0];
    }

    /// <summary>Whether a query has a row.</summary>
    public async Task<bool> AnyAsync(PostgresStatement statement, CancellationToken cancellationToken) =>
        (await AllAsync(statement, static _ => true, cancellationToken)).Count > 0;

    /// <summary>Writes by one statement, durably; returns its rows. It is not repeated where its outcome is unknown.</summary>
    /// <exception cref="StorageException">The database refused it, or did not answer: then nobody knows whether it was written.</exception>
    public async Task<List<T>> WriteAsync<T>(PostgresStatement statement, Func<PostgresRow, T> map, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        try
        {
            // Once it is sent, its end is waited for: to leave halfway would leave its outcome open.
            return await AllAsync(connection, statement, map, CancellationToken.None);
        }
        catch (NpgsqlException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>Writes by one statement, durably; returns how many rows it changed.</summary>
    /// <inheritdoc cref="WriteAsync"/>
    public async Task<int> ExecuteAsync(PostgresStatement statement, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        try
        {
            await using var command = statement.On(connection);
            return await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException failure)
        {
            throw Failed(failure);
        }
    }

    /// <summary>All rows of a query on a connection that is open.</summary>
    public static async Task<List<T>> AllAsync<T>(
        NpgsqlConnection connection, PostgresStatement statement, Func<PostgresRow, T> map, CancellationToken cancellationToken)
    {
        await using var command = statement.On(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(map(new(reader)));
        }

        return rows;
    }

    /// <summary>The exception that a caller of the store gets.</summary>
    public static StorageException Failed(Exception failure) => new(
        PostgresFailures.WasRolledBack(failure)
            ? $"The database refused a statement: {failure.Message}"
            : $"The database did not answer; what was sent may have been written: {failure.Message}",
        failure);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private static NpgsqlDataSource MakeSource(PostgresStoreOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        var settings = builder.ConnectionStringBuilder;
        settings.MaxPoolSize = options.Lanes + options.Connections + 1; // One hears of changes.
        settings.Timeout = (int)options.ConnectTimeout.TotalSeconds;
        settings.CommandTimeout = (int)options.CommandTimeout.TotalSeconds;
        settings.CancellationTimeout = 2000;
        settings.KeepAlive = 10;
        settings.MaxAutoPrepare = 200;
        settings.AutoPrepareMinUsages = 2;
        settings.ApplicationName ??= "platform";

        // Plans are made once and not for each set of values: to plan a commit takes longer than to run it. Without scans of whole tables,
        // for a plan that was made while a table was small stays when it has grown.
        settings.Options = $"{settings.Options} -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c synchronous_commit=on -c jit=off".Trim();
        return settings.Host?.Contains(',', StringComparison.Ordinal) is true
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }

    private async Task WaitOrThrowAsync(long started, Exception failure, CancellationToken cancellationToken)
    {
        if (_clock.GetElapsedTime(started) >= Options.FailoverPatience)
        {
            throw new StorageException($"The database cannot be reached: {failure.Message}", failure);
        }

        LogOutage(failure.Message);
        await Task.Delay(RetryEvery, _clock, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database cannot be reached, trying again: {Reason}")]
    private partial void LogOutage(string reason);
}
