using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;

namespace Platform.Api.Upstreams;

/// <summary>
/// <c>POST /v1/upstream-callbacks/{tenant}/{task}/{attempt}/{mac}</c>: where upstreams tell how a job goes. The MAC shows that we made
/// the address; what the provider itself signs is judged by its adapter. An address that is not ours is a 404, a callback that is not
/// believed a 401, and whatever could not be handed to the task a 503, so that it is sent again.
/// </summary>
internal static partial class CallbackEndpoint
{
    public static void MapCallbackEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/upstream-callbacks/{tenant}/{task}/{attempt}/{mac}", ReceiveAsync).Promises(CallbackOperations.Receive);

    private static async Task ReceiveAsync(
        HttpContext context,
        string tenant,
        string task,
        string attempt,
        string mac,
        IUpstreamLinks links,
        ITaskStore tasks,
        IEnumerable<IUpstream> upstreams,
        GrainCalls grains,
        ILogger<UpstreamCallback> logger)
    {
        if (!TenantId.IsValid(tenant)
            || !TaskId.IsValid(task)
            || !links.IsOurs(new(new(tenant), new(task), attempt), mac)
            || (await tasks.FindAsync(new(tenant), new(task), context.RequestAborted))?.Attempts.FirstOrDefault(a => a.Id == attempt) is not { } found
            || upstreams.FirstOrDefault(u => u.Kind == found.Upstream) is not { } upstream)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.CallbackNotFound());
            return;
        }

        if (await RequestBody.ReadBytesAsync(context) is not { } body)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.BodyTooLarge(RequestBody.MaxBytes));
            return;
        }

        var reading = await upstream.ReadCallbackAsync(
            new() { Account = found.Account, Reference = found.Id, Headers = Headers(context.Request), Body = body }, context.RequestAborted);
        if (UpstreamNews.From(attempt, reading) is not { } news)
        {
            LogRefused(logger, found.Upstream, found.Account, ((CallbackReading.Refused)reading).Reason);
            await ErrorResponse.WriteAsync(context, ApiErrors.CallbackRefused());
            return;
        }

        await grains.CallAsync<ITaskGrain, bool>(TaskGrainKey.Format(new(tenant), new(task)), grain => grain.Notify(news));
        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private static ImmutableDictionary<string, string> Headers(HttpRequest request) =>
        request.Headers.ToImmutableDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A callback of {Upstream} for account {Account} is not believed: {Reason}")]
    private static partial void LogRefused(ILogger logger, string upstream, string account, string reason);
}
