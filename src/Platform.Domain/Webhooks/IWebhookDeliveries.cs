using System.Collections.Immutable;

namespace Platform.Domain.Webhooks;

/// <summary>A delivery that was claimed, with what it takes to send it.</summary>
/// <param name="Delivery">The delivery; an endpoint's has the address that the endpoint has now.</param>
/// <param name="Body">The body.</param>
public sealed record ClaimedDelivery(WebhookDelivery Delivery, string Body);

/// <summary>Deliveries of one receiver that were claimed together.</summary>
/// <param name="Deliveries">The deliveries.</param>
/// <param name="Endpoint">The endpoint; null for callback URLs.</param>
/// <param name="SealedSecrets">The secrets that are good now, sealed, the newest first; may be empty for callback URLs.</param>
public sealed record ClaimedLane(
    ImmutableArray<ClaimedDelivery> Deliveries, WebhookEndpoint? Endpoint, ImmutableArray<string> SealedSecrets)
{
    /// <summary>Nothing is due.</summary>
    public static ClaimedLane Nothing { get; } = new([], null, []);
}

/// <summary>An endpoint that the platform disables, and what is told of it.</summary>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
/// <param name="Told">The message to the tenant's other endpoints; null where there are none that want it.</param>
/// <param name="Deliveries">Its deliveries.</param>
public sealed record EndpointDisabling(
    string EndpointId, EndpointDisabledReason Reason, DateTimeOffset At, WebhookMessage? Told, ImmutableArray<WebhookDelivery> Deliveries);

/// <summary>The way of webhooks from the outbox to what came of them. Every claim is a lease: what a dead process held comes back.</summary>
public interface IWebhookDeliveries
{
    /// <summary>
    /// Takes messages of the outbox that are not fanned out and that nobody holds, oldest first, and holds them until
    /// <paramref name="leaseUntil"/>. Nothing is written where there are none.
    /// </summary>
    Task<IReadOnlyList<OutboxItem>> ClaimOutboxAsync(DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Commits messages with their deliveries, each once: of a row of the outbox that is fanned out already, nothing is written.
    /// Returns how many were.
    /// </summary>
    Task<int> FanOutAsync(IReadOnlyCollection<FannedOut> messages, CancellationToken cancellationToken);

    /// <summary>Adds a message that is no task's, with its deliveries. Repeating it changes nothing.</summary>
    Task EnqueueAsync(WebhookMessage message, ImmutableArray<WebhookDelivery> deliveries, CancellationToken cancellationToken);

    /// <summary>Receivers that have deliveries due at <paramref name="now"/>, by name.</summary>
    /// <param name="now">The time.</param>
    /// <param name="after">Only those behind this one; null for the first.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<IReadOnlyList<string>> FindDueLanesAsync(DateTimeOffset now, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Takes deliveries of a receiver that are due, longest due first, and moves their due time to <paramref name="leaseUntil"/>.
    /// Nothing is written where nothing is due.
    /// </summary>
    Task<ClaimedLane> ClaimLaneAsync(string lane, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Commits tries in one group. A try whose number is taken is not written again; a delivery that was discarded meanwhile stays so
    /// unless it has arrived. Keeps since when each endpoint fails.
    /// </summary>
    Task RecordAsync(IReadOnlyCollection<DeliveryRecord> records, CancellationToken cancellationToken);

    /// <summary>
    /// Disables an endpoint, discards what waits for it, and adds what is told of it, in one commit; false, and nothing changes, where
    /// it is disabled already or gone.
    /// </summary>
    Task<bool> DisableAsync(EndpointDisabling disabling, CancellationToken cancellationToken);

    /// <summary>Forgets messages that were made before a time and that nothing waits for, with their deliveries and tries. Returns how many messages.</summary>
    Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
