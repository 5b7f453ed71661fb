using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Platform.Api.OpenApi;

namespace Platform.Api.Tasks.Listing;

/// <summary>What the list of tasks promises.</summary>
internal static class TaskListOperations
{
    public static readonly Operation List = new("listTasks", Topic.Tasks, "List the tasks")
    {
        Description = """
            Your tasks, newest first. Go on with `after`, the `next` of the page before: each task is shown once however many come meanwhile.
            Clients that know pages use `page` and `page_size` and get a `total`; there, new tasks shift the pages. `metadata.<key>=<value>`
            filters by your own metadata (up to 16; a task must have them all).
            """,
        Inputs =
        [
            Input.Query("limit", Schema.Integer(1, 100, 20), "Tasks of an answer."),
            Input.Query("after", Schema.Text(), "The `next` of the answer before."),
            Input.Query("page", Schema.Integer(1, 10_000, 1), "Number of the page, instead of `after`."),
            Input.Query("page_size", Schema.Integer(1, 50, 20), "Tasks of a page, instead of `limit`."),
            Input.Query("status", Schema.OneOf(StatusName.All), "Only tasks of this status."),
            Input.Query("model", Schema.Text(), "Only tasks of this model."),
            Input.Query("type", Schema.Text(), "Only tasks that make this, such as `video`."),
            Input.Query("end_user", Schema.Text(), "Only tasks made for this user of yours."),
            Input.Query("from", Schema.Time(), "Only tasks created at this time or later."),
            Input.Query("to", Schema.Time(), "Only tasks created before this time."),
            Input.QueryPairs("metadata.", "Only tasks with this value in their metadata."),
        ],
        Answers =
        [
            new(StatusCodes.Status200OK, "The tasks: a list, or a page where pages were asked for.", new Content(Content.JsonMediaType, Either)
            {
                Examples =
                [
                    .. Content.Json(ApiJson.Wire.TaskListObject, ("list", new([TaskExamples.Completed], HasMore: true, "MTc1NzE2OTc0MzAwMDp0YXNr"))).Examples,
                    .. Content.Json(ApiJson.Wire.TaskPageObject, ("page", new([TaskExamples.Completed], 1, 20, 41, HasMore: true))).Examples,
                ],
            }),
        ],
    };

    private static JsonObject Either(SchemaComponents schemas) => new()
    {
        ["anyOf"] = new JsonArray(schemas.Of(ApiJson.Wire.TaskListObject), schemas.Of(ApiJson.Wire.TaskPageObject)),
    };
}
