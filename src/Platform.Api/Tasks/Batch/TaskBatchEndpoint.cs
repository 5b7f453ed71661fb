using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Tasks;

namespace Platform.Api.Tasks.Batch;

/// <summary>Tasks in the order asked, without those that the caller does not have.</summary>
/// <param name="Data">The tasks.</param>
internal sealed record TaskBatchObject(IReadOnlyList<TaskObject> Data)
{
    /// <summary>What this is.</summary>
    [AllowedValues("list")]
    public string Object { get; init; } = "list";
}

/// <summary>
/// <c>POST /v1/tasks/batch {"task_ids":[…]}</c>: up to 50 tasks at once, in the order asked, each once. Unknown ids and those of others
/// are simply absent; a malformed one is a 400 that names <c>task_ids[i]</c>.
/// </summary>
internal static class TaskBatchEndpoint
{
    public static void MapTaskBatchEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/tasks/batch", GetManyAsync).RequireTenant().Promises(TaskBatchOperations.GetMany);

    private static async Task GetManyAsync(HttpContext context, ITaskQueries tasks, TaskView view)
    {
        var body = await RequestBody.ReadJsonAsync(context);
        using var document = body.Document;
        if (document is null)
        {
            await ErrorResponse.WriteAsync(context, body.Error!);
            return;
        }

        var request = TaskBatchRequest.Parse(document.RootElement);
        if (request.Error is { } error)
        {
            await ErrorResponse.WriteAsync(context, error);
            return;
        }

        var found = await tasks.FindManyAsync(Caller.Of(context).Tenant.Id, request.Ids, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new([.. found.Select(view.Of)]), ApiJson.Wire.TaskBatchObject, contentType: null, context.RequestAborted);
    }
}
