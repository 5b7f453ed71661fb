using System.Text.Json;
using Platform.Api.Tasks;
using Platform.Domain.Tasks;
using Platform.Domain.Webhooks;

namespace Platform.Api.Webhooks;

/// <summary>Bodies of webhooks, by the very types and settings that answer requests.</summary>
internal sealed class WebhookBodies(TaskView view) : IWebhookBodies
{
    /// <inheritdoc/>
    public string OfTask(GenerationTask task, DateTimeOffset at) => JsonSerializer.Serialize(view.Of(task, at), ApiJson.Wire.TaskObject);

    /// <inheritdoc/>
    public string OfEndpoint(WebhookEndpoint endpoint) =>
        JsonSerializer.Serialize(WebhookEndpointObject.Of(endpoint), ApiJson.Wire.WebhookEndpointObject);

    /// <inheritdoc/>
    public string OfTest(WebhookEndpoint endpoint, string messageId, DateTimeOffset at) =>
        JsonSerializer.Serialize(new(messageId, endpoint.Id, at.ToUnixTimeSeconds()), ApiJson.Wire.WebhookTestObject);
}
