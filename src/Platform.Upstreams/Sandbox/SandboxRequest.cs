using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Upstreams.Sandbox;

/// <summary>What a job of the sandbox was asked for, as it is stored with the job.</summary>
internal sealed record SandboxRequest
{
    /// <summary>Blob key of the character image.</summary>
    public required string Image { get; init; }

    /// <summary>Blob key of the motion clip.</summary>
    public required string Video { get; init; }

    /// <summary>Short side of the output in pixels, 720 or 1080.</summary>
    public required int ShortSide { get; init; }

    /// <summary>Longest output in seconds: the cap of the orientation, or less where the prompt says so.</summary>
    public required decimal MaxSeconds { get; init; }

    /// <summary>Whether the sound of the clip is kept.</summary>
    public bool KeepSound { get; init; }

    /// <summary>Whether a watermark is drawn besides the mark of a preview.</summary>
    public bool Watermark { get; init; }

    /// <summary>Wire name of the error that the prompt asked for; null where it asked for none.</summary>
    public string? Fail { get; init; }

    /// <summary>
    /// Takes over what was submitted; null where quality or orientation are none that the sandbox knows.
    /// </summary>
    internal static SandboxRequest? From(SubmitRequest request, SandboxScript script)
    {
        // The caps of the two orientations are the model's (product.md section 5).
        int? shortSide = request.Quality switch { "720p" => 720, "1080p" => 1080, _ => null };
        decimal? cap = request.CharacterOrientation switch { "image" => 10m, "video" => 30m, _ => null };
        return shortSide is null || cap is null
            ? null
            : new SandboxRequest
            {
                Image = request.ImageBlobKey,
                Video = request.VideoBlobKey,
                ShortSide = shortSide.Value,
                MaxSeconds = Math.Min(cap.Value, script.ShortSeconds ?? cap.Value),
                KeepSound = request.KeepSound,
                Watermark = request.Watermark,
                Fail = script.Fail?.WireName(),
            };
    }

    /// <summary>Writes the request for the queue.</summary>
    internal string ToJson() => JsonSerializer.Serialize(this, SandboxJson.Default.SandboxRequest);

    /// <summary>Reads a request from the queue; null where it is damaged, or of a version that is not known.</summary>
    internal static SandboxRequest? FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, SandboxJson.Default.SandboxRequest);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SandboxRequest))]
internal sealed partial class SandboxJson : JsonSerializerContext;
