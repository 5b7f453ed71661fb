using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.OpenApi;

namespace Platform.Api.Health;

/// <summary>Says whether the process can serve; the host knows what that takes.</summary>
public interface IReadiness
{
    /// <summary>Whether requests can be served now.</summary>
    Task<bool> IsReadyAsync(CancellationToken cancellationToken);
}

/// <summary>Probes.</summary>
internal static class HealthEndpoints
{
    public static void MapHealthEndpoints(this IEndpointRouteBuilder routes)
    {
        // Liveness is local only: a store that is away must not have every replica restarted.
        routes.MapGet("/health/live", context => WriteAsync(context, isReady: true)).Promises(HealthOperations.Live);
        routes.MapGet("/health/ready", async (HttpContext context, IReadiness readiness) =>
            await WriteAsync(context, await readiness.IsReadyAsync(context.RequestAborted))).Promises(HealthOperations.Ready);
    }

    private static Task WriteAsync(HttpContext context, bool isReady)
    {
        context.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return context.Response.WriteAsJsonAsync(
            new HealthObject(isReady ? "ok" : "unavailable"), ApiJson.Wire.HealthObject, contentType: null, context.RequestAborted);
    }
}
