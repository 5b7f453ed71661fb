using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Tasks;
using Platform.Domain.Webhooks;

namespace Platform.Api.Webhooks;

/// <summary>
/// <c>/v1/webhook-deliveries</c>: what was delivered, to whom, and how each try went; newest first. Filters: <c>endpoint_id</c> (an
/// endpoint's id, or <c>callback_url</c>), <c>task_id</c>, <c>status</c>, <c>event_type</c>, <c>from</c> and <c>to</c>.
/// </summary>
internal static class WebhookDeliveryEndpoints
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;
    private const string Callbacks = "callback_url";

    public static void MapWebhookDeliveryEndpoints(this IEndpointRouteBuilder routes)
    {
        var deliveries = routes.MapGroup("/v1/webhook-deliveries").RequireTenant();
        deliveries.MapGet("", ListAsync).Promises(WebhookOperations.ListDeliveries);
        deliveries.MapGet("/{id}", GetAsync).Promises(WebhookOperations.GetDelivery);
        deliveries.MapPost("/{id}/redeliver", RedeliverAsync).Promises(WebhookOperations.Redeliver);
    }

    private static async Task ListAsync(HttpContext context, IWebhookLog log)
    {
        var reader = new QueryReader(context.Request.Query);
        var limit = reader.Number("limit", DefaultLimit, 1, MaxLimit);
        var endpoint = reader.Text("endpoint_id");
        var callbacksOnly = string.Equals(endpoint, Callbacks, StringComparison.Ordinal);
        var query = new DeliveryQuery
        {
            Tenant = Caller.Of(context).Tenant.Id,
            Limit = limit + 1,
            After = reader.Parsed("after", ParseCursor, "the 'next' of a page before"),
            EndpointId = callbacksOnly ? null : endpoint,
            CallbacksOnly = callbacksOnly,
            TaskId = reader.Word("task_id", TaskId.IsValid, "the id of a task") is { } task ? new TaskId(task) : null,
            Status = reader.Parsed("status", DeliveryStatusName.Parse, "pending, succeeded, failed or discarded"),
            EventType = reader.Text("event_type"),
            From = reader.Time("from"),
            To = reader.Time("to"),
        };
        reader.Finish();
        if (reader.Violation is { } violation)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(violation));
            return;
        }

        // One more than asked for tells whether there are more.
        var found = await log.ListDeliveriesAsync(query, context.RequestAborted);
        var page = found.Take(limit).ToList();
        var hasMore = found.Count > limit;
        await context.Response.WriteAsJsonAsync(
            new([.. page.Select(WebhookDeliveryObject.Of)], hasMore, hasMore ? FormatCursor(page[^1].Delivery) : null),
            ApiJson.Wire.WebhookDeliveryListObject,
            contentType: null,
            context.RequestAborted);
    }

    private static async Task GetAsync(HttpContext context, string id, IWebhookLog log) =>
        await WriteAsync(context, await log.FindDeliveryAsync(Caller.Of(context).Tenant.Id, id, context.RequestAborted));

    private static async Task RedeliverAsync(HttpContext context, string id, IWebhookLog log, IGrainFactory grains, TimeProvider time)
    {
        var tenant = Caller.Of(context).Tenant.Id;
        if (!await log.RedeliverAsync(tenant, id, time.GetUtcNow(), CancellationToken.None))
        {
            await ErrorResponse.WriteAsync(
                context,
                await log.FindDeliveryAsync(tenant, id, context.RequestAborted) is null
                    ? ApiErrors.WebhookDeliveryNotFound()
                    : WebhookEndpointEndpoints.Disabled());
            return;
        }

        var delivery = await log.FindDeliveryAsync(tenant, id, context.RequestAborted);
        if (delivery is not null)
        {
            WebhookEndpointEndpoints.Wake(grains, delivery.Delivery.Lane);
        }

        await WriteAsync(context, delivery);
    }

    private static Task WriteAsync(HttpContext context, LoggedDelivery? delivery) => delivery is null
        ? ErrorResponse.WriteAsync(context, ApiErrors.WebhookDeliveryNotFound())
        : context.Response.WriteJsonAsync(WebhookDeliveryObject.Of(delivery), ApiJson.Wire.WebhookDeliveryObject, context.RequestAborted);

    private static string FormatCursor(WebhookDelivery delivery) => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{delivery.CreatedAt.ToUnixTimeMilliseconds()}:{delivery.Id}")));

    private static DeliveryCursor? ParseCursor(string text)
    {
        if (!Base64Url.IsValid(text))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(':');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && !parts[1].Contains('\0', StringComparison.Ordinal)
            ? new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), parts[1])
            : null;
    }
}
