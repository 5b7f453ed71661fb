using Platform.Domain.Tasks;

namespace Platform.Domain.Webhooks;

/// <summary>
/// A message that tells of a task's end, written in the commit that ends it. Its body is made from the task when it is delivered: a
/// terminal task no longer changes.
/// </summary>
/// <param name="Id">Its id, <c>msg_…</c>: the <c>webhook-id</c>, the same over all tries.</param>
/// <param name="TaskId">The task.</param>
/// <param name="EventType">For example <c>video.generation.task.completed</c>.</param>
/// <param name="CreatedAt">When the task ended.</param>
public sealed record OutboxMessage(string Id, TaskId TaskId, string EventType, DateTimeOffset CreatedAt)
{
    /// <summary>The event type of a terminal status.</summary>
    public static string EventTypeOf(GenerationStatus status) => status switch
    {
        GenerationStatus.Completed => "video.generation.task.completed",
        GenerationStatus.Failed => "video.generation.task.failed",
        GenerationStatus.Cancelled => "video.generation.task.cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Only a terminal status is told."),
    };
}
