using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;

namespace Platform.Grains.Sweeping;

/// <summary>
/// Starts all sweepers with the silo, and asks for them again every few seconds: what a dead silo held waits for its sweepers, and a
/// reminder, which is there should all silos die, revives them only after up to a minute. Those that run are not disturbed.
/// </summary>
internal sealed partial class SweeperStarter(
    IGrainFactory grains, TimeProvider time, IOptions<GrainOptions> options, ILogger<SweeperStarter> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Each by itself: the sweepers that a dead silo still seems to hold must not keep the others.
            await Task.WhenAll(Enumerable.Range(0, TaskShard.Count).Select(StartAsync));
            await Task.Delay(options.Value.SweeperCheck, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StartAsync(int shard)
    {
        try
        {
            await grains.GetGrain<ISweeperGrain>(shard).Start();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotStarted(logger, error, shard);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The sweeper of shard {Shard} cannot be reached; it is asked for again")]
    private static partial void LogNotStarted(ILogger logger, Exception error, int shard);
}
