using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain.Webhooks;
using Platform.Grains.Contracts;

namespace Platform.Grains.Webhooks;

/// <summary>
/// Runs while its silo is active: fans out what is in the outbox, wakes the receivers that have something due, and forgets what is
/// old. Each silo has one; they share the work by the store's claims, so that none of them matters.
/// </summary>
internal sealed partial class WebhookDispatcher(
    WebhookFanOut fanOut,
    IWebhookDeliveries deliveries,
    IGrainFactory grains,
    OutboxSignal signal,
    TimeProvider time,
    IOptions<WebhookOptions> options,
    ILogger<WebhookDispatcher> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int PurgeBatch = 500;

    private static readonly TimeSpan PurgeInterval = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(WebhookDispatcher),
        ServiceLifecycleStage.Active,
        _ =>
        {
            // Not bounded by the start of the silo, whose token this is.
            _running = Task.WhenAll(
                Task.Run(FanOutAsync, CancellationToken.None),
                Task.Run(SweepAsync, CancellationToken.None),
                Task.Run(PurgeAsync, CancellationToken.None));
            return Task.CompletedTask;
        },
        async _ =>
        {
            await _stopping.CancelAsync();
            await _running;
        });

    /// <inheritdoc/>
    public void Dispose() => _stopping.Dispose();

    private Task FanOutAsync() => RepeatAsync(
        "fan-out",
        async stop =>
        {
            while (await fanOut.RunAsync(stop) is { Messages: > 0 } batch)
            {
                Wake(batch.Lanes);
            }
        },
        stop => signal.WaitAsync(options.Value.SweepInterval, time, stop));

    private Task SweepAsync() => RepeatAsync(
        "sweep",
        async stop =>
        {
            for (string? last = null; ;)
            {
                var lanes = await deliveries.FindDueLanesAsync(time.GetUtcNow(), last, options.Value.Batch, stop);
                Wake(lanes);
                if (lanes.Count < options.Value.Batch)
                {
                    return;
                }

                last = lanes[^1];
            }
        },
        stop => Task.Delay(options.Value.SweepInterval, time, stop));

    private Task PurgeAsync() => RepeatAsync(
        "purge",
        async stop =>
        {
            while (await deliveries.PurgeAsync(time.GetUtcNow() - options.Value.LogRetention, PurgeBatch, stop) == PurgeBatch)
            {
                stop.ThrowIfCancellationRequested();
            }
        },
        stop => Task.Delay(PurgeInterval, time, stop));

    private async Task RepeatAsync(string what, Func<CancellationToken, Task> work, Func<CancellationToken, Task> pause)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await work(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                LogFailed(logger, error, what);
            }

            try
            {
                await pause(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Wake(IEnumerable<string> lanes)
    {
        foreach (var lane in lanes)
        {
            _ = grains.GetGrain<IWebhookEndpointGrain>(lane).Wake();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The {What} of webhooks failed; the next one tries again")]
    private static partial void LogFailed(ILogger logger, Exception error, string what);
}
