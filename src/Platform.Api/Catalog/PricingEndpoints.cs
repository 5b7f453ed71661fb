using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Platform.Api.Auth;
using Platform.Domain.Catalog;
using Platform.Domain.Tenants;

namespace Platform.Api.Catalog;

/// <summary>The price list: of the default group for all, of the own group with a key.</summary>
internal static class PricingEndpoints
{
    private const int TagLength = 32;

    public static void MapPricingEndpoints(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/pricing", GetAsync).AcceptTenant();

    private static async Task GetAsync(HttpContext context, ICatalog catalog, TimeProvider time)
    {
        var group = Caller.Find(context)?.Tenant.Group ?? Tenant.DefaultGroup;
        var body = JsonSerializer.SerializeToUtf8Bytes(PriceListObject.Of(catalog, group, time.GetUtcNow()), ApiJson.Wire.PriceListObject);
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..TagLength]}\"");

        // Kept by caches, and asked for again each time: a price that has ended must not be shown.
        var response = context.Response;
        response.Headers.Vary = HeaderNames.Authorization;
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = tag.ToString();
        if (IsKnown(context.Request, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag) =>
        EntityTagHeaderValue.TryParseList([.. request.Headers.IfNoneMatch.OfType<string>()], out var known)
        && known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(tag, useStrongComparison: false));
}
