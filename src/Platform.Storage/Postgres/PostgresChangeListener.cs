using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Storage.Changes;

namespace Platform.Storage.Postgres;

/// <summary>
/// Hears of the changes that all processes commit, in the order of their commits, and passes them on to the listeners of this one. What
/// is told while its connection is down is lost; then all listeners are ended, as the port says.
/// </summary>
internal sealed partial class PostgresChangeListener(
    PostgresEngine engine, TaskChangeFeed feed, TimeProvider clock, ILogger<PostgresChangeListener> logger) : BackgroundService
{
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromMilliseconds(200);

    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns when it listens: from then on nothing is missed.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        try
        {
            await _listening.Task.WaitAsync(engine.Options.FailoverPatience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It goes on trying; who listens meanwhile is ended when it has a connection.
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is NpgsqlException or StorageException or IOException)
            {
                LogLost(failure.Message);
            }
            finally
            {
                feed.EndAll();
            }

            await Task.Delay(ReconnectAfter, clock, stoppingToken);
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await engine.OpenAsync(stoppingToken);
        connection.Notification += (_, told) =>
        {
            foreach (var (tenant, change) in TaskChangeMessage.Read(told.Payload))
            {
                feed.Publish(tenant, change);
            }
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {TaskChangeMessage.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        // Who registered before this moment may have missed something.
        feed.EndAll();
        _listening.TrySetResult();
        while (true)
        {
            await connection.WaitAsync(stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that hears of changes was lost, listeners start anew: {Reason}")]
    private partial void LogLost(string reason);
}
