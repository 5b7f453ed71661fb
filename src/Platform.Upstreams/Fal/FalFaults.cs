using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Http;

namespace Platform.Upstreams.Fal;

/// <summary>fal's error types: what each lets us do next. Its words are not to be relied on; its types are.</summary>
internal static class FalFaults
{
    // The one sentence that a result which is asked for too early comes with.
    private const string TooEarly = "still in progress";

    // A locked user is told so in words only.
    private const string Locked = "locked";

    /// <summary>Whether a result was asked for before it is there.</summary>
    public static bool IsTooEarly(int status, FalResult? result) =>
        status == 400 && result?.Detail is [{ Msg: { } message }, ..] && message.Contains(TooEarly, StringComparison.OrdinalIgnoreCase);

    /// <summary>The fault for the operator.</summary>
    public static UpstreamFault Fault(int status, string? errorType, FalResult? result)
    {
        var detail = result?.Detail is [{ } first, ..] ? first : null;
        return PlainStatus.Fault(status, detail?.Type ?? errorType, detail?.Msg);
    }

    /// <summary>What a refused submit came to.</summary>
    public static SubmitOutcome Submit(int status, FalResult? result, UpstreamFault fault, TimeSpan? retryAfter) => status switch
    {
        422 when Verdict(result) is { RetryElsewhere: false } verdict => new SubmitOutcome.RefusedEverywhere(verdict.Error, fault),
        403 when !fault.Message.Contains(Locked, StringComparison.OrdinalIgnoreCase) => new SubmitOutcome.RefusedHere(fault),
        _ => PlainStatus.Submit(status, fault, retryAfter),
    };

    /// <summary>What a failed job means.</summary>
    public static QueryOutcome.Failed Job(FalResult? result, UpstreamFault fault)
    {
        var (error, retryElsewhere) = Verdict(result);
        return new(error, fault, retryElsewhere);
    }

    private static (TaskErrorCode Error, bool RetryElsewhere) Verdict(FalResult? result) => (result?.Detail is [{ Type: { } type }, ..] ? type : null) switch
    {
        "content_policy_violation" => (TaskErrorCode.ContentPolicyViolation, false),
        "image_too_small" or "image_too_large" => (TaskErrorCode.ImageDimensionMismatch, false),
        "image_load_error" or "face_detection_error" or "unsupported_image_format" => (TaskErrorCode.ImageProcessingError, false),

        // Our links are what it could not load: another upstream may reach them.
        "file_download_error" => (TaskErrorCode.ServiceError, true),

        // A field that we do not send is our mistake, not the tenant's.
        "missing" => (TaskErrorCode.ServiceError, true),
        "file_too_large" or "video_duration_too_long" or "video_duration_too_short" or "unsupported_video_format" or "sequence_too_long"
            or "greater_than" or "greater_than_equal" or "less_than" or "less_than_equal" or "one_of" or "value_error" or "string_too_long" =>
            (TaskErrorCode.InvalidParameters, false),
        "no_media_generated" => (TaskErrorCode.GenerationFailedNoContent, true),
        "generation_timeout" or "request_timeout" or "startup_timeout" => (TaskErrorCode.GenerationTimeout, true),
        null => (TaskErrorCode.UnknownError, true),
        _ => (TaskErrorCode.ServiceError, true),
    };
}
