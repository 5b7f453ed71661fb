using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Platform.Upstreams.Replicate;

/// <summary>Body of <c>POST /v1/models/{owner}/{name}/predictions</c>. The input's field names are the account's settings.</summary>
internal sealed record ReplicateCreate
{
    public required JsonObject Input { get; init; }

    public string? Webhook { get; init; }

    public IReadOnlyList<string>? WebhookEventsFilter { get; init; }
}

/// <summary>A prediction; also the body of a callback.</summary>
internal sealed record ReplicatePrediction
{
    public string? Id { get; init; }

    /// <summary><c>starting</c>, <c>processing</c>, <c>succeeded</c>, <c>failed</c>, <c>canceled</c>, <c>aborted</c>.</summary>
    public string? Status { get; init; }

    /// <summary>The URLs of what was made; gone one hour after the end.</summary>
    [JsonConverter(typeof(ReplicateOutput))]
    public IReadOnlyList<string>? Output { get; init; }

    public bool? DataRemoved { get; init; }

    [JsonConverter(typeof(ReplicateText))]
    public string? Error { get; init; }
}

/// <summary>A refusal.</summary>
internal sealed record ReplicateProblem
{
    public string? Title { get; init; }

    [JsonConverter(typeof(ReplicateText))]
    public string? Detail { get; init; }
}

/// <summary>An output is one URL or a list of them, by the model; of other shapes we make nothing.</summary>
internal sealed class ReplicateOutput : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return [reader.GetString()!];
            case JsonTokenType.StartArray:
                var urls = new List<string>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (reader.TokenType == JsonTokenType.String)
                    {
                        urls.Add(reader.GetString()!);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }

                return urls;
            default:
                reader.Skip();
                return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Outputs are read only.");
}

/// <summary>What should be a sentence, and is sometimes an object: then its JSON.</summary>
internal sealed class ReplicateText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReplicateCreate))]
[JsonSerializable(typeof(ReplicatePrediction))]
[JsonSerializable(typeof(ReplicateProblem))]
internal sealed partial class ReplicateJson : JsonSerializerContext;
