using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Statements;
using Platform.Domain.Tasks;

namespace Platform.Api.Tasks.Receipts;

/// <summary>
/// <c>GET /v1/tasks/{id}/receipt</c>: everything behind the number. The price with each factor as it was when the task was made, what
/// was reserved, measured and billed, the credits and their worth in dollars, the lines of the statement with their balances, the
/// attempts (how each ended, never where it was), and the digests of inputs and result.
/// </summary>
internal static class ReceiptEndpoint
{
    // A task has a hold, a settlement, a release, and an expiry for each grant that its hold came from.
    private const int MostEntries = 1000;

    public static void MapReceiptEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/tasks/{id}/receipt", GetAsync).RequireTenant().Promises(ReceiptOperations.Get);

    private static async Task GetAsync(HttpContext context, string id, ITaskStore tasks, ILedgerReader ledger)
    {
        if (!TaskId.IsValid(id))
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidTaskId());
            return;
        }

        // The task first: an entry that comes in between shows in the ledger before the task shows it, and never the other way round.
        var tenant = Caller.Of(context).Tenant.Id;
        if (await tasks.FindAsync(tenant, new(id), context.RequestAborted) is not { } task)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.TaskNotFound());
            return;
        }

        var entries = await ledger.ListAsync(
            new() { Tenant = tenant, Limit = MostEntries, TaskId = task.Id }, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            ReceiptView.Of(task, entries), ApiJson.Wire.ReceiptObject, contentType: null, context.RequestAborted);
    }
}
