using Microsoft.AspNetCore.Http;
using Platform.Api.Errors;
using Platform.Api.OpenApi;

namespace Platform.Api.Tasks;

/// <summary>What the endpoints of one task promise.</summary>
internal static class TaskOperations
{
    /// <summary>The task's id in an address.</summary>
    public static readonly Input Id = Input.Path("id", Schema.Pattern("^task-unified-"), "Id of the task.") with { Example = TaskExamples.Pending.Id };

    public static readonly Operation Get = new("getTask", Topic.Tasks, "Get a task")
    {
        Description = """
            The task as it is now. Poll every few seconds until `status` is `completed`, `failed` or `cancelled`; these are final. Take a status
            that you don't know for one that is not final. Links in `results` are signed and good for 24 hours; each GET gives new ones.
            """,
        Inputs = [Id],
        Answers =
        [
            Answer.Json(
                "The task.",
                ApiJson.Wire.TaskObject,
                ("pending", TaskExamples.Pending),
                ("completed", TaskExamples.Completed),
                ("failed", TaskExamples.Failed)),
        ],
        Refusals = [ApiErrors.InvalidTaskId(), ApiErrors.TaskNotFound()],
    };

    public static readonly Operation Cancel = new("cancelTask", Topic.Tasks, "Cancel a task")
    {
        Description = """
            A task that no provider has yet is cancelled at once, and its reservation is given back. One that a provider works on is asked for; the
            answer shows it as it is, and it may still be completed. Cancelling what is cancelled changes nothing.
            """,
        Inputs = [Id],
        Answers = [Answer.Json("The task.", ApiJson.Wire.TaskObject, ("cancelled", TaskExamples.Cancelled))],
        Refusals =
        [
            ApiErrors.InvalidTaskId(),
            ApiErrors.TaskNotFound(),
            ApiErrors.NotCancellable("The task has ended: it is completed."),
            ApiErrors.NotInTime(),
        ],
    };

    public static readonly Operation Events = new("streamTaskEvents", Topic.Tasks, "Follow all tasks")
    {
        Description = """
            Server-sent events of your own tasks. The stream starts with `ready`; after each change of a task comes an event `task` whose data is
            the whole task object, so that one that was missed is made good by the next. A comment every 15 seconds keeps the connection open.
            """,
        Answers =
        [
            new(
                StatusCodes.Status200OK,
                "The stream.",
                Content.Other("text/event-stream", Schema.Text(), ("ready", "event: ready\ndata: {}\n\n")))
            {
                Headers = [AnswerHeader.CacheControl, new("x-accel-buffering", Schema.OneOf("no"), "Keeps proxies from holding events back.")],
            },
        ],
        Refusals = [ApiErrors.TooManyStreams(TaskEventStream.MaxStreamsPerTenant)],
    };
}
