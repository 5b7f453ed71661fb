using System.Text.Json.Nodes;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;
using Platform.Storage.Webhooks;

namespace Platform.Storage.Postgres.Webhooks;

/// <summary>The rows of webhooks. Many at once are sent as one JSON array, so that a group is one statement of one text.</summary>
internal static class WebhookRows
{
    public const string EndpointColumns =
        "id, tenant, version, url, description, events, disabled_reason, disabled_at, failing_since, created_at";

    public const string DeliveryColumns =
        "d.id, d.tenant, d.message_id, d.event_type, d.task_id, d.endpoint_id, d.url, d.lane, d.status, d.attempts, d.attempts_before, "
        + "d.scheduled_from, d.created_at, d.due_at";

    public const string AttemptColumns = "delivery_id, number, at, url, outcome, latency_ms, status_code, excerpt, error, retry_after";

    /// <summary>Messages out of the parameter that is named; <c>fence</c> is what must come first.</summary>
    public const string MessageSet =
        "AS m (fence text, id text, tenant text, event_type text, task_id text, body text, created_at bigint)";

    /// <summary>Deliveries out of the parameter that is named.</summary>
    public const string DeliverySet = """
        AS d (fence text, id text, tenant text, message_id text, event_type text, task_id text, endpoint_id text, url text, lane text, status int,
            attempts int, attempts_before int, scheduled_from bigint, created_at bigint, due_at bigint)
        """;

    public const string InsertMessage = "INSERT INTO webhook_messages (id, tenant, event_type, task_id, body, created_at)";

    public const string MessageValues = "m.id, m.tenant, m.event_type, m.task_id, m.body, m.created_at";

    public const string InsertDelivery = """
        INSERT INTO webhook_deliveries (
            id, tenant, message_id, event_type, task_id, endpoint_id, url, lane, status, attempts, attempts_before, scheduled_from, created_at, due_at)
        """;

    public static JsonObject Of(WebhookMessage message, string fence) => new()
    {
        ["fence"] = fence,
        ["id"] = message.Id,
        ["tenant"] = message.Tenant.Value,
        ["event_type"] = message.EventType,
        ["task_id"] = message.TaskId?.Value,
        ["body"] = message.Body,
        ["created_at"] = UnixTime.Of(message.CreatedAt),
    };

    public static JsonObject Of(WebhookDelivery delivery, string fence) => new()
    {
        ["fence"] = fence,
        ["id"] = delivery.Id,
        ["tenant"] = delivery.Tenant.Value,
        ["message_id"] = delivery.MessageId,
        ["event_type"] = delivery.EventType,
        ["task_id"] = delivery.TaskId?.Value,
        ["endpoint_id"] = delivery.EndpointId,
        ["url"] = delivery.Url,
        ["lane"] = delivery.Lane,
        ["status"] = (int)delivery.Status,
        ["attempts"] = delivery.Attempts,
        ["attempts_before"] = delivery.AttemptsBefore,
        ["scheduled_from"] = UnixTime.Of(delivery.ScheduledFrom),
        ["created_at"] = UnixTime.Of(delivery.CreatedAt),
        ["due_at"] = UnixTime.Of(delivery.DueAt),
    };

    public static JsonObject Of(DeliveryRecord record) => new()
    {
        ["delivery_id"] = record.Attempt.DeliveryId,
        ["number"] = record.Attempt.Number,
        ["at"] = UnixTime.Of(record.Attempt.At),
        ["url"] = record.Attempt.Url,
        ["outcome"] = (int)record.Attempt.Result.Outcome,
        ["latency_ms"] = (long)record.Attempt.Result.Latency.TotalMilliseconds,
        ["status_code"] = record.Attempt.Result.StatusCode,
        ["excerpt"] = record.Attempt.Result.BodyExcerpt,
        ["error"] = record.Attempt.Result.Error,
        ["retry_after"] = (long?)record.Attempt.Result.RetryAfter?.TotalMilliseconds,
        ["status"] = (int)record.Status,
        ["due_at"] = UnixTime.Of(record.DueAt),
        ["attempts_before"] = record.Delivery.AttemptsBefore,
        ["endpoint_id"] = record.Delivery.EndpointId,
    };

    public static string Array(IEnumerable<JsonObject> rows) => new JsonArray([.. rows]).ToJsonString();

    public static WebhookEndpoint ReadEndpoint(PostgresRow row) => new()
    {
        Id = row.Text(0),
        Tenant = new TenantId(row.Text(1)),
        Version = row.Int64(2),
        Url = row.Text(3),
        Description = row.Text(4),
        Events = EventList.Read(row.Text(5)),
        DisabledReason = row.IsNull(6) ? null : (EndpointDisabledReason)row.Int32(6),
        DisabledAt = row.TimeOrNull(7),
        FailingSince = row.TimeOrNull(8),
        CreatedAt = row.Time(9),
    };

    public static WebhookDelivery ReadDelivery(PostgresRow row) => new()
    {
        Id = row.Text(0),
        Tenant = new TenantId(row.Text(1)),
        MessageId = row.Text(2),
        EventType = row.Text(3),
        TaskId = row.IsNull(4) ? null : new TaskId(row.Text(4)),
        EndpointId = row.TextOrNull(5),
        Url = row.Text(6),
        Lane = row.Text(7),
        Status = (DeliveryStatus)row.Int32(8),
        Attempts = row.Int32(9),
        AttemptsBefore = row.Int32(10),
        ScheduledFrom = row.Time(11),
        CreatedAt = row.Time(12),
        DueAt = row.TimeOrNull(13),
    };

    public static DeliveryAttempt ReadAttempt(PostgresRow row) => new(
        row.Text(0),
        row.Int32(1),
        row.Time(2),
        row.Text(3),
        new((AttemptOutcome)row.Int32(4), TimeSpan.FromMilliseconds(row.Int64(5)))
        {
            StatusCode = row.IsNull(6) ? null : row.Int32(6),
            BodyExcerpt = row.TextOrNull(7),
            Error = row.TextOrNull(8),
            RetryAfter = row.IsNull(9) ? null : TimeSpan.FromMilliseconds(row.Int64(9)),
        });

    public static WebhookSecret ReadSecret(PostgresRow row) => new()
    {
        Id = row.Text(0),
        Tenant = new TenantId(row.Text(1)),
        Owner = row.Text(2),
        Sealed = row.Text(3),
        CreatedAt = row.Time(4),
        ValidUntil = row.TimeOrNull(5),
    };
}
