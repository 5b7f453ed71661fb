using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Catalog;

namespace Platform.Api.Catalog;

/// <summary>The models, with the price of the caller's group.</summary>
internal static class ModelEndpoints
{
    public static void MapModelEndpoints(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/v1/models").RequireTenant();
        models.MapGet("", List).Promises(ModelOperations.List);
        models.MapGet("/{id}", Get).Promises(ModelOperations.Get);
    }

    private static Task List(HttpContext context, ICatalog catalog, TimeProvider time)
    {
        var group = Caller.Of(context).Tenant.Group;
        var now = time.GetUtcNow();
        return context.Response.WriteAsJsonAsync(
            new([.. catalog.Models.Select(m => ModelObject.Of(m, catalog, group, now))]),
            ApiJson.Wire.ModelListObject,
            contentType: null,
            context.RequestAborted);
    }

    private static Task Get(HttpContext context, string id, ICatalog catalog, TimeProvider time) =>
        catalog.FindModel(id) is { } model
            ? context.Response.WriteAsJsonAsync(
                ModelObject.Of(model, catalog, Caller.Of(context).Tenant.Group, time.GetUtcNow()),
                ApiJson.Wire.ModelObject,
                contentType: null,
                context.RequestAborted)
            : ErrorResponse.WriteAsync(context, ApiErrors.ModelNotFound());
}
