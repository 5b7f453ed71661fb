using System.Collections.Immutable;
using Platform.Domain.Tasks;

namespace Platform.Domain.Webhooks;

/// <summary>Who is told of an event. Pure; the ids of deliveries follow from message and receiver, so that a repeat makes the same ones.</summary>
public static class FanOut
{
    private const string IdPrefix = "dlv_";
    private const string CallbackTarget = "callback";

    /// <summary>The deliveries of a message: to the task's own callback URL and to each endpoint that wants it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="callbackUrl">The task's <c>callback_url</c>, or null.</param>
    /// <param name="endpoints">Endpoints of the tenant.</param>
    /// <param name="now">From when on they are due.</param>
    public static ImmutableArray<WebhookDelivery> Plan(
        WebhookMessage message, string? callbackUrl, IEnumerable<WebhookEndpoint> endpoints, DateTimeOffset now)
    {
        var deliveries = ImmutableArray.CreateBuilder<WebhookDelivery>();
        if (callbackUrl is not null)
        {
            deliveries.Add(Delivery(message, CallbackTarget, null, callbackUrl, DeliveryLane.OfCallback(message.Tenant, callbackUrl), now));
        }

        foreach (var endpoint in endpoints)
        {
            if (endpoint.Tenant == message.Tenant && endpoint.Wants(message.EventType))
            {
                deliveries.Add(To(message, endpoint, now));
            }
        }

        return deliveries.ToImmutable();
    }

    /// <summary>The delivery of a message to one endpoint, whatever its filter.</summary>
    public static WebhookDelivery To(WebhookMessage message, WebhookEndpoint endpoint, DateTimeOffset now) =>
        Delivery(message, endpoint.Id, endpoint.Id, endpoint.Url, DeliveryLane.OfEndpoint(message.Tenant, endpoint.Id), now);

    private static WebhookDelivery Delivery(
        WebhookMessage message, string target, string? endpointId, string url, string lane, DateTimeOffset now) => new()
        {
            Id = IdPrefix + DeliveryLane.Digest($"{message.Id}\n{target}"),
            Tenant = message.Tenant,
            MessageId = message.Id,
            EventType = message.EventType,
            TaskId = message.TaskId,
            EndpointId = endpointId,
            Url = url,
            Lane = lane,
            ScheduledFrom = message.CreatedAt,
            CreatedAt = now,
            DueAt = now,
        };
}

/// <summary>A message of the outbox that nobody has fanned out, with the task that it tells of.</summary>
/// <param name="Message">The message.</param>
/// <param name="Task">The task; terminal.</param>
public sealed record OutboxItem(OutboxMessage Message, GenerationTask Task);

/// <summary>A message of the outbox, fanned out: its message and deliveries, none where nobody wants it.</summary>
/// <param name="OutboxId">The id of the outbox row; the fence.</param>
/// <param name="Message">The message; null where there are no deliveries.</param>
/// <param name="Deliveries">The deliveries.</param>
public sealed record FannedOut(string OutboxId, WebhookMessage? Message, ImmutableArray<WebhookDelivery> Deliveries);
