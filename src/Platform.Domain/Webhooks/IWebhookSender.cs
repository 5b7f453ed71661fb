namespace Platform.Domain.Webhooks;

/// <summary>One request to a receiver, signed.</summary>
public sealed record WebhookRequest
{
    /// <summary>Where it goes.</summary>
    public required string Url { get; init; }

    /// <summary>Names and values of the headers beside the content's own.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body, UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}

/// <summary>Sends requests to receivers: guarded as every address that a tenant has given, without redirects, within bounds.</summary>
public interface IWebhookSender
{
    /// <summary>Sends one request. Never fails: what goes wrong is a result.</summary>
    /// <param name="request">The request.</param>
    /// <param name="timeout">For all of it, connection and answer included.</param>
    /// <param name="cancellationToken">Ends it early, for the process ends.</param>
    /// <exception cref="OperationCanceledException">It was ended early; whether it arrived is not known.</exception>
    Task<AttemptResult> SendAsync(WebhookRequest request, TimeSpan timeout, CancellationToken cancellationToken);
}

/// <summary>Makes the bodies of webhooks, exactly as the API shows the same things.</summary>
public interface IWebhookBodies
{
    /// <summary>The task as <c>GET /v1/tasks/{id}</c> shows it at a time.</summary>
    string OfTask(Tasks.GenerationTask task, DateTimeOffset at);

    /// <summary>The endpoint as <c>GET /v1/webhook-endpoints/{id}</c> shows it.</summary>
    string OfEndpoint(WebhookEndpoint endpoint);

    /// <summary>What a test of an endpoint sends.</summary>
    string OfTest(WebhookEndpoint endpoint, string messageId, DateTimeOffset at);
}
