using System.Collections.Immutable;

namespace Platform.Domain.Webhooks;

/// <summary>The types of events that webhooks tell of.</summary>
public static class WebhookEvents
{
    /// <summary>A task has completed.</summary>
    public const string TaskCompleted = "video.generation.task.completed";

    /// <summary>A task has failed.</summary>
    public const string TaskFailed = "video.generation.task.failed";

    /// <summary>A task was cancelled.</summary>
    public const string TaskCancelled = "video.generation.task.cancelled";

    /// <summary>An endpoint of the tenant was disabled by the platform.</summary>
    public const string EndpointDisabled = "webhook_endpoint.disabled";

    /// <summary>The tenant has asked for a test; goes to the endpoint that it was asked for, whatever its filter.</summary>
    public const string Test = "webhook_endpoint.test";

    /// <summary>The types that an endpoint can choose from.</summary>
    public static ImmutableArray<string> Selectable { get; } = [TaskCompleted, TaskFailed, TaskCancelled, EndpointDisabled];
}
