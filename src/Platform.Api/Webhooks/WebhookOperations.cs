using System.Text.Json.Nodes;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Webhooks;

namespace Platform.Api.Webhooks;

/// <summary>What the endpoints of webhooks promise.</summary>
internal static class WebhookOperations
{
    private const string EndpointId = "we_8kq2mw4xn7cpd9rthv3sz6yb";
    private const string ExampleSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

    private static readonly Input Id = Input.Path("id", Schema.Text(), "Id of the endpoint.") with { Example = EndpointId };

    private static readonly Input DeliveryId = Input.Path("id", Schema.Text(), "Id of the delivery.") with { Example = "dlv_0123456789abcdef01234567" };

    private static readonly JsonObject Properties = new()
    {
        ["url"] = new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = 2048, ["description"] = "Where it is: HTTPS, a public address." },
        ["description"] = new JsonObject { ["type"] = "string", ["maxLength"] = WebhookEndpoint.MaxDescriptionLength, ["description"] = "For people." },
        ["events"] = new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["maxItems"] = 32,
            ["items"] = Schema.OneOf(WebhookEvents.Selectable.Prepend(EndpointBody.AllEvents)),
            ["description"] = "Types of events; `*` for all, which is what a new endpoint gets where this is left out.",
        },
        ["enabled"] = new JsonObject { ["type"] = "boolean", ["description"] = "Whether it gets events; true for a new one. Enabling one that was disabled gives it a clean record." },
    };

    public static readonly Operation Create = new("createWebhookEndpoint", Topic.Webhooks, "Register an endpoint")
    {
        Description = $"It is told of every event that it wants, at most {WebhookEndpoint.MaxPerTenant} of a tenant. The answer is the only one that shows the signing secret.",
        Body = BodyOf(required: "url", ("endpoint", """{"url":"https://example.com/hooks","events":["video.generation.task.completed"]}""")),
        Answers = [Answer.Json("The endpoint with its secret.", ApiJson.Wire.WebhookEndpointObject, ("endpoint", Endpoint with { Secret = ExampleSecret }))],
        Refusals = [WebhookEndpointEndpoints.TooMany()],
    };

    public static readonly Operation List = new("listWebhookEndpoints", Topic.Webhooks, "List the endpoints")
    {
        Description = "All of them, oldest first.",
        Answers = [Answer.Json("The endpoints.", ApiJson.Wire.WebhookEndpointListObject, ("one", new([Endpoint])))],
    };

    public static readonly Operation Get = new("getWebhookEndpoint", Topic.Webhooks, "Get an endpoint")
    {
        Inputs = [Id],
        Answers = [Answer.Json("The endpoint.", ApiJson.Wire.WebhookEndpointObject, ("endpoint", Endpoint))],
        Refusals = [ApiErrors.WebhookEndpointNotFound()],
    };

    public static readonly Operation Update = new("updateWebhookEndpoint", Topic.Webhooks, "Change an endpoint")
    {
        Description = "What the body does not name stays as it is. What waits for an endpoint that is disabled is discarded.",
        Inputs = [Id],
        Body = BodyOf(required: null, ("off", """{"enabled":false}""")),
        Answers = [Answer.Json("The endpoint as it is now.", ApiJson.Wire.WebhookEndpointObject, ("endpoint", Endpoint))],
        Refusals = [ApiErrors.WebhookEndpointNotFound(), WebhookEndpointEndpoints.Busy()],
    };

    public static readonly Operation Delete = new("deleteWebhookEndpoint", Topic.Webhooks, "Remove an endpoint")
    {
        Description = "Nothing is sent to it any more. Its deliveries stay in the log.",
        Inputs = [Id],
        Answers = [Answer.Json("It is gone.", ApiJson.Wire.DeletedObject, ("gone", new(EndpointId, "webhook_endpoint", Deleted: true)))],
        Refusals = [ApiErrors.WebhookEndpointNotFound()],
    };

    public static readonly Operation Rotate = new("rotateWebhookEndpointSecret", Topic.Webhooks, "Rotate an endpoint's secret")
    {
        Description = "The answer is the only one that shows the new secret. The old one signs as well until its overlap ends.",
        Inputs = [Id],
        Body = Overlap(),
        BodyIsOptional = true,
        Answers = [Answer.Json("The new secret.", ApiJson.Wire.WebhookSecretObject, ("rotated", Secret with { EndpointId = EndpointId, Secret = ExampleSecret }))],
        Refusals = [ApiErrors.WebhookEndpointNotFound()],
    };

    public static readonly Operation Test = new("testWebhookEndpoint", Topic.Webhooks, "Send a test")
    {
        Description = "Delivers a `webhook_endpoint.test` to the endpoint, whatever its filter; see how it went in the log.",
        Inputs = [Id],
        Answers = [Answer.Json("The delivery.", ApiJson.Wire.WebhookDeliveryObject, ("test", Delivery with { Status = "pending", Attempts = [] }))],
        Refusals = [ApiErrors.WebhookEndpointNotFound(), WebhookEndpointEndpoints.Disabled()],
    };

    public static readonly Operation RedeliverAll = new("redeliverToWebhookEndpoint", Topic.Webhooks, "Deliver again to an endpoint")
    {
        Description = "Starts the schedule anew of all that the endpoint was to get since a time and did not get, or of all of it.",
        Inputs = [Id],
        Body = Content.Of(
            new()
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["since"] = new JsonObject { ["type"] = new JsonArray("string", "integer"), ["description"] = "ISO 8601 with its zone, or unix seconds." },
                    ["include_succeeded"] = new JsonObject { ["type"] = "boolean", ["default"] = false },
                },
                ["required"] = new JsonArray("since"),
                ["additionalProperties"] = false,
            },
            ("since", """{"since":"2026-11-23T08:00:00Z"}""")),
        Answers = [Answer.Json("How many.", ApiJson.Wire.WebhookRedeliveryObject, ("some", new(EndpointId, 17)))],
        Refusals = [ApiErrors.WebhookEndpointNotFound(), WebhookEndpointEndpoints.Disabled()],
    };

    public static readonly Operation GetSecret = new("getWebhookSecret", Topic.Webhooks, "See when the secret of callbacks was made")
    {
        Description = "The secret that signs `callback_url` deliveries; its text is never shown again.",
        Answers = [Answer.Json("What there is.", ApiJson.Wire.WebhookSecretObject, ("secret", Secret))],
    };

    public static readonly Operation RotateSecret = new("rotateWebhookSecret", Topic.Webhooks, "Make or rotate the secret of callbacks")
    {
        Description = "The answer is the only one that shows it. The old one signs as well until its overlap ends.",
        Body = Overlap(),
        BodyIsOptional = true,
        Answers = [Answer.Json("The new secret.", ApiJson.Wire.WebhookSecretObject, ("rotated", Secret with { Secret = ExampleSecret }))],
    };

    public static readonly Operation ListDeliveries = new("listWebhookDeliveries", Topic.Webhooks, "List deliveries")
    {
        Description = "What was delivered, to whom, and how each try went; newest first.",
        Inputs =
        [
            Input.Query("limit", Schema.Integer(1, 100, 20), "Deliveries of a page."),
            Input.Query("after", Schema.Text(), "The `next` of the page before."),
            Input.Query("endpoint_id", Schema.Text(), "Only of this endpoint; `callback_url` for those that went to a task's own."),
            Input.Query("task_id", Schema.Text(), "Only of this task."),
            Input.Query("status", Schema.OneOf("pending", "succeeded", "failed", "discarded"), "Only of this status."),
            Input.Query("event_type", Schema.Text(), "Only of this type of event."),
            Input.Query("from", Schema.Time(), "Only made at or after this time."),
            Input.Query("to", Schema.Time(), "Only made before this time."),
        ],
        Answers = [Answer.Json("A page of deliveries.", ApiJson.Wire.WebhookDeliveryListObject, ("one", new([Delivery], HasMore: false, Next: null)))],
    };

    public static readonly Operation GetDelivery = new("getWebhookDelivery", Topic.Webhooks, "Get a delivery")
    {
        Inputs = [DeliveryId],
        Answers = [Answer.Json("The delivery.", ApiJson.Wire.WebhookDeliveryObject, ("delivery", Delivery))],
        Refusals = [ApiErrors.WebhookDeliveryNotFound()],
    };

    public static readonly Operation Redeliver = new("redeliverWebhook", Topic.Webhooks, "Deliver again")
    {
        Description = "Starts the delivery's schedule anew, with the same `webhook-id` and body; one that waits is tried now.",
        Inputs = [DeliveryId],
        Answers = [Answer.Json("The delivery.", ApiJson.Wire.WebhookDeliveryObject, ("delivery", Delivery with { Status = "pending" }))],
        Refusals = [ApiErrors.WebhookDeliveryNotFound(), WebhookEndpointEndpoints.Disabled()],
    };

    private static WebhookEndpointObject Endpoint => new()
    {
        Id = EndpointId,
        Url = "https://example.com/hooks",
        Description = "Production",
        Events = [WebhookEvents.TaskCompleted],
        Enabled = true,
        Created = 1795420800,
    };

    private static WebhookSecretObject Secret => new() { Created = 1795420800, PreviousValidUntil = 1795507200 };

    private static WebhookDeliveryObject Delivery => new()
    {
        Id = "dlv_0123456789abcdef01234567",
        MessageId = "msg_8kq2mw4xn7cpd9rthv3sz6yb",
        EventType = WebhookEvents.TaskCompleted,
        TaskId = "task-unified-1795420800-8kq2mw4xn7cpd9rt",
        EndpointId = EndpointId,
        Url = "https://example.com/hooks",
        Status = "succeeded",
        Created = 1795420860,
        Attempts =
        [
            new()
            {
                Number = 1,
                At = 1795420860,
                Url = "https://example.com/hooks",
                RequestHeaders = new Dictionary<string, string>(StringComparer.Ordinal) { ["webhook-id"] = "msg_8kq2mw4xn7cpd9rthv3sz6yb", ["webhook-timestamp"] = "1795420860" },
                Outcome = "succeeded",
                ResponseStatus = 200,
                ResponseBody = "ok",
                LatencyMs = 84,
            },
        ],
    };

    private static Content BodyOf(string? required, (string Name, string Json) example)
    {
        var schema = new JsonObject { ["type"] = "object", ["properties"] = Properties.DeepClone(), ["additionalProperties"] = false };
        if (required is not null)
        {
            schema["required"] = new JsonArray(required);
        }

        return Content.Of(schema, example);
    }

    private static Content Overlap() => Content.Of(
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["overlap_seconds"] = Schema.Integer(0, (int)WebhookSecret.MaxOverlap.TotalSeconds, (int)WebhookSecret.DefaultOverlap.TotalSeconds),
            },
            ["additionalProperties"] = false,
        },
        ("at-once", """{"overlap_seconds":0}"""));
}
