using System.Text.Json.Serialization;
using Platform.Domain.Credits;

namespace Platform.Api.Tasks;

/// <summary>The task as callers see it; fields and their order are those of the product page's response example.</summary>
internal sealed record TaskObject
{
    public required long Created { get; init; }

    public required string Id { get; init; }

    public required string Model { get; init; }

    public string Object { get; init; } = "video.generation.task";

    public required int Progress { get; init; }

    public required string Status { get; init; }

    public required TaskInfoObject TaskInfo { get; init; }

    public required string Type { get; init; }

    public required TaskUsageObject Usage { get; init; }

    public IReadOnlyList<string>? Results { get; init; }

    public IReadOnlyList<TaskResultObject>? ResultData { get; init; }

    public TaskErrorObject? Error { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public string? EndUser { get; init; }

    /// <summary>The batch that it came with; absent for a task of its own.</summary>
    public string? BatchId { get; init; }

    /// <summary>When inputs and results were erased (unix seconds); then there are no results.</summary>
    public long? MediaDeletedAt { get; init; }
}

internal sealed record TaskInfoObject(
    bool CanCancel,
    int EstimatedTime,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? VideoDuration = null);

internal sealed record TaskUsageObject(string BillingRule, CreditAmount CreditsReserved, string UserGroup)
{
    public CreditAmount? CreditsUsed { get; init; }
}

/// <summary>A result. <paramref name="ExpiresAt"/> (unix seconds) says when the link ends; another GET gives a new one.</summary>
internal sealed record TaskResultObject(string VideoUrl, decimal Duration, long ExpiresAt);

internal sealed record TaskErrorObject(string Code, string Message, string Type);
