namespace Platform.Domain.Webhooks;

/// <summary>A try and what follows from it, as one commit.</summary>
public sealed record DeliveryRecord
{
    /// <summary>The delivery before the try; its number of tries is the fence.</summary>
    public required WebhookDelivery Delivery { get; init; }

    /// <summary>The try.</summary>
    public required DeliveryAttempt Attempt { get; init; }

    /// <summary>How far the delivery is now.</summary>
    public required DeliveryStatus Status { get; init; }

    /// <summary>When it is tried next; null where it is not.</summary>
    public required DateTimeOffset? DueAt { get; init; }

    /// <summary>What follows from a try.</summary>
    /// <param name="delivery">The delivery before it.</param>
    /// <param name="startedAt">When the try began.</param>
    /// <param name="url">Where it went.</param>
    /// <param name="result">What came of it.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="jitter">In [0, 1).</param>
    public static DeliveryRecord Of(
        WebhookDelivery delivery, DateTimeOffset startedAt, string url, AttemptResult result, DateTimeOffset now, double jitter)
    {
        var number = delivery.Attempts + 1;
        var next = result.Outcome == AttemptOutcome.Succeeded || result.IsGone
            ? null
            : delivery.Schedule.Next(delivery.ScheduledFrom, number - delivery.AttemptsBefore, now, result.RetryAfter, jitter);
        return new()
        {
            Delivery = delivery,
            Attempt = new(delivery.Id, number, startedAt, url, result),
            Status = result.Outcome == AttemptOutcome.Succeeded ? DeliveryStatus.Succeeded
                : next is null ? DeliveryStatus.Failed
                : DeliveryStatus.Pending,
            DueAt = next,
        };
    }
}
