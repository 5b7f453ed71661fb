using System.Text.Json.Serialization;

namespace Platform.Upstreams.Kling;

/// <summary>Body of <c>POST /v1/videos/motion-control</c>.</summary>
internal sealed record KlingMotion
{
    public required string ModelName { get; init; }

    public required string ImageUrl { get; init; }

    public required string VideoUrl { get; init; }

    public string? Prompt { get; init; }

    /// <summary><c>yes</c> or <c>no</c>.</summary>
    public required string KeepOriginalSound { get; init; }

    public required string CharacterOrientation { get; init; }

    /// <summary><c>std</c> is 720p, <c>pro</c> is 1080p.</summary>
    public required string Mode { get; init; }

    public IReadOnlyList<KlingElementReference>? ElementList { get; init; }

    public required KlingWatermark WatermarkInfo { get; init; }

    public string? CallbackUrl { get; init; }

    public required string ExternalTaskId { get; init; }
}

internal sealed record KlingElementReference(long ElementId);

internal sealed record KlingWatermark(bool Enabled);

/// <summary>Body of <c>POST /v1/general/advanced-custom-elements</c>.</summary>
internal sealed record KlingElement
{
    public required string ElementName { get; init; }

    public required string ElementDescription { get; init; }

    /// <summary><c>image_refer</c> or <c>video_refer</c>.</summary>
    public required string ReferenceType { get; init; }

    public KlingElementImages? ElementImageList { get; init; }

    public KlingElementVideos? ElementVideoList { get; init; }

    public string? CallbackUrl { get; init; }

    public required string ExternalTaskId { get; init; }
}

internal sealed record KlingElementImages(string FrontalImage, IReadOnlyList<KlingImageReference> ReferImages);

internal sealed record KlingImageReference(string ImageUrl);

internal sealed record KlingElementVideos(IReadOnlyList<KlingVideoReference> ReferVideos);

internal sealed record KlingVideoReference(string VideoUrl);

/// <summary>Every answer of Kling; <c>code</c> 0 is success, whatever the HTTP status.</summary>
internal sealed record KlingAnswer
{
    public int? Code { get; init; }

    public string? Message { get; init; }

    public string? RequestId { get; init; }

    public KlingJob? Data { get; init; }
}

/// <summary>A job. A callback's body is this, or an answer with this as its data.</summary>
internal sealed record KlingJob
{
    public string? TaskId { get; init; }

    public string? TaskStatus { get; init; }

    public string? TaskStatusMsg { get; init; }

    public KlingJobInfo? TaskInfo { get; init; }

    public KlingJobResult? TaskResult { get; init; }

    /// <summary>What it costs us, in Kling's units, as text: <c>"4.5"</c>.</summary>
    public string? FinalUnitDeduction { get; init; }
}

internal sealed record KlingJobInfo(string? ExternalTaskId);

internal sealed record KlingJobResult(IReadOnlyList<KlingVideo>? Videos, IReadOnlyList<KlingMadeElement>? Elements);

/// <summary>A video; the duration is text: <c>"9.066"</c>.</summary>
internal sealed record KlingVideo(string? Id, string? Url, string? WatermarkUrl, string? Duration);

internal sealed record KlingMadeElement(long? ElementId);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(KlingMotion))]
[JsonSerializable(typeof(KlingElement))]
[JsonSerializable(typeof(KlingAnswer))]
internal sealed partial class KlingJson : JsonSerializerContext;
