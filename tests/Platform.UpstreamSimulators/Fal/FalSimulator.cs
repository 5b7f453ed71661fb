using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Platform.UpstreamSimulators.Fal;

/// <summary>
/// fal's queue, as published at <c>https://docs.fal.ai/documentation/model-apis/inference/queue</c>; callbacks as at
/// <c>https://docs.fal.ai/model-endpoints/webhooks</c>, errors as at <c>https://docs.fal.ai/errors</c>.
/// </summary>
public sealed class FalSimulator : UpstreamSimulator
{
    private const string App = "/fal-ai/kling-video";

    // One of a test, made of a fixed seed.
    private readonly Ed25519PrivateKeyParameters _key = new(SHA256.HashData(Encoding.ASCII.GetBytes("fal simulator")));

    /// <summary>A queue with these options.</summary>
    public FalSimulator(SimulatorOptions options, TimeProvider time)
        : base(options, time)
    {
    }

    /// <summary>Where its keys are.</summary>
    public string KeysUrl => BaseUrl + "/.well-known/jwks.json";

    /// <summary>How often its keys were fetched.</summary>
    public int KeyFetches { get; private set; }

    /// <summary>Submits that did not switch off fal's own retries.</summary>
    public int SubmitsWithOwnRetries { get; private set; }

