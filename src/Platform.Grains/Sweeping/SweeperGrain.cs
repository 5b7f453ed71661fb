using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;
using Platform.Grains.Telemetry;

namespace Platform.Grains.Sweeping;

/// <summary>Looks every few seconds for tasks of its shard that are due, and wakes them at a bounded rate.</summary>
[Reentrant]
internal sealed partial class SweeperGrain(
    ITaskStore tasks,
    IUpstreamBooks books,
    GrainMetrics metrics,
    TimeProvider time,
    IOptions<GrainOptions> options,
    ILogger<SweeperGrain> logger) : Grain, ISweeperGrain, IRemindable
{
    private const string ReminderName = "sweep";

    // The shortest period that reminders have; between two of them the timer does the work.
    private static readonly TimeSpan RevivePeriod = TimeSpan.FromMinutes(1);

    // One of them also looks after the attempts that were given up: they are few.
    private const long ShardOfChecks = 0;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    private bool _sweeping;
    private DateTimeOffset _nextChecks;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(SweepAsync, new GrainTimerCreationOptions
        {
            DueTime = TimeSpan.Zero,
            Period = options.Value.SweepInterval,
            Interleave = true,
            KeepAlive = true,
        });
        return Task.CompletedTask;
    }

    public async Task Start() => await this.RegisterOrUpdateReminder(ReminderName, RevivePeriod, RevivePeriod);

    // Being called is what it takes: the activation has its timer.
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private async Task SweepAsync()
    {
        if (_sweeping)
        {
            return;
        }

        _sweeping = true;
        try
        {
            var now = time.GetUtcNow();
            await CheckAbandonedAsync(now);
            var due = await tasks.ClaimDueAsync(
                (int)this.GetPrimaryKeyLong(), now, now + options.Value.TaskLease, options.Value.SweepBatch, CancellationToken.None);
            metrics.Swept(due.Count);
            foreach (var task in due)
            {
                _ = GrainFactory.GetGrain<ITaskGrain>(TaskGrainKey.Format(task.Tenant, task.Id)).Wake();
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogSweepFailed(logger, error, this.GetPrimaryKeyLong());
        }
        finally
        {
            _sweeping = false;
        }
    }

    private async Task CheckAbandonedAsync(DateTimeOffset now)
    {
        if (this.GetPrimaryKeyLong() != ShardOfChecks || now < _nextChecks)
        {
            return;
        }

        _nextChecks = now + CheckInterval;
        foreach (var check in await books.ClaimChecksAsync(
            now, now - options.Value.AbandonedChecks, options.Value.SweepBatch, CancellationToken.None))
        {
            _ = GrainFactory.GetGrain<ITaskGrain>(TaskGrainKey.Format(check.Task.Tenant, check.Task.Id)).CheckAbandoned(check.AttemptId);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sweep of shard {Shard} failed; the next one tries again")]
    private static partial void LogSweepFailed(ILogger logger, Exception error, long shard);
}
