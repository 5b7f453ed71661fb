using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Webhooks;

/// <summary>How far a delivery is.</summary>
public enum DeliveryStatus
{
    /// <summary>It is to be tried, for the first time or again.</summary>
    Pending = 1,

    /// <summary>The receiver has it.</summary>
    Succeeded = 2,

    /// <summary>All tries have failed.</summary>
    Failed = 3,

    /// <summary>It is not tried any more because its endpoint was disabled or removed.</summary>
    Discarded = 4,
}

/// <summary>An event with its body, which is the same for all receivers and all tries.</summary>
public sealed record WebhookMessage
{
    private const string IdPrefix = "msg_";
    private const int IdLength = 24;

    /// <summary>Its id, <c>msg_…</c>: the <c>webhook-id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>One of <see cref="WebhookEvents"/>.</summary>
    public required string EventType { get; init; }

    /// <summary>The task that it tells of; null where it tells of something else.</summary>
    public TaskId? TaskId { get; init; }

    /// <summary>The body: JSON, made once.</summary>
    public required string Body { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>An id for a message that no task's end has made.</summary>
    public static string NewId(IIdSource ids) => IdPrefix + ids.Next(IdLength);
}

/// <summary>A message on its way to one receiver.</summary>
public sealed record WebhookDelivery
{
    /// <summary>Its id, <c>dlv_…</c>: made of the message and the receiver, so that one cannot be made twice.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>The message.</summary>
    public required string MessageId { get; init; }

    /// <summary>Its type.</summary>
    public required string EventType { get; init; }

    /// <summary>The task that it tells of, or null.</summary>
    public TaskId? TaskId { get; init; }

    /// <summary>The endpoint; null for the <c>callback_url</c> of a task.</summary>
    public string? EndpointId { get; init; }

    /// <summary>Where it goes. An endpoint's may change before the next try.</summary>
    public required string Url { get; init; }

    /// <summary>The receiver whose concurrency it counts to: see <see cref="DeliveryLane"/>.</summary>
    public required string Lane { get; init; }

    /// <summary>How far it is.</summary>
    public DeliveryStatus Status { get; init; } = DeliveryStatus.Pending;

    /// <summary>All tries so far.</summary>
    public int Attempts { get; init; }

    /// <summary>Tries before the schedule began anew; 0 unless it was asked for again.</summary>
    public int AttemptsBefore { get; init; }

    /// <summary>What the schedule counts from: the event, or the request to deliver again.</summary>
    public required DateTimeOffset ScheduledFrom { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it is tried next; null where it is not.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Which schedule it follows.</summary>
    public DeliverySchedule Schedule => EndpointId is null ? DeliverySchedule.Callback : DeliverySchedule.Endpoint;
}

/// <summary>A try, as the log keeps it.</summary>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="Number">Which try, from 1.</param>
/// <param name="At">When it began: its <c>webhook-timestamp</c>.</param>
/// <param name="Url">Where it went.</param>
/// <param name="Result">What came of it.</param>
public sealed record DeliveryAttempt(string DeliveryId, int Number, DateTimeOffset At, string Url, AttemptResult Result);
