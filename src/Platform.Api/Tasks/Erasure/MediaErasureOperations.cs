using Platform.Api.Errors;
using Platform.Api.OpenApi;

namespace Platform.Api.Tasks.Erasure;

/// <summary>What the erasure promises.</summary>
internal static class MediaErasureOperations
{
    public static readonly Operation Delete = new("deleteTaskMedia", Topic.Tasks, "Erase a task's media")
    {
        Description = """
            Erases our copies of the task's inputs and result now. The task stays, with its receipt, with `media_deleted_at` and without results;
            links given before answer 410. A repeat is harmless. Files that you uploaded are yours to delete.
            """,
        Inputs = [TaskOperations.Id],
        Answers =
        [
            Answer.Json(
                "The task without its media.",
                ApiJson.Wire.TaskObject,
                ("erased", TaskExamples.Completed with { Results = null, ResultData = null, MediaDeletedAt = 1757180000 })),
        ],
        Refusals =
        [
            ApiErrors.InvalidTaskId(),
            ApiErrors.TaskNotFound(),
            ApiErrors.Conflict("task_not_ended", "The task has not ended. Cancel it, or wait until it has ended, and try again."),
            ApiErrors.OutcomeUnknown(),
        ],
    };
}
