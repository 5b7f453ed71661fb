using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.OpenApi;
using Platform.Domain.Webhooks;

namespace Platform.Api.Webhooks;

/// <summary>
/// <c>/v1/webhook-secret</c>: the secret that signs the tenant's <c>callback_url</c> deliveries. GET says since when there is one;
/// POST makes the next, and its answer is the only one that shows it.
/// </summary>
internal static class WebhookSecretEndpoints
{
    public static void MapWebhookSecretEndpoints(this IEndpointRouteBuilder routes)
    {
        var secret = routes.MapGroup("/v1/webhook-secret").RequireTenant();
        secret.MapGet("", GetAsync).Promises(WebhookOperations.GetSecret);
        secret.MapPost("", RotateAsync).Promises(WebhookOperations.RotateSecret);
    }

    private static async Task GetAsync(HttpContext context, SecretRotation secrets) => await context.Response.WriteJsonAsync(
        await secrets.ShowAsync(Caller.Of(context).Tenant.Id, WebhookSecret.OfCallbacks, context.RequestAborted),
        ApiJson.Wire.WebhookSecretObject,
        context.RequestAborted);

    private static async Task RotateAsync(HttpContext context, SecretRotation secrets)
    {
        if (await secrets.RotateAsync(context, Caller.Of(context).Tenant.Id, WebhookSecret.OfCallbacks) is { } rotated)
        {
            await context.Response.WriteJsonAsync(rotated, ApiJson.Wire.WebhookSecretObject, context.RequestAborted);
        }
    }
}
