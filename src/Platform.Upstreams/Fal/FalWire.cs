using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Upstreams.Fal;

/// <summary>Input of <c>fal-ai/kling-video/v3/…/motion-control</c>.</summary>
internal sealed record FalInput
{
    public required string ImageUrl { get; init; }

    public required string VideoUrl { get; init; }

    public required string CharacterOrientation { get; init; }

    public required bool KeepOriginalSound { get; init; }

    public string? Prompt { get; init; }
}

/// <summary>The answer to a submit.</summary>
internal sealed record FalQueued(string? RequestId);

/// <summary>The answer of a status: <c>IN_QUEUE</c>, <c>IN_PROGRESS</c>, <c>COMPLETED</c>; there is no failed one.</summary>
internal sealed record FalStatus(string? Status);

/// <summary>The answer to a cancel: <c>CANCELLATION_REQUESTED</c>, <c>ALREADY_COMPLETED</c>, <c>NOT_FOUND</c>.</summary>
internal sealed record FalCancel(string? Status);

/// <summary>The result of a job; where the job failed, the details.</summary>
internal sealed record FalResult
{
    public FalVideo? Video { get; init; }

    [JsonConverter(typeof(FalDetails))]
    public IReadOnlyList<FalDetail>? Detail { get; init; }
}

/// <summary>The made video; fal says nothing of its length.</summary>
internal sealed record FalVideo(string? Url);

/// <summary>One thing that was wrong.</summary>
internal sealed record FalDetail
{
    public string? Msg { get; init; }

    public string? Type { get; init; }
}

/// <summary>Body of a callback.</summary>
internal sealed record FalWebhook
{
    public string? RequestId { get; init; }

    /// <summary><c>OK</c> or <c>ERROR</c>.</summary>
    public string? Status { get; init; }

    public string? Error { get; init; }

    /// <summary>The result, or where the job failed, the details; null where it could not be made into JSON.</summary>
    public FalResult? Payload { get; init; }
}

/// <summary>fal's published keys (RFC 8037).</summary>
internal sealed record FalKeySet(IReadOnlyList<FalKey>? Keys);

internal sealed record FalKey(string? Kty, string? Crv, string? X);

/// <summary>Details come as a list, and where fal itself refuses, as one sentence.</summary>
internal sealed class FalDetails : JsonConverter<IReadOnlyList<FalDetail>>
{
    public override IReadOnlyList<FalDetail>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return [new() { Msg = reader.GetString() }];
            case JsonTokenType.StartArray:
                return JsonSerializer.Deserialize(ref reader, FalJson.Default.FalDetailArray);
            default:
                reader.Skip();
                return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<FalDetail> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Details are read only.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FalInput))]
[JsonSerializable(typeof(FalQueued))]
[JsonSerializable(typeof(FalStatus))]
[JsonSerializable(typeof(FalCancel))]
[JsonSerializable(typeof(FalResult))]
[JsonSerializable(typeof(FalDetail[]))]
[JsonSerializable(typeof(FalWebhook))]
[JsonSerializable(typeof(FalKeySet))]
internal sealed partial class FalJson : JsonSerializerContext;
