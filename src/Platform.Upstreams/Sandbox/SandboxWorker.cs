using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Sandbox.Rendering;

namespace Platform.Upstreams.Sandbox;

/// <summary>
/// Takes jobs from the sandbox's queue and renders them, a bounded number at once. While it renders it keeps the job's lease; what it was
/// doing when its process died is done again by whoever takes the job after the lease has ended. The output has the same key then.
/// </summary>
internal sealed partial class SandboxWorker(
    ISandboxJobs jobs,
    ISandboxRenderer renderer,
    IBlobStore blobs,
    SandboxSignals signals,
    RenderPrograms programs,
    WorkFolders folders,
    TimeProvider clock,
    IOptions<SandboxOptions> options,
    ILogger<SandboxWorker> logger) : BackgroundService
{
    /// <summary>How often a render asks whether its job still wants it: another process may have cancelled the job.</summary>
    internal static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    /// <summary>A job this long overdue is given up: it may be what kills the processes that try it.</summary>
    internal static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(1);

    /// <summary>Longest time without a look at the queue, which other processes may have filled.</summary>
    internal static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        LookAround();
        using var slots = new SemaphoreSlim(options.Value.Parallelism);
        try
        {
            await WorkAsync(slots, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; the renders see the same token.
        }

        for (var slot = 0; slot < options.Value.Parallelism; slot++)
        {
            await slots.WaitAsync(CancellationToken.None);
        }
    }

    private void LookAround()
    {
        if (programs.Ffmpeg is null)
        {
            LogNoFfmpeg(options.Value.FfmpegPath);
        }

        if (RenderPrograms.Prlimit is null)
        {
            LogNoPrlimit();
        }

        if (options.Value.AllowAccountRefusal)
        {
            LogAccountRefusal();
        }

        try
        {
            folders.RemoveAbandoned();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogWorkDirectory(options.Value.WorkDirectory, exception);
        }
    }

    private async Task WorkAsync(SemaphoreSlim slots, CancellationToken stoppingToken)
    {
        var requeue = options.Value.RequeueAtStart;
        while (true)
        {
            await slots.WaitAsync(stoppingToken);
            var handedOver = false;
            var sleep = LongestSleep;
            try
            {
                if (requeue)
                {
                    var count = await jobs.RequeueRenderingAsync(stoppingToken);
                    LogRequeued(count);
                    requeue = false;
                }

                var now = clock.GetUtcNow();
                if (await jobs.TakeAsync(now, now + options.Value.Lease, stoppingToken) is { } job)
                {
                    handedOver = true;
                    _ = RunAsync(job, slots, stoppingToken);
                    continue;
                }

                sleep = await jobs.NextReadyAtAsync(stoppingToken) - clock.GetUtcNow() ?? LongestSleep;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogQueueFailed(exception);
            }
            finally
            {
                if (!handedOver)
                {
                    slots.Release();
                }
            }

            await signals.WaitForWorkAsync(
                sleep < ShortestSleep ? ShortestSleep : sleep > LongestSleep ? LongestSleep : sleep, clock, stoppingToken);
        }
    }

    private async Task RunAsync(SandboxJob job, SemaphoreSlim slots, CancellationToken stoppingToken)
    {
        try
        {
            await ProcessAsync(job, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogAbandoned(job.Id);
        }
        catch (Exception exception)
        {
            // Only the queue throws here; the job is taken again when its lease has ended.
            LogNotRecorded(job.Id, exception);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task ProcessAsync(SandboxJob job, CancellationToken stoppingToken)
    {
        if (SandboxRequest.FromJson(job.RequestJson) is not { } request)
        {
            await FailAsync(job, TaskErrorCode.ServiceError, "The stored request cannot be read.", stoppingToken);
        }
        else if (TaskErrorCodes.Parse(request.Fail) is { } scripted)
        {
            await FailAsync(job, scripted, "The prompt asked for it.", stoppingToken);
        }
        else if (clock.GetUtcNow() - job.ReadyAt > GiveUpAfter)
        {
            await FailAsync(job, TaskErrorCode.GenerationTimeout, "The job was overdue for too long.", stoppingToken);
        }
        else
        {
            switch (await RenderAsync(job, request, stoppingToken))
            {
                case RenderResult.Rendered rendered:
                    await SucceedAsync(job, rendered, stoppingToken);
                    break;
                case RenderResult.Failed failed:
                    await FailAsync(job, failed.Error, failed.Message, stoppingToken);
                    break;
                default:
                    await DropOutputAsync(job, stoppingToken);
                    break;
            }
        }
    }

    /// <summary>Renders a job while it is wanted; null where it was cancelled, or ended by another renderer.</summary>
    private async Task<RenderResult?> RenderAsync(SandboxJob job, SandboxRequest request, CancellationToken stoppingToken)
    {
        using var wanted = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var rendering = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var watch = WatchAsync(job.Id, signals.RenderStarts(job.Id), wanted, rendering.Token);
        var started = clock.GetTimestamp();
        try
        {
            var result = await renderer.RenderAsync(job.Id, request, wanted.Token);
            var elapsed = clock.GetElapsedTime(started);
            LogRendered(job.Id, elapsed, result);
            return result;
        }
        catch (OperationCanceledException) when (wanted.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            LogRenderBroke(job.Id, exception);
            return new RenderResult.Failed(TaskErrorCode.ServiceError, exception.GetType().Name);
        }
        finally
        {
            await rendering.CancelAsync();
            await watch;
            signals.RenderEnded(job.Id);
        }
    }

    /// <summary>Cancels <paramref name="wanted"/> once the job is no longer rendering; ends with the render.</summary>
    private async Task WatchAsync(string jobId, Task cancelled, CancellationTokenSource wanted, CancellationToken rendering)
    {
        using var timer = new PeriodicTimer(WatchInterval, clock);
        var renewAt = clock.GetUtcNow() + (options.Value.Lease / 3);
        try
        {
            // A cancellation that came between taking the job and announcing the render gave no signal, so the first look is now.
            while (!await IsUnwantedAsync(jobId, rendering))
            {
                if (clock.GetUtcNow() >= renewAt && await KeepAsync(jobId, rendering))
                {
                    renewAt = clock.GetUtcNow() + (options.Value.Lease / 3);
                }

                var tick = timer.WaitForNextTickAsync(rendering).AsTask();
                if (await Task.WhenAny(tick, cancelled) == cancelled)
                {
                    break;
                }

                await tick;
            }

            await wanted.CancelAsync();
        }
        catch (OperationCanceledException) when (rendering.IsCancellationRequested)
        {
            // The render has ended before the job was cancelled.
        }
    }

    private async Task<bool> IsUnwantedAsync(string jobId, CancellationToken rendering)
    {
        try
        {
            return await jobs.FindAsync(jobId, rendering) is not { Status: SandboxJobStatus.Rendering };
        }
        catch (Exception exception) when (!rendering.IsCancellationRequested)
        {
            LogQueueFailed(exception);
            return false;
        }
    }

    // Where it fails, the next look tries again; where the job is no longer rendering, that look finds it unwanted.
    private async Task<bool> KeepAsync(string jobId, CancellationToken rendering)
    {
        try
        {
            return await jobs.KeepAsync(jobId, clock.GetUtcNow() + options.Value.Lease, rendering);
        }
        catch (Exception exception) when (!rendering.IsCancellationRequested)
        {
            LogQueueFailed(exception);
            return false;
        }
    }

    private async Task SucceedAsync(SandboxJob job, RenderResult.Rendered rendered, CancellationToken stoppingToken)
    {
        if (!await jobs.SucceedAsync(job.Id, rendered.OutputKey, rendered.Seconds, stoppingToken))
        {
            await DropOutputAsync(job, stoppingToken);
        }
    }

    /// <summary>
    /// Removes what was stored for a job that ended without a video. Where another renderer took the job over, the output under
    /// its key may be that one's, and stays.
    /// </summary>
    private async Task DropOutputAsync(SandboxJob job, CancellationToken stoppingToken)
    {
        if (await jobs.FindAsync(job.Id, stoppingToken) is { Status: SandboxJobStatus.Cancelled or SandboxJobStatus.Failed })
        {
            await blobs.DeleteAsync(ISandboxRenderer.OutputKey(job.Id), stoppingToken);
        }

        LogStopped(job.Id);
    }

    private async Task FailAsync(SandboxJob job, TaskErrorCode code, string message, CancellationToken stoppingToken)
    {
        await jobs.FailAsync(job.Id, code.WireName(), message, stoppingToken);
        LogFailed(job.Id, code, message);
    }
}
