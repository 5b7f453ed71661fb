using System.Text.Json.Nodes;
using Platform.Domain.Upstreams;

namespace Platform.Upstreams.Replicate;

/// <summary>
/// The input of the model. Its schema is not published, so that the name of every field is a setting; the defaults are Kling's own.
/// </summary>
internal static class ReplicateInput
{
    /// <summary>The fields that can be named, by our name.</summary>
    public static readonly IReadOnlyList<string> Fields =
        ["image_url", "video_url", "prompt", "mode", "character_orientation", "keep_original_sound"];

    /// <summary>Makes the input; null where the quality is none that it knows.</summary>
    public static JsonObject? Of(SubmitRequest request, IReadOnlyDictionary<string, string> names)
    {
        if (request.Quality is not ("720p" or "1080p"))
        {
            return null;
        }

        var input = new JsonObject();
        Add("image_url", request.ImageUrl);
        Add("video_url", request.VideoUrl);
        Add("prompt", request.Prompt);
        Add("mode", request.Quality == "1080p" ? "pro" : "std");
        Add("character_orientation", request.CharacterOrientation);
        Add("keep_original_sound", request.KeepSound);
        return input;

        void Add(string field, JsonNode? value)
        {
            if (value is not null && names.GetValueOrDefault(field, field) is { Length: > 0 } name)
            {
                input[name] = value;
            }
        }
    }
}
