using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Tasks;

namespace Platform.Api.Tasks.Erasure;

/// <summary>
/// <c>DELETE /v1/tasks/{id}/media</c>: erases the platform's copies of a task's inputs and result now, and answers with the task, which
/// stays, with <c>media_deleted_at</c> and without results. Links given before answer 410 <c>media_deleted</c>. A repeat is harmless; a
/// task that has not ended is a 409. Uploaded files are not the task's: <c>DELETE /v1/files/{id}</c>.
/// </summary>
internal static class MediaErasureEndpoint
{
    public static void MapMediaErasureEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapDelete("/v1/tasks/{id}/media", DeleteAsync).RequireTenant().Promises(MediaErasureOperations.Delete);

    private static async Task DeleteAsync(HttpContext context, string id, MediaErasure erasure, TaskView view)
    {
        if (!TaskId.IsValid(id))
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidTaskId());
            return;
        }

        await (await erasure.EraseAsync(Caller.Of(context).Tenant.Id, new(id), context.RequestAborted) switch
        {
            ErasureOutcome.Erased erased => context.Response.WriteAsJsonAsync(
                view.Of(erased.Task), ApiJson.Wire.TaskObject, contentType: null, context.RequestAborted),
            ErasureOutcome.NotFound => ErrorResponse.WriteAsync(context, ApiErrors.TaskNotFound()),
            ErasureOutcome.NotEnded refused => ErrorResponse.WriteAsync(
                context, ApiErrors.Conflict("task_not_ended", $"{refused.Reason} Cancel it, or wait until it has ended, and try again.")),
            _ => ErrorResponse.WriteAsync(context, ApiErrors.OutcomeUnknown()),
        });
    }
}
