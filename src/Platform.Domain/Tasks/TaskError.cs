namespace Platform.Domain.Tasks;

/// <summary>Why a task did not complete; the wire code is the snake-case of the name (product.md section 2, Errors).</summary>
public enum TaskErrorCode
{
    /// <summary>The inputs or the prompt break a content policy; final.</summary>
    ContentPolicyViolation = 1,

    /// <summary>The inputs turned out not to be what was promised.</summary>
    InvalidParameters = 2,

    /// <summary>The character image could not be used.</summary>
    ImageProcessingError = 3,

    /// <summary>The image's size does not fit the model.</summary>
    ImageDimensionMismatch = 4,

    /// <summary>The upstream finished without a video.</summary>
    GenerationFailedNoContent = 5,

    /// <summary>Something failed that the caller cannot change.</summary>
    ServiceError = 6,

    /// <summary>It was not ready in time.</summary>
    GenerationTimeout = 7,

    /// <summary>No capacity was left.</summary>
    ResourceExhausted = 8,

    /// <summary>A quota at the upstream was used up.</summary>
    QuotaExceeded = 9,

    /// <summary>No upstream was reachable.</summary>
    ServiceUnavailable = 10,

    /// <summary>An input could no longer be found.</summary>
    ResourceNotFound = 11,

    /// <summary>The upstream gave no reason.</summary>
    UnknownError = 12,

    /// <summary>The caller cancelled it; only with the status cancelled.</summary>
    RequestCancelled = 13,
}

/// <summary>The error of a task as its tenant sees it.</summary>
/// <param name="Code">The code.</param>
/// <param name="Message">A sentence: what happened and what to do.</param>
public sealed record TaskError(TaskErrorCode Code, string Message);

/// <summary>Wire names of <see cref="TaskErrorCode"/>.</summary>
public static class TaskErrorCodes
{
    private static readonly (TaskErrorCode Code, string Name)[] Names =
    [
        (TaskErrorCode.ContentPolicyViolation, "content_policy_violation"),
        (TaskErrorCode.InvalidParameters, "invalid_parameters"),
        (TaskErrorCode.ImageProcessingError, "image_processing_error"),
        (TaskErrorCode.ImageDimensionMismatch, "image_dimension_mismatch"),
        (TaskErrorCode.GenerationFailedNoContent, "generation_failed_no_content"),
        (TaskErrorCode.ServiceError, "service_error"),
        (TaskErrorCode.GenerationTimeout, "generation_timeout"),
        (TaskErrorCode.ResourceExhausted, "resource_exhausted"),
        (TaskErrorCode.QuotaExceeded, "quota_exceeded"),
        (TaskErrorCode.ServiceUnavailable, "service_unavailable"),
        (TaskErrorCode.ResourceNotFound, "resource_not_found"),
        (TaskErrorCode.UnknownError, "unknown_error"),
        (TaskErrorCode.RequestCancelled, "request_cancelled"),
    ];

    /// <summary>All codes, in the order of the product page.</summary>
    public static IEnumerable<TaskErrorCode> All => Names.Select(n => n.Code);

    /// <summary>The wire name of a code.</summary>
    public static string WireName(this TaskErrorCode code) => Array.Find(Names, n => n.Code == code).Name
        ?? throw new ArgumentOutOfRangeException(nameof(code), code, "Not a task error code.");

    /// <summary>The code of a wire name, or null.</summary>
    public static TaskErrorCode? Parse(string? name)
    {
        var found = Array.Find(Names, n => string.Equals(n.Name, name, StringComparison.Ordinal));
        return found.Name is null ? null : found.Code;
    }
}
