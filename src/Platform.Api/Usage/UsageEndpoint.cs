using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Usage;

namespace Platform.Api.Usage;

/// <summary>
/// <c>GET /v1/usage</c>: tasks, billed seconds and credits, by any of <c>day, model, quality, key, status, end_user</c>
/// (<c>group_by</c>, by default <c>day</c>), from <c>from</c> until before <c>to</c> (by default the last 30 days including today, at most
/// 366), and of one <c>status</c> where that is given.
/// <para>
/// A task counts in the UTC day in which it <b>ended</b>, because that is when it was billed: the credits of any period are exactly those
/// of its settlements in the ledger, failed and cancelled tasks count with none, and the figures of a period that is over never change.
/// A task that has not ended is no usage yet. Where the status is grouped or filtered by, such tasks are shown under <c>pending</c> and
/// <c>processing</c>, by the day of their creation, so that one sees what is still to come; they are in no other figure.
/// </para>
/// </summary>
internal static class UsageEndpoint
{
    public static void MapUsageEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/usage", GetAsync).RequireTenant().Promises(UsageOperations.Get);

    private static async Task GetAsync(HttpContext context, IUsageReader usage, TimeProvider time)
    {
        var reader = new QueryReader(context.Request.Query);
        var query = UsageParameters.Read(reader, Caller.Of(context).Tenant.Id, time.GetUtcNow());
        if (reader.Violation is { } violation)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(violation));
            return;
        }

        var rows = await usage.ReadAsync(query, context.RequestAborted);
        if (rows.Count > UsageParameters.MaxRows)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(
                "group_by", $"'group_by' makes more than {UsageParameters.MaxRows} rows. Group by less, or ask for a shorter time."));
            return;
        }

        await context.Response.WriteAsJsonAsync(
            UsageView.Of(query, rows), ApiJson.Wire.UsageObject, contentType: null, context.RequestAborted);
    }
}
