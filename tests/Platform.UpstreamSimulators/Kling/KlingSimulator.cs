using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Platform.UpstreamSimulators.Kling;

/// <summary>
/// Kling's official API. Paths, fields and states as published at
/// <c>https://app.klingai.com/global/dev/document-api/apiReference/model/motionControl</c>; error codes as in its table at
/// <c>https://app.klingai.com/global/dev/document-api/quickStart/userManual</c>.
/// </summary>
public sealed class KlingSimulator(SimulatorOptions options, TimeProvider time) : UpstreamSimulator(options, time)
{
    private const string Motion = "/v1/videos/motion-control";
    private const string Element = "/v1/general/advanced-custom-elements";

    private static readonly string[] MotionFields =
    [
        "model_name", "image_url", "video_url", "prompt", "keep_original_sound", "character_orientation", "mode", "element_list",
        "watermark_info", "callback_url", "external_task_id",
    ];

    /// <inheritdoc/>
    protected override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Motion, context => AnswerAsync(context, CallKind.Submit, async what => Create(context, await ReadBodyAsync(context.Request), what, isElement: false)));
        routes.MapPost(Element, context => AnswerAsync(context, CallKind.Submit, async what => Create(context, await ReadBodyAsync(context.Request), what, isElement: true)));
        routes.MapGet(Motion + "/{id}", (HttpContext context, string id) => AnswerAsync(context, CallKind.Query, what => Task.FromResult(Get(context, id, what, isElement: false))));
        routes.MapGet(Element + "/{id}", (HttpContext context, string id) => AnswerAsync(context, CallKind.Query, what => Task.FromResult(Get(context, id, what, isElement: true))));
    }

    /// <inheritdoc/>
    protected override SimulatorAnswer? Refusal(Misbehaviour what) => what switch
    {
        Misbehaviour.Busy => Error(429, 1303, "parallel task over resource pack limit"),
        Misbehaviour.TooFast => Error(429, 1302, "rate limit reached"),
        Misbehaviour.OutOfFunds => Error(429, 1102, "Account balance not enough"),
        Misbehaviour.ContentPolicy => Error(400, 1301, "Request content triggers the platform's content security policy"),
        Misbehaviour.BadParameters => Error(400, 1201, "image_url is not a valid image"),
        _ => null,
    };

    /// <inheritdoc/>
    protected override bool CallsBack(JobStage stage) => true;

    /// <inheritdoc/>
    protected override (string Body, IReadOnlyList<(string Name, string Value)> Headers) Callback(SimulatedJob job, JobStage stage) =>
        (JsonSerializer.Serialize(Data(job, stage, Misbehaviour.None)), []);

    private static SimulatorAnswer Error(int status, int code, string message) =>
        SimulatorAnswer.Of(status, new { code, message, request_id = "req" });

    private static SimulatorAnswer Ok(object data) => SimulatorAnswer.Of(200, new { code = 0, message = "SUCCEED", request_id = "req", data });

    private SimulatorAnswer Create(HttpContext context, string body, Misbehaviour what, bool isElement)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if ((isElement ? WrongElement(root) : WrongMotion(root)) is { } wrong)
        {
            return Error(400, 1201, wrong);
        }

        var reference = Text(root, "external_task_id");
        if (reference is not null && FindByReference(reference) is not null)
        {
            return Error(400, 1201, "external_task_id must be unique");
        }

        var job = new SimulatedJob
        {
            Id = NewId(""),
            Reference = reference,
            CallbackUrl = Text(root, "callback_url"),
            IsHighQuality = Text(root, "mode") == "pro",
            IsElement = isElement,
            CreatedAt = Time.GetUtcNow(),
        };
        return Take(job, what, taken => Ok(Data(taken, JobStage.Queued, what)));
    }

    private SimulatorAnswer Get(HttpContext context, string id, Misbehaviour what, bool isElement)
    {
        if (Unauthorized(context) is { } refused)
        {
            return refused;
        }

        var job = Find(id) ?? FindByReference(id);
        return job is null || job.IsElement != isElement
            ? Error(404, 1203, "The requested resource does not exist")
            : Ok(Data(job, Stage(job), what));
    }

    private object Data(SimulatedJob job, JobStage stage, Misbehaviour what) => new
    {
        task_id = job.Id,
        task_status = what == Misbehaviour.UnknownStatus ? "pondering" : stage switch
        {
            JobStage.Queued => "submitted",
            JobStage.Running => "processing",
            JobStage.Succeeded => "succeed",
            _ => "failed",
        },
        task_status_msg = stage != JobStage.Failed ? "" : job.Twist == Misbehaviour.JobFailsByPolicy
            ? "Failure to pass the risk control system"
            : "The service is busy, the task was given up",
        task_info = new { external_task_id = job.Reference },
        task_result = stage != JobStage.Succeeded ? null : job.IsElement
            ? new { elements = new object[] { new { element_id = long.Parse(job.Id, CultureInfo.InvariantCulture) } }, videos = Array.Empty<object>() }
            : (object)new
            {
                videos = new[]
                {
                    new { id = "v" + job.Id, url = ResultUrl(job), watermark_url = "", duration = ClaimedSeconds(job).ToString("0.0##", CultureInfo.InvariantCulture) },
                },
            },
        final_unit_deduction = stage == JobStage.Succeeded ? "4.5" : null,
        created_at = job.CreatedAt.ToUnixTimeMilliseconds(),
        updated_at = Time.GetUtcNow().ToUnixTimeMilliseconds(),
    };

    private static string? WrongMotion(JsonElement root)
    {
        if (root.EnumerateObject().Select(p => p.Name).FirstOrDefault(name => !MotionFields.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            return $"{unknown} is unknown";
        }

        return (Text(root, "model_name"), Text(root, "mode"), Text(root, "character_orientation"), Text(root, "keep_original_sound")) switch
        {
            (not ("kling-v3" or "kling-v2-6"), _, _, _) => "model_name is not supported",
            (_, not ("std" or "pro"), _, _) => "mode is not supported",
            (_, _, not ("image" or "video"), _) => "character_orientation is not supported",
            (_, _, _, not ("yes" or "no")) => "keep_original_sound is not supported",
            _ when !IsUrl(Text(root, "image_url")) => "image_url is not a valid image",
            _ when !IsUrl(Text(root, "video_url")) => "video_url is not a valid video",
            _ when Text(root, "prompt") is { Length: > 2500 } => "prompt is too long",
            _ => null,
        };
    }

    private static string? WrongElement(JsonElement root) =>
        Text(root, "element_name") is { Length: > 0 and <= 20 } && Text(root, "reference_type") is "image_refer" or "video_refer" ? null : "element is not valid";

    private static bool IsUrl(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // RFC 7519 by hand, so that our own token is judged by something that did not make it.
    private SimulatorAnswer? Unauthorized(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return Error(401, 1001, "Authorization is empty");
        }

        var parts = header["Bearer ".Length..].Split('.');
        if (parts.Length != 3)
        {
            return Error(401, 1002, "Authorization is invalid");
        }

        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Options.ApiKey), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"));
        if (!CryptographicOperations.FixedTimeEquals(Decode(parts[2]), expected))
        {
            return Error(401, 1000, "Authentication failed: signature is invalid");
        }

        using var head = JsonDocument.Parse(Decode(parts[0]));
        using var payload = JsonDocument.Parse(Decode(parts[1]));
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        if (Text(head.RootElement, "alg") != "HS256" || Text(head.RootElement, "typ") != "JWT" || Text(payload.RootElement, "iss") != Options.AccessKey)
        {
            return Error(401, 1002, "Authorization is invalid");
        }

        if (payload.RootElement.GetProperty("nbf").GetInt64() > now)
        {
            return Error(401, 1003, "Authorization is not yet valid");
        }

        return payload.RootElement.GetProperty("exp").GetInt64() <= now ? Error(401, 1004, "Authorization has expired") : null;
    }

    private static byte[] Decode(string base64Url)
    {
        var text = base64Url.Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
    }
}
