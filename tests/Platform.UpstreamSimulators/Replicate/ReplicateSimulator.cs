using System.Globalization;
using System.Text.Json;

namespace Platform.UpstreamSimulators.Replicate;

/// <summary>
/// Replicate's predictions, as published at <c>https://replicate.com/docs/reference/http</c>; callbacks as at
/// <c>https://replicate.com/docs/topics/webhooks/verify-webhook</c>.
/// </summary>
public sealed class ReplicateSimulator(SimulatorOptions options, TimeProvider time) : UpstreamSimulator(options, time)
{
    /// <inheritdoc/>
    protected override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/models/kwaivgi/kling-v3-motion-control/predictions", context =>
            AnswerAsync(context, CallKind.Submit, async what => Create(context, await ReadBodyAsync(context.Request), what)));
        routes.MapGet("/v1/predictions/{id}", (HttpContext context, string id) =>
            AnswerAsync(context, CallKind.Query, what => Task.FromResult(Get(context, id, what))));
        routes.MapPost("/v1/predictions/{id}/cancel", (HttpContext context, string id) =>
            AnswerAsync(context, CallKind.Cancel, _ => Task.FromResult(Cancel(context, id))));
    }

    /// <inheritdoc/>
    protected override SimulatorAnswer? Refusal(Misbehaviour what) => what switch
    {
        Misbehaviour.Busy or Misbehaviour.TooFast => Problem(429, "Request was throttled", "Request was throttled. Your rate limit resets in ~30s."),
        Misbehaviour.OutOfFunds => Problem(402, "Insufficient credit", "You have insufficient credit to run this model."),
        Misbehaviour.BadParameters => Problem(422, "Input validation failed", "- input.image_url: Does not match format 'uri'"),
        _ => null,
    };

    /// <inheritdoc/>
    protected override bool CallsBack(JobStage stage) => stage is JobStage.Succeeded or JobStage.Failed or JobStage.Cancelled;

    /// <inheritdoc/>
    protected override (string Body, IReadOnlyList<(string Name, string Value)> Headers) Callback(SimulatedJob job, JobStage stage)
    {
        var body = JsonSerializer.Serialize(Prediction(job, stage, Misbehaviour.None));
        return (body, WebhookSignature.Of(Options.WebhookSecret, $"msg_{job.Id}", Time.GetUtcNow(), body));
    }

    private static SimulatorAnswer Problem(int status, string title, string detail) => SimulatorAnswer.Of(status, new { title, detail, status });

    private SimulatorAnswer Create(HttpContext context, string body, Misbehaviour what)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (!root.TryGetProperty("input", out var input) || input.ValueKind != JsonValueKind.Object)
        {
            return Problem(422, "Input validation failed", "- input is required");
        }

        // ContentPolicy has no refusal of its own there: it comes as a failed prediction.
        var job = new SimulatedJob
        {
            Id = NewId("gm3qorzdhgbfurvjtvhg"),
            CallbackUrl = root.TryGetProperty("webhook", out var webhook) ? webhook.GetString() : null,
            IsHighQuality = input.TryGetProperty("mode", out var mode) && mode.GetString() == "pro",
            CreatedAt = Time.GetUtcNow(),
        };
        var twist = what == Misbehaviour.ContentPolicy ? Misbehaviour.JobFailsByPolicy : what;
        return Take(job, twist, taken => SimulatorAnswer.Of(201, Prediction(taken, JobStage.Queued, what)));
    }

    private SimulatorAnswer Get(HttpContext context, string id, Misbehaviour what) => Unauthorized(context)
        ?? (Find(id) is { } job ? SimulatorAnswer.Of(200, Prediction(job, Stage(job), what)) : Problem(404, "Not found", "Prediction not found"));

    private SimulatorAnswer Cancel(HttpContext context, string id)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        if (Find(id) is not { } job)
        {
            return Problem(404, "Not found", "Prediction not found");
        }

        if (Stage(job) is JobStage.Queued or JobStage.Running)
        {
            job.Stage = JobStage.Cancelled;
        }

        return SimulatorAnswer.Of(200, Prediction(job, Stage(job), Misbehaviour.None));
    }

    private object Prediction(SimulatedJob job, JobStage stage, Misbehaviour what) => new
    {
        id = job.Id,
        model = "kwaivgi/kling-v3-motion-control",
        version = "hidden",
        input = new { },
        logs = "",
        output = stage == JobStage.Succeeded && job.Twist != Misbehaviour.ResultGone ? ResultUrl(job) : null,
        data_removed = job.Twist == Misbehaviour.ResultGone && stage == JobStage.Succeeded,
        error = stage != JobStage.Failed ? null : job.Twist == Misbehaviour.JobFailsByPolicy
            ? "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
            : "Prediction failed: the model gave no answer",
        status = what == Misbehaviour.UnknownStatus ? "pondering" : stage switch
        {
            JobStage.Queued => "starting",
            JobStage.Running => "processing",
            JobStage.Succeeded => "succeeded",
            JobStage.Failed => "failed",
            _ => "canceled",
        },
        created_at = job.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        metrics = new { predict_time = 5.1 },
        urls = new { get = $"{BaseUrl}/v1/predictions/{job.Id}", cancel = $"{BaseUrl}/v1/predictions/{job.Id}/cancel" },
    };

    private SimulatorAnswer? Unauthorized(HttpContext context) => context.Request.Headers.Authorization == $"Bearer {Options.ApiKey}"
        ? null
        : Problem(401, "Unauthenticated", "You did not pass a valid authentication token");
}
