using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Auth;
using Platform.Api.OpenApi;
using Platform.Api.Videos.Batches;
using Platform.Api.Videos.Estimates;
using Platform.Domain.Catalog;

namespace Platform.Api.Videos;

/// <summary>Creates tasks, one or many, and tells before what they would cost.</summary>
internal static class GenerationEndpoints
{
    public static void MapGenerationEndpoints(this IEndpointRouteBuilder routes)
    {
        var catalog = routes.ServiceProvider.GetRequiredService<ICatalog>();
        routes.MapPost("/v1/videos/generations", (HttpContext context) =>
            context.RequestServices.GetRequiredService<CreateGeneration>().HandleAsync(context))
            .RequireTenant()
            .Promises(GenerationOperations.Create(catalog));
        routes.MapPost("/v1/videos/generations/estimate", (HttpContext context) =>
            context.RequestServices.GetRequiredService<EstimateGeneration>().HandleAsync(context))
            .RequireTenant()
            .Promises(EstimateOperations.Estimate(catalog));
        routes.MapPost("/v1/videos/generations/batch", (HttpContext context) =>
            context.RequestServices.GetRequiredService<CreateBatch>().HandleAsync(context))
            .RequireTenant()
            .Promises(BatchOperations.Create);
    }
}
