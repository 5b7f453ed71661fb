using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Webhooks;

/// <summary>Which deliveries of a tenant are listed, newest first.</summary>
public sealed record DeliveryQuery
{
    /// <summary>Whose.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Most to return, 1–101.</summary>
    public required int Limit { get; init; }

    /// <summary>Only those behind this place; null for the newest.</summary>
    public DeliveryCursor? After { get; init; }

    /// <summary>Only of this endpoint.</summary>
    public string? EndpointId { get; init; }

    /// <summary>Only to callback URLs.</summary>
    public bool CallbacksOnly { get; init; }

    /// <summary>Only of this task.</summary>
    public TaskId? TaskId { get; init; }

    /// <summary>Only of this status.</summary>
    public DeliveryStatus? Status { get; init; }

    /// <summary>Only of this type of event.</summary>
    public string? EventType { get; init; }

    /// <summary>Only made at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only made before this time.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>A place in the list of deliveries: by the time they were made (to the millisecond), then by id, both falling.</summary>
public readonly record struct DeliveryCursor(DateTimeOffset CreatedAt, string Id);

/// <summary>A delivery with its tries, oldest first.</summary>
public sealed record LoggedDelivery(WebhookDelivery Delivery, IReadOnlyList<DeliveryAttempt> Attempts);

/// <summary>What was delivered and how it went.</summary>
public interface IWebhookLog
{
    /// <summary>Lists deliveries with their tries.</summary>
    Task<IReadOnlyList<LoggedDelivery>> ListDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken);

    /// <summary>A delivery of a tenant with its tries, or null.</summary>
    Task<LoggedDelivery?> FindDeliveryAsync(TenantId tenant, string id, CancellationToken cancellationToken);

    /// <summary>
    /// Starts a delivery's schedule anew at <paramref name="now"/>; one that waits is tried now instead. False where there is none, or
    /// its endpoint is disabled or gone.
    /// </summary>
    Task<bool> RedeliverAsync(TenantId tenant, string id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Does the same for all deliveries of an endpoint that were made at or after <paramref name="since"/> and that did not arrive or,
    /// where <paramref name="alsoSucceeded"/>, for all of them. Returns how many.
    /// </summary>
    Task<int> RedeliverSinceAsync(
        TenantId tenant, string endpointId, DateTimeOffset since, bool alsoSucceeded, DateTimeOffset now, CancellationToken cancellationToken);
}
