using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Catalog;
using Platform.Domain.Tasks;

namespace Platform.Api.Tasks.Listing;

/// <summary>A page of tasks, newest first.</summary>
/// <param name="Data">The tasks.</param>
/// <param name="HasMore">Whether there are more.</param>
/// <param name="Next">The <c>after</c> of the next page; absent on the last.</param>
internal sealed record TaskListObject(IReadOnlyList<TaskObject> Data, bool HasMore, string? Next)
{
    /// <summary>What this is.</summary>
    [AllowedValues("list")]
    public string Object { get; init; } = "list";
}

/// <summary>A numbered page of tasks, newest first.</summary>
/// <param name="Data">The tasks.</param>
/// <param name="Page">Number of this page, from 1.</param>
/// <param name="PageSize">Tasks of a page.</param>
/// <param name="Total">How many tasks match.</param>
/// <param name="HasMore">Whether there are more pages.</param>
internal sealed record TaskPageObject(IReadOnlyList<TaskObject> Data, int Page, int PageSize, long Total, bool HasMore)
{
    /// <summary>What this is.</summary>
    [AllowedValues("list")]
    public string Object { get; init; } = "list";
}

/// <summary>
/// <c>GET /v1/tasks</c>: the caller's tasks, newest first. Filters: <c>status</c>, <c>model</c>, <c>type</c>, <c>end_user</c>,
/// <c>metadata.&lt;key&gt;</c> (up to 16; a task must have them all), <c>from</c> and <c>to</c> (creation, the end excluded). It goes on
/// by <c>after</c>, the <c>next</c> of the page before, which shows each task once however many come meanwhile; or by <c>page</c> and
/// <c>page_size</c> (≤ 50) with a <c>total</c>, for clients that know pages, where new tasks shift the pages.
/// </summary>
internal static class TaskListEndpoint
{
    public static void MapTaskListEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/tasks", ListAsync).RequireTenant().Promises(TaskListOperations.List);

    private static async Task ListAsync(HttpContext context, ITaskStore store, ITaskQueries queries, ICatalog catalog, TaskView view)
    {
        var reader = new QueryReader(context.Request.Query);
        var asked = TaskListParameters.Read(reader, Caller.Of(context).Tenant.Id, catalog);
        if (reader.Violation is { } violation)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(violation));
            return;
        }

        await (asked.Page is { } page
            ? WritePageAsync(context, asked.Query, page, queries, view)
            : WriteListAsync(context, asked.Query, store, view));
    }

    private static async Task WriteListAsync(HttpContext context, TaskQuery query, ITaskStore store, TaskView view)
    {
        // One more than asked for tells whether there are more.
        var found = await store.ListAsync(query with { Limit = query.Limit + 1 }, context.RequestAborted);
        var page = found.Take(query.Limit).ToList();
        var hasMore = found.Count > query.Limit;
        await context.Response.WriteAsJsonAsync(
            new([.. page.Select(view.Of)], hasMore, hasMore ? TaskCursors.Format(page[^1]) : null),
            ApiJson.Wire.TaskListObject,
            contentType: null,
            context.RequestAborted);
    }

    private static async Task WritePageAsync(HttpContext context, TaskQuery query, int page, ITaskQueries queries, TaskView view)
    {
        var offset = (page - 1) * query.Limit;
        var found = await queries.ListPageAsync(query, offset, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new([.. found.Tasks.Select(view.Of)], page, query.Limit, found.Total, offset + found.Tasks.Count < found.Total),
            ApiJson.Wire.TaskPageObject,
            contentType: null,
            context.RequestAborted);
    }
}
