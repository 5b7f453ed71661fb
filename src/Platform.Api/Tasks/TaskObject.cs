using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Platform.Domain.Credits;

namespace Platform.Api.Tasks;

/// <summary>The task as callers see it; fields and their order are those of the product page's response example.</summary>
internal sealed record TaskObject
{
    /// <summary>When it was made (unix seconds).</summary>
    public required long Created { get; init; }

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its model.</summary>
    public required string Model { get; init; }

    /// <summary>What this is.</summary>
    [AllowedValues("video.generation.task")]
    public string Object { get; init; } = "video.generation.task";

    /// <summary>How far it is, 0 to 100; it never goes back.</summary>
    [Range(0, 100)]
    public required int Progress { get; init; }

    /// <summary><c>completed</c>, <c>failed</c> and <c>cancelled</c> are final. Take a status that you don't know for one that is not.</summary>
    [AllowedValues("pending", "processing", "completed", "failed", "cancelled")]
    public required string Status { get; init; }

    /// <summary>What can be done with it, and what is known of it.</summary>
    public required TaskInfoObject TaskInfo { get; init; }

    /// <summary>What it makes.</summary>
    public required string Type { get; init; }

    /// <summary>What it costs.</summary>
    public required TaskUsageObject Usage { get; init; }

    /// <summary>Links to the results, once completed: signed, and good for 24 hours.</summary>
    public IReadOnlyList<string>? Results { get; init; }

    /// <summary>The results with what is known of them, once completed.</summary>
    public IReadOnlyList<TaskResultObject>? ResultData { get; init; }

    /// <summary>Why it failed or was cancelled.</summary>
    public TaskErrorObject? Error { get; init; }

    /// <summary>Your own words about it, as you sent them.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Your own user, as you sent it.</summary>
    public string? EndUser { get; init; }

    /// <summary>The batch that it came with; absent for a task of its own.</summary>
    public string? BatchId { get; init; }

    /// <summary>When inputs and results were erased (unix seconds); then there are no results.</summary>
    public long? MediaDeletedAt { get; init; }
}

/// <summary>What can be done with a task, and what is known of it.</summary>
/// <param name="CanCancel">Whether a cancel can still succeed.</param>
/// <param name="EstimatedTime">Seconds that such a task usually takes.</param>
/// <param name="VideoDuration">Seconds of the video, once completed.</param>
internal sealed record TaskInfoObject(
    bool CanCancel,
    int EstimatedTime,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? VideoDuration = null);

/// <summary>What a task costs.</summary>
/// <param name="BillingRule">How it is billed.</param>
/// <param name="CreditsReserved">What was reserved when it was made: the most that it can cost.</param>
/// <param name="UserGroup">The user group by whose prices it goes.</param>
internal sealed record TaskUsageObject([property: AllowedValues("per_second", "per_call")] string BillingRule, CreditAmount CreditsReserved, string UserGroup)
{
    /// <summary>What it cost; absent until it has ended.</summary>
    public CreditAmount? CreditsUsed { get; init; }
}

/// <summary>A result. <paramref name="ExpiresAt"/> (unix seconds) says when the link ends; another GET gives a new one.</summary>
/// <param name="VideoUrl">Signed link to the video.</param>
/// <param name="Duration">Seconds.</param>
/// <param name="ExpiresAt">When the link ends (unix seconds); another GET gives a new one.</param>
internal sealed record TaskResultObject(string VideoUrl, decimal Duration, long ExpiresAt);

/// <summary>Why a task failed or was cancelled.</summary>
/// <param name="Code">Why, as a word.</param>
/// <param name="Message">Why, for people.</param>
/// <param name="Type">What this is.</param>
internal sealed record TaskErrorObject([property: AllowedValues("content_policy_violation", "invalid_parameters", "image_processing_error", "image_dimension_mismatch", "generation_failed_no_content", "service_error", "generation_timeout", "resource_exhausted", "quota_exceeded", "service_unavailable", "resource_not_found", "unknown_error", "request_cancelled")] string Code, string Message, [property: AllowedValues("task_error")] string Type);
