using System.Threading.Channels;
using Platform.Domain.Webhooks;

namespace Platform.Grains.Webhooks;

/// <summary>Commits tries of all receivers of this silo in groups: what ends while one commit is under way goes into the next together.</summary>
internal sealed class DeliveryRecorder(IWebhookDeliveries deliveries)
{
    private const int MaxGroup = 256;

    private readonly Channel<(DeliveryRecord Record, TaskCompletionSource Done)> _waiting =
        Channel.CreateUnbounded<(DeliveryRecord, TaskCompletionSource)>(new() { SingleReader = false });

    private int _writing;

    /// <summary>Commits a try; returns when it is durable.</summary>
    public Task RecordAsync(DeliveryRecord record)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Writer.TryWrite((record, done));
        if (Interlocked.Exchange(ref _writing, 1) == 0)
        {
            _ = Task.Run(WriteAsync);
        }

        return done.Task;
    }

    private async Task WriteAsync()
    {
        do
        {
            var group = new List<(DeliveryRecord Record, TaskCompletionSource Done)>();
            while (_waiting.Reader.TryRead(out var next))
            {
                group.Add(next);
                if (group.Count == MaxGroup)
                {
                    await CommitAsync(group);
                    group.Clear();
                }
            }

            if (group.Count > 0)
            {
                await CommitAsync(group);
            }

            Volatile.Write(ref _writing, 0);

            // One that came after the last look and before the line above has found somebody writing.
        }
        while (_waiting.Reader.TryPeek(out _) && Interlocked.Exchange(ref _writing, 1) == 0);
    }

    private async Task CommitAsync(List<(DeliveryRecord Record, TaskCompletionSource Done)> group)
    {
        try
        {
            await deliveries.RecordAsync(group.ConvertAll(g => g.Record), CancellationToken.None);
            group.ForEach(g => g.Done.SetResult());
        }
#pragma warning disable CA1031 // The failure is that of each who waits, whatever it is.
        catch (Exception error)
#pragma warning restore CA1031
        {
            group.ForEach(g => g.Done.SetException(error));
        }
    }
}
