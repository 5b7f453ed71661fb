using Platform.Domain.Webhooks;

namespace Platform.Api.Webhooks;

/// <summary>An endpoint as callers see it; also the body of <c>webhook_endpoint.disabled</c>.</summary>
internal sealed record WebhookEndpointObject
{
    public required string Id { get; init; }

    public string Object { get; init; } = "webhook_endpoint";

    public required string Url { get; init; }

    public required string Description { get; init; }

    /// <summary>Types of events; <c>*</c> for all.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    public required bool Enabled { get; init; }

    /// <summary><c>by_tenant</c>, <c>gone</c> (it answered 410) or <c>failing</c> (for days).</summary>
    public string? DisabledReason { get; init; }

    public long? DisabledAt { get; init; }

    /// <summary>Since when every try has failed.</summary>
    public long? FailingSince { get; init; }

    public required long Created { get; init; }

    /// <summary>The signing secret; only in the answer that makes the endpoint.</summary>
    public string? Secret { get; init; }

    public static WebhookEndpointObject Of(WebhookEndpoint endpoint) => new()
    {
        Id = endpoint.Id,
        Url = endpoint.Url,
        Description = endpoint.Description,
        Events = endpoint.Events.IsEmpty ? [EndpointBody.AllEvents] : endpoint.Events,
        Enabled = endpoint.IsEnabled,
        DisabledReason = endpoint.DisabledReason switch
        {
            EndpointDisabledReason.ByTenant => "by_tenant",
            EndpointDisabledReason.Gone => "gone",
            EndpointDisabledReason.Failing => "failing",
            _ => null,
        },
        DisabledAt = endpoint.DisabledAt?.ToUnixTimeSeconds(),
        FailingSince = endpoint.FailingSince?.ToUnixTimeSeconds(),
        Created = endpoint.CreatedAt.ToUnixTimeSeconds(),
    };
}

/// <summary>All endpoints of a tenant, oldest first.</summary>
internal sealed record WebhookEndpointListObject(IReadOnlyList<WebhookEndpointObject> Data)
{
    public string Object { get; init; } = "list";
}

/// <summary>A signing secret. Its text is in the answer that makes it, and in no other.</summary>
internal sealed record WebhookSecretObject
{
    public string Object { get; init; } = "webhook_secret";

    /// <summary>The endpoint that it signs for; absent for callback URLs.</summary>
    public string? EndpointId { get; init; }

    public string? Secret { get; init; }

    /// <summary>When the newest was made; absent where there is none yet.</summary>
    public long? Created { get; init; }

    /// <summary>Until when deliveries are signed by an older secret as well.</summary>
    public long? PreviousValidUntil { get; init; }
}

/// <summary>What the test of an endpoint sends.</summary>
internal sealed record WebhookTestObject(string Id, string EndpointId, long Created)
{
    public string Object { get; init; } = "webhook_endpoint.test";

    public string Message { get; init; } = "This is a test. Your endpoint works if you can verify its signature.";
}

/// <summary>A delivery with its tries.</summary>
internal sealed record WebhookDeliveryObject
{
    public required string Id { get; init; }

    public string Object { get; init; } = "webhook_delivery";

    /// <summary>The <c>webhook-id</c>, the same for all receivers and tries of an event.</summary>
    public required string MessageId { get; init; }

    public required string EventType { get; init; }

    public string? TaskId { get; init; }

    /// <summary>The endpoint; absent where it went to the task's <c>callback_url</c>.</summary>
    public string? EndpointId { get; init; }

    public required string Url { get; init; }

    /// <summary><c>pending</c>, <c>succeeded</c>, <c>failed</c> or <c>discarded</c>.</summary>
    public required string Status { get; init; }

    public required long Created { get; init; }

    public long? NextAttemptAt { get; init; }

    public required IReadOnlyList<WebhookAttemptObject> Attempts { get; init; }

    public static WebhookDeliveryObject Of(LoggedDelivery logged)
    {
        var delivery = logged.Delivery;
        return new()
        {
            Id = delivery.Id,
            MessageId = delivery.MessageId,
            EventType = delivery.EventType,
            TaskId = delivery.TaskId?.Value,
            EndpointId = delivery.EndpointId,
            Url = delivery.Url,
            Status = DeliveryStatusName.Of(delivery.Status),
            Created = delivery.CreatedAt.ToUnixTimeSeconds(),
            NextAttemptAt = delivery.DueAt?.ToUnixTimeSeconds(),
            Attempts = [.. logged.Attempts.Select(a => WebhookAttemptObject.Of(a, delivery))],
        };
    }
}

/// <summary>A try to deliver.</summary>
internal sealed record WebhookAttemptObject
{
    public required int Number { get; init; }

    public required long At { get; init; }

    public required string Url { get; init; }

    /// <summary>What was sent, without the signatures.</summary>
    public required IReadOnlyDictionary<string, string> RequestHeaders { get; init; }

    /// <summary><c>succeeded</c>, <c>answered</c>, <c>timed_out</c>, <c>unreachable</c>, or <c>refused</c> by the platform's own rules.</summary>
    public required string Outcome { get; init; }

    public int? ResponseStatus { get; init; }

    /// <summary>The first bytes of the answer.</summary>
    public string? ResponseBody { get; init; }

    public string? Error { get; init; }

    public required long LatencyMs { get; init; }

    public static WebhookAttemptObject Of(DeliveryAttempt attempt, WebhookDelivery delivery) => new()
    {
        Number = attempt.Number,
        At = attempt.At.ToUnixTimeSeconds(),
        Url = attempt.Url,
        RequestHeaders = new Dictionary<string, string>(
            WebhookHeaders.Of(delivery.MessageId, delivery.Id, attempt.Number, attempt.At).Prepend(new("content-type", WebhookHeaders.ContentType)),
            StringComparer.Ordinal),
        Outcome = attempt.Result.Outcome switch
        {
            AttemptOutcome.Succeeded => "succeeded",
            AttemptOutcome.Answered => "answered",
            AttemptOutcome.TimedOut => "timed_out",
            AttemptOutcome.Unreachable => "unreachable",
            AttemptOutcome.Refused => "refused",
            _ => throw new InvalidOperationException($"Unknown outcome {attempt.Result.Outcome}."),
        },
        ResponseStatus = attempt.Result.StatusCode,
        ResponseBody = attempt.Result.BodyExcerpt,
        Error = attempt.Result.Error,
        LatencyMs = (long)attempt.Result.Latency.TotalMilliseconds,
    };
}

/// <summary>A page of deliveries, newest first.</summary>
internal sealed record WebhookDeliveryListObject(IReadOnlyList<WebhookDeliveryObject> Data, bool HasMore, string? Next)
{
    public string Object { get; init; } = "list";
}

/// <summary>How many deliveries are tried again.</summary>
internal sealed record WebhookRedeliveryObject(string EndpointId, int Count)
{
    public string Object { get; init; } = "webhook_redelivery";
}

/// <summary>Wire names of the status of deliveries.</summary>
internal static class DeliveryStatusName
{
    public static string Of(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Pending => "pending",
        DeliveryStatus.Succeeded => "succeeded",
        DeliveryStatus.Failed => "failed",
        DeliveryStatus.Discarded => "discarded",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status."),
    };

    public static DeliveryStatus? Parse(string name) => name switch
    {
        "pending" => DeliveryStatus.Pending,
        "succeeded" => DeliveryStatus.Succeeded,
        "failed" => DeliveryStatus.Failed,
        "discarded" => DeliveryStatus.Discarded,
        _ => null,
    };
}
