using System.Text.Json.Serialization;
using Platform.Domain.Catalog;
using Platform.Domain.Media;
using Platform.Domain.Tasks;

namespace Platform.Storage.Json;

/// <summary>The state of a task without what its row has in columns: tenant, id, version, creation and end.</summary>
internal sealed class TaskDocument
{
    /// <summary>The version that is written today.</summary>
    public const int Current = 1;

    [JsonPropertyName("v")]
    public int V { get; init; }

    public string? Key { get; init; }

    public RequestDocument? Request { get; init; }

    public PriceDocument? Price { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Sandbox { get; init; }

    public int ReservedSeconds { get; init; }

    public decimal? InspectedSeconds { get; init; }

    public decimal Reserved { get; init; }

    public long QueueDeadline { get; init; }

    public long? GenerationDeadline { get; init; }

    public long GenerationTimeout { get; init; }

    public int EstimatedSeconds { get; init; }

    public PhaseDocument? Phase { get; init; }

    public CopiedInputDocument[]? Inputs { get; init; }

    public AttemptDocument[]? Attempts { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CancelRequested { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CancelDeclined { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ProgressFloor { get; init; }

    /// <summary>Came later than the first documents, where it is absent; so that no new version is needed.</summary>
    public long? MediaDeletedAt { get; init; }

    /// <inheritdoc cref="MediaDeletedAt"/>
    public string? Body { get; init; }

    /// <inheritdoc cref="MediaDeletedAt"/>
    public string? Batch { get; init; }
}

/// <summary>What became of a batch.</summary>
internal sealed class BatchDocument
{
    /// <summary>The version that is written today.</summary>
    public const int Current = 1;

    [JsonPropertyName("v")]
    public int V { get; init; }

    public string? Id { get; init; }

    public BatchItemDocument[]? Items { get; init; }
}

/// <summary>What became of one item: <see cref="Task"/>, or what refused it.</summary>
internal sealed class BatchItemDocument
{
    public string? Task { get; init; }

    public string? Refused { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public decimal Needed { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public decimal Available { get; init; }

    public string? Error { get; init; }
}

/// <summary>A request.</summary>
internal sealed class RequestDocument
{
    public string? Model { get; init; }

    public string? Image { get; init; }

    public string? Video { get; init; }

    public string? Prompt { get; init; }

    public string? Quality { get; init; }

    public string? Orientation { get; init; }

    public bool Sound { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Watermark { get; init; }

    public string? Element { get; init; }

    public string? Callback { get; init; }

    public Dictionary<string, string>? Metadata { get; init; }

    public string? EndUser { get; init; }
}

/// <summary>A price snapshot.</summary>
internal sealed class PriceDocument
{
    public int Version { get; init; }

    public decimal Base { get; init; }

    public decimal Quality { get; init; }

    public string? Group { get; init; }

    public decimal GroupFactor { get; init; }

    public decimal Unit { get; init; }

    public SecondsRounding Rounding { get; init; }

    public decimal PerUsd { get; init; }
}

/// <summary>Where a task stands; <see cref="Is"/> says which of the others there are.</summary>
internal sealed class PhaseDocument
{
    public string? Is { get; init; }

    public long? NotBefore { get; init; }

    public long? Since { get; init; }

    public string? UpstreamTask { get; init; }

    public OutputDocument? Output { get; init; }

    public ResultDocument? Result { get; init; }

    public int? BilledSeconds { get; init; }

    public decimal? CreditsUsed { get; init; }

    public ErrorDocument? Error { get; init; }
}

/// <summary>An upstream's output.</summary>
internal sealed record OutputDocument(string Location, decimal? Seconds);

/// <summary>A stored result.</summary>
internal sealed record ResultDocument(string Key, BlobDocument Blob, MediaDocument Media);

/// <summary>A copied input.</summary>
internal sealed record CopiedInputDocument(MediaKind Kind, string Key, BlobDocument Blob, MediaDocument Media);

/// <summary>Size and digest.</summary>
internal sealed record BlobDocument(long Length, string Sha256);

/// <summary>What a media file is.</summary>
internal sealed record MediaDocument(MediaFormat Format, int Width, int Height, decimal? Seconds, bool? Audio);

/// <summary>A task's error; the code is its wire name.</summary>
internal sealed record ErrorDocument(string Code, string Message);

/// <summary>What an upstream said.</summary>
internal sealed record FaultDocument(string Code, string Message);

/// <summary>A route that was left out.</summary>
internal sealed record RejectionDocument(string Route, string Reason, bool? MayPass);

/// <summary>A try at an upstream.</summary>
internal sealed class AttemptDocument
{
    public string? Id { get; init; }

    public string? Route { get; init; }

    public string? Upstream { get; init; }

    public string? Account { get; init; }

    public decimal CostUsd { get; init; }

    public long StartedAt { get; init; }

    public long SendBy { get; init; }

    public int Sends { get; init; }

    public string? UpstreamTask { get; init; }

    /// <summary>Came later than the first documents, as <see cref="SpentUsd"/>.</summary>
    public int? Slot { get; init; }

    public decimal? SpentUsd { get; init; }

    public long? EndedAt { get; init; }

    public AttemptEnding? Ending { get; init; }

    public string? Code { get; init; }

    public FaultDocument? Fault { get; init; }
}

/// <summary>What happened to a task; the kind and the time are columns of its row, and the kind says which properties there are.</summary>
internal sealed class TaskEventDocument
{
    /// <summary>The version that is written today.</summary>
    public const int Current = 1;

    [JsonPropertyName("v")]
    public int V { get; init; }

    public decimal? Reserved { get; init; }

    public int? ReservedSeconds { get; init; }

    public bool? Queued { get; init; }

    public CopiedInputDocument[]? Inputs { get; init; }

    public string? Attempt { get; init; }

    public string? Route { get; init; }

    public string? Upstream { get; init; }

    public string? Account { get; init; }

    public decimal? CostUsd { get; init; }

    public long? SendBy { get; init; }

    public RejectionDocument[]? Rejections { get; init; }

    /// <summary>Came later than the first documents, where it is absent.</summary>
    public int? Slot { get; init; }

    public string? UpstreamTask { get; init; }

    public AttemptEnding? Ending { get; init; }

    public string? Code { get; init; }

    public FaultDocument? Fault { get; init; }

    public long? NotBefore { get; init; }

    public OutputDocument? Output { get; init; }

    public ResultDocument? Result { get; init; }

    public int? BilledSeconds { get; init; }

    public decimal? CreditsUsed { get; init; }

    public ErrorDocument? Error { get; init; }

    public bool? UpstreamStopped { get; init; }
}

/// <summary>Lots of an account, or the slices of a hold.</summary>
internal sealed class LotsDocument
{
    /// <summary>The version that is written today.</summary>
    public const int Current = 1;

    [JsonPropertyName("v")]
    public int V { get; init; }

    public LotDocument[]? Lots { get; init; }
}

/// <summary>Credits of one grant.</summary>
internal sealed record LotDocument(string Grant, decimal Amount, long? ExpiresAt);
