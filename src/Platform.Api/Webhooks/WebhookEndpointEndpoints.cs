using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.Files;
using Platform.Api.OpenApi;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Media;
using Platform.Domain.Webhooks;
using Platform.Grains.Contracts;

namespace Platform.Api.Webhooks;

/// <summary><c>/v1/webhook-endpoints</c>: addresses of the tenant that are told of events.</summary>
internal static class WebhookEndpointEndpoints
{
    private const int IdLength = 24;
    private const int MaxRounds = 5;

    public static void MapWebhookEndpointEndpoints(this IEndpointRouteBuilder routes)
    {
        var endpoints = routes.MapGroup("/v1/webhook-endpoints").RequireTenant();
        endpoints.MapPost("", CreateAsync).Promises(WebhookOperations.Create);
        endpoints.MapGet("", ListAsync).Promises(WebhookOperations.List);
        endpoints.MapGet("/{id}", GetAsync).Promises(WebhookOperations.Get);
        endpoints.MapPatch("/{id}", UpdateAsync).Promises(WebhookOperations.Update);
        endpoints.MapDelete("/{id}", DeleteAsync).Promises(WebhookOperations.Delete);
        endpoints.MapPost("/{id}/rotate-secret", RotateAsync).Promises(WebhookOperations.Rotate);
        endpoints.MapPost("/{id}/test", TestAsync).Promises(WebhookOperations.Test);
        endpoints.MapPost("/{id}/redeliver", RedeliverAsync).Promises(WebhookOperations.RedeliverAll);
    }

