using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Platform.Upstreams.Sandbox;

/// <summary>
/// Tells the worker of this process what it would otherwise find out by asking the queue: that a job came, that one was
/// cancelled. A signal may get lost with its process, so nothing depends on one.
/// </summary>
internal sealed class SandboxSignals
{
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _rendering = new(StringComparer.Ordinal);

    /// <summary>Says that there may be work. Remembered until the next wait.</summary>
    internal void Wake() => _work.Writer.TryWrite(true);

    /// <summary>Waits until there may be work, at most for <paramref name="longest"/>.</summary>
    internal async Task WaitForWorkAsync(TimeSpan longest, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await _work.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is up: the caller looks for work.
        }
    }

    /// <summary>Announces a render; the task completes when somebody in this process cancels the job.</summary>
    internal Task RenderStarts(string jobId) =>
        _rendering.GetOrAdd(jobId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Ends what <see cref="RenderStarts"/> announced.</summary>
    internal void RenderEnded(string jobId) => _rendering.TryRemove(jobId, out _);

    /// <summary>Tells the renderer of a job, if this process has it, that the job was cancelled.</summary>
    internal void Cancelled(string jobId)
    {
        if (_rendering.TryGetValue(jobId, out var stop))
        {
            stop.TrySetResult();
        }
    }
}
