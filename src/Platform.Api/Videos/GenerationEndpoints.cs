using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Auth;
using Platform.Api.Videos.Batches;
using Platform.Api.Videos.Estimates;

namespace Platform.Api.Videos;

/// <summary>Creates tasks, one or many, and tells before what they would cost.</summary>
internal static class GenerationEndpoints
{
    public static void MapGenerationEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/videos/generations", (HttpContext context) =>
            context.RequestServices.GetRequiredService<CreateGeneration>().HandleAsync(context)).RequireTenant();
        routes.MapPost("/v1/videos/generations/estimate", (HttpContext context) =>
            context.RequestServices.GetRequiredService<EstimateGeneration>().HandleAsync(context)).RequireTenant();
        routes.MapPost("/v1/videos/generations/batch", (HttpContext context) =>
            context.RequestServices.GetRequiredService<CreateBatch>().HandleAsync(context)).RequireTenant();
    }
}
