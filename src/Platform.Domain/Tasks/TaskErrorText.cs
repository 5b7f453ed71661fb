using Platform.Domain.Upstreams;

namespace Platform.Domain.Tasks;

/// <summary>
/// What a tenant is told: what happened, that nothing was charged, and what to do. An upstream's own words are for the operator; only
/// where they name what is wrong with the tenant's own input are they passed on.
/// </summary>
public static class TaskErrorText
{
    /// <summary>The sentence for a code.</summary>
    public static string Of(TaskErrorCode code) => code switch
    {
        TaskErrorCode.ContentPolicyViolation =>
            "The inputs or the prompt were refused by a content policy. Nothing was charged. Please change them; sending them again will not help.",
        TaskErrorCode.InvalidParameters => "The inputs cannot be used as they are. Nothing was charged. Please check them against the model's limits.",
        TaskErrorCode.ImageProcessingError => "The character image could not be used. Nothing was charged. Please try another image.",
        TaskErrorCode.ImageDimensionMismatch => "The size of the character image does not fit the model. Nothing was charged. Please try another size.",
        TaskErrorCode.GenerationFailedNoContent => "No video came of it. Nothing was charged. Please try again, or with other inputs.",
        TaskErrorCode.ServiceError => "Something failed on our side. Nothing was charged. Please try again.",
        TaskErrorCode.GenerationTimeout => "The video was not ready in time. Nothing was charged. Please try again.",
        TaskErrorCode.ResourceExhausted => "No capacity was free in time. Nothing was charged. Please try again later.",
        TaskErrorCode.QuotaExceeded => "A quota at the provider is used up. Nothing was charged. Please try again later.",
        TaskErrorCode.ServiceUnavailable => "No provider could take it. Nothing was charged. Please try again later.",
        TaskErrorCode.ResourceNotFound => "An input could not be read. Nothing was charged. Please check that its URL can be reached.",
        TaskErrorCode.UnknownError => "It failed without a reason given. Nothing was charged. Please try again.",
        TaskErrorCode.RequestCancelled => "It was cancelled. Nothing was charged.",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "Not a task error code."),
    };

    /// <summary>The sentence for a code, with the upstream's words where they speak of the tenant's own input.</summary>
    public static string Of(TaskErrorCode code, UpstreamFault fault) =>
        code == TaskErrorCode.InvalidParameters && fault.Message.Length > 0 ? $"{Of(code)} ({fault.Message})" : Of(code);
}
