using System.Collections.Immutable;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;
using Platform.Storage.Webhooks;

namespace Platform.Storage.Sqlite.Webhooks;

/// <summary>The rows of webhooks, written and read.</summary>
internal static class WebhookRows
{
    public const string EndpointColumns =
        "id, tenant, version, url, description, events, disabled_reason, disabled_at, failing_since, created_at";

    public const string DeliveryColumns =
        "d.id, d.tenant, d.message_id, d.event_type, d.task_id, d.endpoint_id, d.url, d.lane, d.status, d.attempts, d.attempts_before, "
        + "d.scheduled_from, d.created_at, d.due_at";

    public const string AttemptColumns = "delivery_id, number, at, url, outcome, latency_ms, status_code, excerpt, error, retry_after";

    public static WebhookEndpoint ReadEndpoint(SqliteStatement row) => new()
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

    public static WebhookDelivery ReadDelivery(SqliteStatement row) => new()
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

    public static DeliveryAttempt ReadAttempt(SqliteStatement row) => new(
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

    /// <summary>Writes a message, once, and its deliveries, each once.</summary>
    public static void Insert(SqliteConnection database, WebhookMessage message, ImmutableArray<WebhookDelivery> deliveries)
    {
        database
            .Prepare("""
                INSERT INTO webhook_messages (id, tenant, event_type, task_id, body, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                ON CONFLICT (id) DO NOTHING
                """)
            .Bind(1, message.Id)
            .Bind(2, message.Tenant.Value)
            .Bind(3, message.EventType)
            .Bind(4, message.TaskId?.Value)
            .Bind(5, message.Body)
            .Bind(6, message.CreatedAt)
            .Execute();
        foreach (var delivery in deliveries)
        {
            Insert(database, delivery);
        }
    }

    /// <summary>Writes a try; false where its number is taken.</summary>
    public static bool Insert(SqliteConnection database, DeliveryAttempt attempt) => database
        .Prepare($"""
            INSERT INTO webhook_attempts ({AttemptColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            ON CONFLICT (delivery_id, number) DO NOTHING
            """)
        .Bind(1, attempt.DeliveryId)
        .Bind(2, attempt.Number)
        .Bind(3, attempt.At)
        .Bind(4, attempt.Url)
        .Bind(5, (int)attempt.Result.Outcome)
        .Bind(6, (long)attempt.Result.Latency.TotalMilliseconds)
        .Bind(7, attempt.Result.StatusCode)
        .Bind(8, attempt.Result.BodyExcerpt)
        .Bind(9, attempt.Result.Error)
        .Bind(10, (long?)attempt.Result.RetryAfter?.TotalMilliseconds)
        .Execute() == 1;

    /// <summary>Ends what waits for an endpoint.</summary>
    public static void Discard(SqliteConnection database, string lane) => database
        .Prepare("UPDATE webhook_deliveries SET status = ?2, due_at = NULL WHERE lane = ?1 AND due_at IS NOT NULL")
        .Bind(1, lane)
        .Bind(2, (int)DeliveryStatus.Discarded)
        .Execute();

    private static void Insert(SqliteConnection database, WebhookDelivery delivery) => database
        .Prepare("""
            INSERT INTO webhook_deliveries (
                id, tenant, message_id, event_type, task_id, endpoint_id, url, lane, status, attempts, attempts_before,
                scheduled_from, created_at, due_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            ON CONFLICT (id) DO NOTHING
            """)
        .Bind(1, delivery.Id)
        .Bind(2, delivery.Tenant.Value)
        .Bind(3, delivery.MessageId)
        .Bind(4, delivery.EventType)
        .Bind(5, delivery.TaskId?.Value)
        .Bind(6, delivery.EndpointId)
        .Bind(7, delivery.Url)
        .Bind(8, delivery.Lane)
        .Bind(9, (int)delivery.Status)
        .Bind(10, delivery.Attempts)
        .Bind(11, delivery.AttemptsBefore)
        .Bind(12, delivery.ScheduledFrom)
        .Bind(13, delivery.CreatedAt)
        .Bind(14, delivery.DueAt)
        .Execute();
}
