using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Platform.Api.Auth;
using Platform.Api.OpenApi;
using Platform.Domain.Catalog;
using Platform.Domain.Tenants;

namespace Platform.Api.Catalog;

/// <summary>The price list: of the default group for all, of the own group with a key.</summary>
internal static class PricingEndpoints
{
    public static void MapPricingEndpoints(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/pricing", GetAsync).AcceptTenant().Promises(PricingOperations.Get);

    private static Task GetAsync(HttpContext context, ICatalog catalog, TimeProvider time)
    {
        var group = Caller.Find(context)?.Tenant.Group ?? Tenant.DefaultGroup;
        context.Response.Headers.Vary = HeaderNames.Authorization;

        // A price that has ended must not be shown: caches ask for it again each time.
        return TaggedBytes
            .Of(JsonSerializer.SerializeToUtf8Bytes(PriceListObject.Of(catalog, group, time.GetUtcNow()), ApiJson.Wire.PriceListObject))
            .WriteAsync(context, "application/json; charset=utf-8");
    }
}
