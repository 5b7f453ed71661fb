using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace Platform.UpstreamSimulators.PlatformApi;

/// <summary>
/// An API of the shape that this platform resells under, as published at
/// <c>https://docs.evolink.ai/en/api-manual/video-series/kling/kling-v3-motion-control</c>, with what this platform adds: idempotency keys,
/// metadata and signed callbacks.
/// </summary>
public sealed class PlatformSimulator(SimulatorOptions options, TimeProvider time) : UpstreamSimulator(options, time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Body, SimulatedJob Job)> _byKey = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/videos/generations", context =>
            AnswerAsync(context, CallKind.Submit, async what => Create(context, await ReadBodyAsync(context.Request), what)));
        routes.MapGet("/v1/tasks/{id}", (HttpContext context, string id) => AnswerAsync(context, CallKind.Query, what => Task.FromResult(Get(context, id, what))));
        routes.MapGet("/v1/tasks", (HttpContext context, [FromQuery(Name = "metadata.upstream_reference")] string? reference) =>
            AnswerAsync(context, CallKind.Query, _ => Task.FromResult(List(context, reference))));
        routes.MapPost("/v1/tasks/{id}/cancel", (HttpContext context, string id) => AnswerAsync(context, CallKind.Cancel, _ => Task.FromResult(Cancel(context, id))));
    }

    /// <inheritdoc/>
    protected override SimulatorAnswer? Refusal(Misbehaviour what) => what switch
    {
        Misbehaviour.Busy => Error(429, "queue_full", "rate_limit_error", "All places are taken.") with { Headers = [("Retry-After", "10")] },
        Misbehaviour.TooFast => Error(429, "rate_limit_exceeded", "rate_limit_error", "Too many requests.") with { Headers = [("Retry-After", "3")] },
        Misbehaviour.OutOfFunds => Error(402, "insufficient_user_quota", "insufficient_quota_error", "40.824 credits are needed and 1 is available."),
        Misbehaviour.ContentPolicy => Error(400, "content_policy_violation", "invalid_request_error", "The inputs break the content policy."),
        Misbehaviour.BadParameters => Error(400, "invalid_parameter", "invalid_request_error", "image_urls: The file could not be read."),
        _ => null,
    };

    /// <inheritdoc/>
    protected override bool CallsBack(JobStage stage) => stage is JobStage.Succeeded or JobStage.Failed or JobStage.Cancelled;

    /// <inheritdoc/>
    protected override (string Body, IReadOnlyList<(string Name, string Value)> Headers) Callback(SimulatedJob job, JobStage stage)
    {
        var body = JsonSerializer.Serialize(TaskObject(job, stage, Misbehaviour.None));
        return (body, WebhookSignature.Of(Options.WebhookSecret, $"msg_{job.Id}", Time.GetUtcNow(), body));
    }

    private static SimulatorAnswer Error(int status, string code, string type, string message) =>
        SimulatorAnswer.Of(status, new { error = new { code, message, type } });

    private SimulatorAnswer Create(HttpContext context, string body, Misbehaviour what)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (!root.TryGetProperty("model", out var model) || model.GetString() != "kling-v3-motion-control"
            || !root.TryGetProperty("image_urls", out _) || !root.TryGetProperty("video_urls", out _)
            || !root.TryGetProperty("quality", out var quality) || quality.GetString() is not ("720p" or "1080p") || !root.TryGetProperty("model_params", out _))
        {
            return Error(400, "invalid_parameter", "invalid_request_error", "A parameter is missing.");
        }

        var key = context.Request.Headers["Idempotency-Key"].FirstOrDefault();
        lock (_gate)
        {
            if (key is not null && _byKey.TryGetValue(key, out var known))
            {
                return known.Body == body
                    ? SimulatorAnswer.Of(200, TaskObject(known.Job, Stage(known.Job), what)) with { Headers = [("idempotency-replayed", "true")] }
                    : Error(422, "idempotency_conflict", "idempotency_error", "This key was used before with another body.");
            }

            var job = new SimulatedJob
            {
                Id = NewId($"task-unified-{Time.GetUtcNow().ToUnixTimeSeconds()}-"),
                Reference = root.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("upstream_reference", out var reference)
                    ? reference.GetString()
                    : null,
                CallbackUrl = root.TryGetProperty("callback_url", out var callback) ? callback.GetString() : null,
                IsHighQuality = quality.GetString() == "1080p",
                CreatedAt = Time.GetUtcNow(),
            };
            return Take(job, what, taken =>
            {
                if (key is not null)
                {
                    _byKey[key] = (body, taken);
                }

                return SimulatorAnswer.Of(200, TaskObject(taken, JobStage.Queued, what));
            });
        }
    }

    private SimulatorAnswer Get(HttpContext context, string id, Misbehaviour what) => Unauthorized(context)
        ?? (Find(id) is { } job
            ? SimulatorAnswer.Of(200, TaskObject(job, Stage(job), what))
            : Error(404, "task_not_found", "not_found_error", "There is no task of this id."));

    private SimulatorAnswer List(HttpContext context, string? reference)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        var data = Jobs.Where(j => reference is null || j.Reference == reference).Select(j => TaskObject(j, Stage(j), Misbehaviour.None)).ToArray();
        return SimulatorAnswer.Of(200, new { data, has_more = false });
    }

    private SimulatorAnswer Cancel(HttpContext context, string id)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        if (Find(id) is not { } job)
        {
            return Error(404, "task_not_found", "not_found_error", "There is no task of this id.");
        }

        if (Stage(job) is JobStage.Succeeded or JobStage.Failed)
        {
            return Error(409, "task_not_cancellable", "conflict_error", "The task has ended.");
        }

        job.Stage = JobStage.Cancelled;
        return SimulatorAnswer.Of(200, TaskObject(job, JobStage.Cancelled, Misbehaviour.None));
    }

    private object TaskObject(SimulatedJob job, JobStage stage, Misbehaviour what) => new
    {
        created = job.CreatedAt.ToUnixTimeSeconds(),
        id = job.Id,
        model = "kling-v3-motion-control",
        @object = "video.generation.task",
        progress = stage == JobStage.Succeeded ? 100 : 0,
        status = what == Misbehaviour.UnknownStatus ? "pondering" : stage switch
        {
            JobStage.Queued => "pending",
            JobStage.Running => "processing",
            JobStage.Succeeded => "completed",
            JobStage.Failed => "failed",
            _ => "cancelled",
        },
        task_info = new { can_cancel = true, estimated_time = 120 },
        type = "video",
        usage = new { billing_rule = "per_second", credits_reserved = 40.824m, user_group = "default" },
        results = stage == JobStage.Succeeded ? new[] { ResultUrl(job) } : null,
        result_data = stage == JobStage.Succeeded ? new[] { new { video_url = ResultUrl(job), duration = ClaimedSeconds(job) } } : null,
        error = stage != JobStage.Failed ? null : job.Twist == Misbehaviour.JobFailsByPolicy
            ? new { code = "content_policy_violation", message = "The inputs were refused by a content policy.", type = "task_error" }
            : new { code = "service_error", message = "Something failed.", type = "task_error" },
        metadata = job.Reference is null ? null : new Dictionary<string, string> { ["upstream_reference"] = job.Reference },
    };

    private SimulatorAnswer? Unauthorized(HttpContext context) => context.Request.Headers.Authorization == $"Bearer {Options.ApiKey}"
        ? null
        : Error(401, "invalid_api_key", "authentication_error", "There is no such API key.");
}
