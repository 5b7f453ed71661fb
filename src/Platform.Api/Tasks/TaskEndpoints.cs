using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;

namespace Platform.Api.Tasks;

/// <summary>Reads and cancels of one task. Reads are answered by the store: they wait for no grain and no provider.</summary>
internal static class TaskEndpoints
{
    public static void MapTaskEndpoints(this IEndpointRouteBuilder routes)
    {
        var tasks = routes.MapGroup("/v1/tasks").RequireTenant();
        tasks.MapGet("/{id}", GetAsync).Promises(TaskOperations.Get);
        tasks.MapPost("/{id}/cancel", CancelAsync).Promises(TaskOperations.Cancel);
    }

    private static async Task GetAsync(HttpContext context, string id, ITaskStore store, TaskView view)
    {
        if (!TaskId.IsValid(id))
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidTaskId());
            return;
        }

        await WriteAsync(context, await store.FindAsync(Caller.Of(context).Tenant.Id, new(id), context.RequestAborted), view);
    }

    private static async Task CancelAsync(HttpContext context, string id, ITaskStore store, GrainCalls grains, TaskView view)
    {
        if (!TaskId.IsValid(id))
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidTaskId());
            return;
        }

        var tenant = Caller.Of(context).Tenant.Id;
        var task = await store.FindAsync(tenant, new(id), context.RequestAborted);
        if (task is null)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.TaskNotFound());
            return;
        }

        // A task that has ended is answered without waking anybody; cancelling what is cancelled is no error.
        var reply = task.IsTerminal
            ? new CancelReply
            {
                Outcome = task.Status == GenerationStatus.Cancelled ? TaskCancelOutcome.Cancelled : TaskCancelOutcome.TooLate,
                Reason = $"The task has ended: it is {StatusName.Of(task.Status)}.",
            }
            : await grains.CallAsync<ITaskGrain, CancelReply>(TaskGrainKey.Format(tenant, task.Id), g => g.Cancel());
        switch (reply.Outcome)
        {
            case TaskCancelOutcome.Cancelled or TaskCancelOutcome.Requested:
                await WriteAsync(context, await store.FindAsync(tenant, task.Id, context.RequestAborted), view);
                break;
            case TaskCancelOutcome.TooLate:
                await ErrorResponse.WriteAsync(context, ApiErrors.NotCancellable(reply.Reason ?? "The task can no longer be cancelled."));
                break;
            default:
                await ErrorResponse.WriteAsync(context, ApiErrors.TaskNotFound());
                break;
        }
    }

    private static Task WriteAsync(HttpContext context, GenerationTask? task, TaskView view) => task is null
        ? ErrorResponse.WriteAsync(context, ApiErrors.TaskNotFound())
        : context.Response.WriteJsonAsync(view.Of(task), ApiJson.Wire.TaskObject, context.RequestAborted);
}