    private static async Task CreateAsync(
        HttpContext context, IWebhookEndpointStore store, IOutboundUrls urls, SecretRotation secrets, IIdSource ids, TimeProvider time)
    {
        if (await JsonObjectBody.ReadAsync(context, root => EndpointBody.Read(root, urls)) is not { } body)
        {
            return;
        }

        if (body.Url is not { } url)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter("url", "'url' is required."));
            return;
        }

        var tenant = Caller.Of(context).Tenant.Id;
        var now = time.GetUtcNow();
        var endpoint = body.ApplyTo(
            new() { Id = WebhookEndpoint.IdPrefix + ids.Next(IdLength), Tenant = tenant, Version = 1, Url = url, CreatedAt = now }, now);
        var secret = secrets.New(tenant, endpoint.Id);
        await (await store.AddEndpointAsync(endpoint, secret.Stored, WebhookEndpoint.MaxPerTenant, CancellationToken.None)
            ? WriteAsync(context, WebhookEndpointObject.Of(endpoint) with { Secret = secret.Text })
            : ErrorResponse.WriteAsync(context, TooMany()));
    }

    private static async Task ListAsync(HttpContext context, IWebhookEndpointStore store)
    {
        var found = await store.ListEndpointsAsync([Caller.Of(context).Tenant.Id], context.RequestAborted);
        await context.Response.WriteJsonAsync(
            new([.. found.Select(WebhookEndpointObject.Of)]), ApiJson.Wire.WebhookEndpointListObject, context.RequestAborted);
    }

    private static async Task GetAsync(HttpContext context, string id, IWebhookEndpointStore store)
    {
        if (await FindAsync(context, id, store) is { } endpoint)
        {
            await WriteAsync(context, WebhookEndpointObject.Of(endpoint));
        }
    }

    private static async Task UpdateAsync(HttpContext context, string id, IWebhookEndpointStore store, IOutboundUrls urls, TimeProvider time)
    {
        if (await JsonObjectBody.ReadAsync(context, root => EndpointBody.Read(root, urls)) is not { } body)
        {
            return;
        }

        for (var round = 0; round < MaxRounds; round++)
        {
            if (await FindAsync(context, id, store) is not { } endpoint)
            {
                return;
            }

            var changed = body.ApplyTo(endpoint, time.GetUtcNow()) with { Version = endpoint.Version + 1 };
            if (await store.UpdateEndpointAsync(changed, CancellationToken.None))
            {
                if (await FindAsync(context, id, store) is { } stored)
                {
                    await WriteAsync(context, WebhookEndpointObject.Of(stored));
                }

                return;
            }
        }

        await ErrorResponse.WriteAsync(context, Busy());
    }

    private static async Task DeleteAsync(HttpContext context, string id, IWebhookEndpointStore store) => await (
        await store.RemoveEndpointAsync(Caller.Of(context).Tenant.Id, id, CancellationToken.None)
            ? context.Response.WriteJsonAsync(new(id, "webhook_endpoint", Deleted: true), ApiJson.Wire.DeletedObject, context.RequestAborted)
            : ErrorResponse.WriteAsync(context, ApiErrors.WebhookEndpointNotFound()));

    private static async Task RotateAsync(HttpContext context, string id, IWebhookEndpointStore store, SecretRotation secrets)
    {
        if (await FindAsync(context, id, store) is { } endpoint && await secrets.RotateAsync(context, endpoint.Tenant, endpoint.Id) is { } rotated)
        {
            await context.Response.WriteJsonAsync(rotated, ApiJson.Wire.WebhookSecretObject, context.RequestAborted);
        }
    }

    private static async Task TestAsync(
        HttpContext context,
        string id,
        IWebhookEndpointStore store,
        IWebhookDeliveries deliveries,
        IWebhookBodies bodies,
        IGrainFactory grains,
        IIdSource ids,
        TimeProvider time)
    {
        if (await FindAsync(context, id, store) is not { } endpoint)
        {
            return;
        }

        if (!endpoint.IsEnabled)
        {
            await ErrorResponse.WriteAsync(context, Disabled());
            return;
        }

        var now = time.GetUtcNow();
        var messageId = WebhookMessage.NewId(ids);
        var message = new WebhookMessage
        {
            Id = messageId,
            Tenant = endpoint.Tenant,
            EventType = WebhookEvents.Test,
            Body = bodies.OfTest(endpoint, messageId, now),
            CreatedAt = now,
        };
        var delivery = FanOut.To(message, endpoint, now);
        await deliveries.EnqueueAsync(message, [delivery], CancellationToken.None);
        Wake(grains, delivery.Lane);
        await context.Response.WriteJsonAsync(
            WebhookDeliveryObject.Of(new(delivery, [])), ApiJson.Wire.WebhookDeliveryObject, context.RequestAborted);
    }

    /// <summary>Delivers again what an endpoint was to get since a time: what it did not get, or all.</summary>
    private static async Task RedeliverAsync(
        HttpContext context, string id, IWebhookEndpointStore store, IWebhookLog log, IGrainFactory grains, TimeProvider time)
    {
        if (await FindAsync(context, id, store) is not { } endpoint
            || await JsonObjectBody.ReadAsync(context, RedeliveryBody.Read) is not { } body)
        {
            return;
        }

        if (!endpoint.IsEnabled)
        {
            await ErrorResponse.WriteAsync(context, Disabled());
            return;
        }

        var count = await log.RedeliverSinceAsync(
            endpoint.Tenant, endpoint.Id, body.Since, body.IncludeSucceeded, time.GetUtcNow(), CancellationToken.None);
        Wake(grains, DeliveryLane.OfEndpoint(endpoint.Tenant, endpoint.Id));
        await context.Response.WriteJsonAsync(new(endpoint.Id, count), ApiJson.Wire.WebhookRedeliveryObject, context.RequestAborted);
    }

    /// <summary>Tells the receiver's grain that there is something due. Safe to lose: a dispatcher looks as well.</summary>
    internal static void Wake(IGrainFactory grains, string lane) => _ = grains.GetGrain<IWebhookEndpointGrain>(lane).Wake();

    internal static ApiError TooMany() => ApiErrors.Conflict(
        "too_many_webhook_endpoints", $"There are {WebhookEndpoint.MaxPerTenant} webhook endpoints already; delete one first.");

    internal static ApiError Busy() => ApiErrors.Conflict("webhook_endpoint_busy", "The endpoint is being changed by others. Try again.");

    internal static ApiError Disabled() => ApiErrors.Conflict(
        "webhook_endpoint_disabled", "The endpoint is disabled. Enable it first: PATCH it with {\"enabled\":true}.");

    private static async Task<WebhookEndpoint?> FindAsync(HttpContext context, string id, IWebhookEndpointStore store)
    {
        if (await store.FindEndpointAsync(Caller.Of(context).Tenant.Id, id, context.RequestAborted) is { } endpoint)
        {
            return endpoint;
        }

        await ErrorResponse.WriteAsync(context, ApiErrors.WebhookEndpointNotFound());
        return null;
    }

    private static Task WriteAsync(HttpContext context, WebhookEndpointObject endpoint) =>
        context.Response.WriteJsonAsync(endpoint, ApiJson.Wire.WebhookEndpointObject, context.RequestAborted);

    /// <summary>From when on to deliver again, and whether also what has arrived.</summary>
    private sealed record RedeliveryBody(DateTimeOffset Since, bool IncludeSucceeded)
    {
        private const string Allowed = "since, include_succeeded";

        public static (RedeliveryBody? Value, ParameterViolation? Violation) Read(JsonElement root)
        {
            DateTimeOffset? since = null;
            var includeSucceeded = false;
            foreach (var property in root.EnumerateObject())
            {
                switch (property.Name)
                {
                    case "since" when property.Value.ValueKind == JsonValueKind.Number
                            && property.Value.TryGetInt64(out var seconds)
                            && seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds():
                        since = DateTimeOffset.FromUnixTimeSeconds(seconds);
                        break;
                    case "since" when property.Value.ValueKind == JsonValueKind.String && property.Value.TryGetDateTimeOffset(out var time):
                        since = time;
                        break;
                    case "include_succeeded" when property.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                        includeSucceeded = property.Value.GetBoolean();
                        break;
                    case "since":
                        return (null, new("since", "'since' must be a time such as 2026-11-23T08:00:00Z, or unix seconds."));
                    case "include_succeeded":
                        return (null, new("include_succeeded", "'include_succeeded' must be true or false."));
                    default:
                        return (null, JsonObjectBody.Unknown(property.Name, Allowed));
                }
            }

            return since is { } from
                ? (new(from, includeSucceeded), null)
                : (null, new("since", "'since' is required: a time such as 2026-11-23T08:00:00Z, or unix seconds."));
        }
    }
}
