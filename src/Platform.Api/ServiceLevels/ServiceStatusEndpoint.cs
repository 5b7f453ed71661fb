using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Errors;
using Platform.Api.OpenApi;

namespace Platform.Api.ServiceLevels;

/// <summary>
/// <c>GET /v1/status</c>: for each model the measured success rate, completed ÷ (completed + failed), and the time from creation to
/// completion (p50, p95, to the tenth of a second), over the last 24 UTC hours with the running one, and for each hour in which tasks
/// ended. Public, and no more than 30 s old. It is measured on all tasks but cancelled ones and those of test keys; it tells no numbers
/// of tasks and nothing of who made them.
/// </summary>
internal static class ServiceStatusEndpoint
{
    public static void MapServiceStatusEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/status", GetAsync).Promises(ServiceStatusOperations.Get);

    private static async Task GetAsync(HttpContext context, ServiceStatusCache cache)
    {
        var query = new QueryReader(context.Request.Query);
        query.Finish();
        if (query.Violation is { } violation)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(violation));
            return;
        }

        var status = await cache.GetAsync().WaitAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = "public, max-age=30";
        await context.Response.WriteAsJsonAsync(status, ApiJson.Wire.ServiceStatusObject, contentType: null, context.RequestAborted);
    }
}
