using System.Text.Json.Serialization;

namespace Platform.Upstreams.PlatformApi;

/// <summary>Body of <c>POST /v1/videos/generations</c>, as this platform and those of its shape take it.</summary>
internal sealed record PlatformCreate
{
    public required string Model { get; init; }

    public required IReadOnlyList<string> ImageUrls { get; init; }

    public required IReadOnlyList<string> VideoUrls { get; init; }

    public string? Prompt { get; init; }

    public required string Quality { get; init; }

    public required PlatformModelParameters ModelParams { get; init; }

    public string? CallbackUrl { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}

internal sealed record PlatformModelParameters
{
    public required string CharacterOrientation { get; init; }

    public required bool KeepSound { get; init; }

    public required PlatformWatermark WatermarkInfo { get; init; }

    public IReadOnlyList<PlatformElement>? ElementList { get; init; }
}

internal sealed record PlatformWatermark(bool Enabled);

internal sealed record PlatformElement(string ElementId);

/// <summary>The task object; also the body of a callback.</summary>
internal sealed record PlatformTask
{
    public string? Id { get; init; }

    public string? Status { get; init; }

    public IReadOnlyList<string>? Results { get; init; }

    public IReadOnlyList<PlatformResult>? ResultData { get; init; }

    public PlatformProblem? Error { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

internal sealed record PlatformResult(string? VideoUrl, decimal? Duration);

internal sealed record PlatformTasks(IReadOnlyList<PlatformTask>? Data);

/// <summary>A refusal of a call, or why a task failed.</summary>
internal sealed record PlatformProblem
{
    public string? Code { get; init; }

    public string? Message { get; init; }

    public string? Type { get; init; }
}

internal sealed record PlatformRefusal(PlatformProblem? Error);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(PlatformCreate))]
[JsonSerializable(typeof(PlatformTask))]
[JsonSerializable(typeof(PlatformTasks))]
[JsonSerializable(typeof(PlatformRefusal))]
internal sealed partial class PlatformJson : JsonSerializerContext;
