using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Grains.Webhooks;

/// <summary>Turns messages of the outbox into deliveries, a batch at a time.</summary>
internal sealed partial class WebhookFanOut(
    IWebhookDeliveries deliveries,
    IWebhookEndpointStore endpoints,
    IWebhookBodies bodies,
    TimeProvider time,
    IOptions<WebhookOptions> options,
    ILogger<WebhookFanOut> logger)
{
    /// <summary>Fans out one batch; says how many messages there were, and whom deliveries wait for now.</summary>
    public async Task<(int Messages, IReadOnlyCollection<string> Lanes)> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var items = await deliveries.ClaimOutboxAsync(now, now + options.Value.Lease, options.Value.Batch, cancellationToken);
        if (items.Count == 0)
        {
            return (0, []);
        }

        HashSet<TenantId> tenants = [.. items.Select(i => i.Task.Tenant)];
        var registered = (await endpoints.ListEndpointsAsync(tenants, cancellationToken)).ToLookup(e => e.Tenant);
        var fanned = items.Select(i => TryPlan(i, registered[i.Task.Tenant], now)).OfType<FannedOut>().ToList();

        // From here on the batch is committed even where the silo stops: whether it was must not be in doubt for nothing.
        await deliveries.FanOutAsync(fanned, CancellationToken.None);
        return (items.Count, fanned.SelectMany(f => f.Deliveries).Select(d => d.Lane).ToHashSet(StringComparer.Ordinal));
    }

    // One that cannot be told is tried again after its lease, and takes no other of its batch with it.
    private FannedOut? TryPlan(OutboxItem item, IEnumerable<WebhookEndpoint> registered, DateTimeOffset now)
    {
        try
        {
            return Plan(item, registered, now);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogUntellable(logger, error, item.Message.Id);
            return null;
        }
    }

    private FannedOut Plan(OutboxItem item, IEnumerable<WebhookEndpoint> registered, DateTimeOffset now)
    {
        var (message, task) = item;
        var told = new WebhookMessage
        {
            Id = message.Id,
            Tenant = task.Tenant,
            EventType = message.EventType,
            TaskId = task.Id,
            Body = "",
            CreatedAt = message.CreatedAt,
        };
        var planned = FanOut.Plan(told, task.Request.CallbackUrl, registered, now);

        // Made once, so that all receivers and all tries get the same; and only where somebody is told.
        return planned.IsEmpty
            ? new(message.Id, null, ImmutableArray<WebhookDelivery>.Empty)
            : new(message.Id, told with { Body = bodies.OfTask(task, now) }, planned);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "No body could be made for {Message}; it is tried again")]
    private static partial void LogUntellable(ILogger logger, Exception error, string message);
}