    /// <summary>Signs a callback; a test may have it sign what it likes.</summary>
    public IReadOnlyList<(string Name, string Value)> Sign(string requestId, string body, DateTimeOffset at)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body))).ToLowerInvariant();
        var message = Encoding.UTF8.GetBytes(string.Join('\n', requestId, "user", timestamp, digest));
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, _key);
        signer.BlockUpdate(message, 0, message.Length);
        return
        [
            ("X-Fal-Webhook-Request-Id", requestId),
            ("X-Fal-Webhook-User-Id", "user"),
            ("X-Fal-Webhook-Timestamp", timestamp),
            ("X-Fal-Webhook-Signature", Convert.ToHexString(signer.GenerateSignature()).ToLowerInvariant()),
        ];
    }

    /// <inheritdoc/>
    protected override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(App + "/v3/{tier}/motion-control", (HttpContext context, string tier) =>
            AnswerAsync(context, CallKind.Submit, async what => Create(context, tier, await ReadBodyAsync(context.Request), what)));
        routes.MapGet(App + "/requests/{id}/status", (HttpContext context, string id) =>
            AnswerAsync(context, CallKind.Query, what => Task.FromResult(Status(context, id, what))));
        routes.MapGet(App + "/requests/{id}", (HttpContext context, string id) =>
            AnswerAsync(context, CallKind.Query, _ => Task.FromResult(Result(context, id))));
        routes.MapPut(App + "/requests/{id}/cancel", (HttpContext context, string id) =>
            AnswerAsync(context, CallKind.Cancel, _ => Task.FromResult(Cancel(context, id))));
        routes.MapGet("/.well-known/jwks.json", Keys);
    }

    /// <inheritdoc/>
    protected override SimulatorAnswer? Refusal(Misbehaviour what) => what switch
    {
        Misbehaviour.Busy or Misbehaviour.TooFast => Detail(429, "Too many concurrent requests"),
        Misbehaviour.OutOfFunds => Detail(403, "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."),
        Misbehaviour.ContentPolicy => Details(422, "content_policy_violation", "The content could not be processed because it was flagged by a content checker."),
        Misbehaviour.BadParameters => Details(422, "image_too_small", "The image is too small."),
        _ => null,
    };

    /// <inheritdoc/>
    protected override bool CallsBack(JobStage stage) => stage is JobStage.Succeeded or JobStage.Failed;

    /// <inheritdoc/>
    protected override (string Body, IReadOnlyList<(string Name, string Value)> Headers) Callback(SimulatedJob job, JobStage stage)
    {
        var body = stage == JobStage.Succeeded
            ? JsonSerializer.Serialize(new { request_id = job.Id, gateway_request_id = job.Id, status = "OK", error = (string?)null, payload = Output(job) })
            : $$"""{"request_id":"{{job.Id}}","gateway_request_id":"{{job.Id}}","status":"ERROR","error":"Invalid status code: 422","payload":{{Failure(job).Json}}}""";
        return (body, Sign(job.Id, body, Time.GetUtcNow()));
    }

    private static SimulatorAnswer Detail(int status, string detail) => SimulatorAnswer.Of(status, new { detail });

    private static SimulatorAnswer Details(int status, string type, string message) =>
        SimulatorAnswer.Of(status, new { detail = new[] { new { loc = new[] { "body", "image_url" }, msg = message, type } } }) with
        {
            Headers = [("X-Fal-Retryable", "false"), ("X-Fal-Error-Type", type)],
        };

    private SimulatorAnswer Create(HttpContext context, string tier, string body, Misbehaviour what)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        if (tier is not ("standard" or "pro"))
        {
            return Detail(404, "Application not found");
        }

        if (context.Request.Headers["x-fal-no-retry"] != "1")
        {
            SubmitsWithOwnRetries++;
        }

        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        foreach (var required in (string[])["image_url", "video_url", "character_orientation"])
        {
            if (!root.TryGetProperty(required, out var value) || value.ValueKind != JsonValueKind.String)
            {
                return Details(422, "missing", "Field required");
            }
        }

        var job = new SimulatedJob
        {
            Id = NewId("764cabcf-b745-4b3e-ae38-"),
            CallbackUrl = context.Request.Query["fal_webhook"].FirstOrDefault(),
            IsHighQuality = tier == "pro",
            CreatedAt = Time.GetUtcNow(),
        };
        return Take(job, what, taken => SimulatorAnswer.Of(200, new
        {
            status = "IN_QUEUE",
            request_id = taken.Id,
            response_url = $"{BaseUrl}{App}/requests/{taken.Id}",
            status_url = $"{BaseUrl}{App}/requests/{taken.Id}/status",
            cancel_url = $"{BaseUrl}{App}/requests/{taken.Id}/cancel",
            queue_position = 0,
        }));
    }

    private SimulatorAnswer Status(HttpContext context, string id, Misbehaviour what)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        if (Find(id) is not { } job)
        {
            return Detail(404, "Request not found");
        }

        var stage = Stage(job);
        var status = what == Misbehaviour.UnknownStatus ? "PONDERING" : stage switch
        {
            JobStage.Queued => "IN_QUEUE",
            JobStage.Running => "IN_PROGRESS",
            _ => "COMPLETED",
        };
        return SimulatorAnswer.Of(stage is JobStage.Queued or JobStage.Running ? 202 : 200, new
        {
            status,
            request_id = id,
            response_url = $"{BaseUrl}{App}/requests/{id}",
            status_url = $"{BaseUrl}{App}/requests/{id}/status",
            cancel_url = $"{BaseUrl}{App}/requests/{id}/cancel",
        });
    }

    private SimulatorAnswer Result(HttpContext context, string id)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        if (Find(id) is not { } job)
        {
            return Detail(404, "Request not found");
        }

        return Stage(job) switch
        {
            JobStage.Queued or JobStage.Running => Detail(400, "Request is still in progress"),
            JobStage.Failed or JobStage.Cancelled => Failure(job),
            _ => SimulatorAnswer.Of(200, Output(job)),
        };
    }

    private SimulatorAnswer Cancel(HttpContext context, string id)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        if (Find(id) is not { } job)
        {
            return SimulatorAnswer.Of(404, new { status = "NOT_FOUND" });
        }

        switch (Stage(job))
        {
            case JobStage.Queued:
                job.Stage = JobStage.Cancelled;
                return SimulatorAnswer.Of(200, new { status = "OK" });
            case JobStage.Running:
                return SimulatorAnswer.Of(202, new { status = "CANCELLATION_REQUESTED" });
            default:
                return SimulatorAnswer.Of(400, new { status = "ALREADY_COMPLETED" });
        }
    }

    private object Output(SimulatedJob job) => new
    {
        video = new { url = ResultUrl(job), content_type = "video/mp4", file_name = "output.mp4", file_size = 335509 },
    };

    private static SimulatorAnswer Failure(SimulatedJob job) => job switch
    {
        { Stage: JobStage.Cancelled } => Detail(400, "Request was cancelled"),
        { Twist: Misbehaviour.JobFailsByPolicy } => Details(422, "content_policy_violation", "The content was flagged by a content checker."),
        _ => Details(500, "internal_server_error", "Internal server error"),
    };

    private SimulatorAnswer? Unauthorized(HttpContext context) =>
        context.Request.Headers.Authorization == $"Key {Options.ApiKey}" ? null : Detail(401, "Cannot access application. Authentication is required.");

    private IResult Keys()
    {
        KeyFetches++;
        var x = Convert.ToBase64String(_key.GeneratePublicKey().GetEncoded()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return Results.Json(new { keys = new[] { new { kty = "OKP", crv = "Ed25519", x } } });
    }
}
