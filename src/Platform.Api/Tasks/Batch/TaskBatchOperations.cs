using System.Text.Json.Nodes;
using Platform.Api.Errors;
using Platform.Api.OpenApi;

namespace Platform.Api.Tasks.Batch;

/// <summary>What the batch read promises.</summary>
internal static class TaskBatchOperations
{
    public static readonly Operation GetMany = new("getTasks", Topic.Tasks, "Get many tasks")
    {
        Description = "Up to 50 tasks at once, in the order asked, each once. Unknown ids and those of others are simply absent.",
        Body = Content.Of(
            new()
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["task_ids"] = new JsonObject
                    {
                        ["type"] = "array",
                        ["description"] = "Ids of tasks.",
                        ["items"] = Schema.Pattern("^task-unified-"),
                        ["minItems"] = 1,
                        ["maxItems"] = TaskBatchRequest.MaxIds,
                    },
                },
                ["required"] = new JsonArray("task_ids"),
                ["additionalProperties"] = false,
            },
            ("one", $$"""{"task_ids": ["{{TaskExamples.Pending.Id}}"]}""")),
        Answers = [Answer.Json("The tasks.", ApiJson.Wire.TaskBatchObject, ("one", new([TaskExamples.Completed])))],
        Refusals = [ApiErrors.InvalidTaskId()],
    };
}
