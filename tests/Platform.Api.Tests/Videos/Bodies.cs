using System.Text.Json.Nodes;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Videos;

/// <summary>Bodies of a create.</summary>
internal static class Bodies
{
    /// <summary>The page's request example.</summary>
    public static string OfThePage(Inputs inputs) => $$"""
        {
          "model": "kling-v3-motion-control",
          "prompt": "A girl wearing a gray loose T-shirt and denim shorts",
          "image_urls": ["{{inputs.ImageUrl}}"],
          "video_urls": ["{{inputs.VideoUrl}}"],
          "quality": "720p",
          "model_params": {
            "character_orientation": "image",
            "keep_sound": true
          }
        }
        """;

    /// <summary>A request whose task the sandbox never ends, so that nothing is rendered.</summary>
    public static JsonObject Hanging(Inputs inputs) => new()
    {
        ["model"] = "kling-v3-motion-control",
        ["prompt"] = "[sandbox:hang]",
        ["image_urls"] = inputs.ImageUrl,
        ["video_urls"] = inputs.VideoUrl,
        ["quality"] = "720p",
        ["model_params"] = new JsonObject { ["character_orientation"] = "image" },
    };

    /// <summary>Every parameter that there is, each with a good value.</summary>
    public static JsonObject Full(Inputs inputs) => new()
    {
        ["model"] = "kling-v3-motion-control",
        ["image_urls"] = new JsonArray(inputs.ImageUrl),
        ["video_urls"] = new JsonArray(inputs.VideoUrl),
        ["prompt"] = "A dance in the rain",
        ["quality"] = "1080p",
        ["model_params"] = new JsonObject
        {
            ["character_orientation"] = "video",
            ["keep_sound"] = false,
            ["element_list"] = new JsonArray(new JsonObject { ["element_id"] = "12345" }),
            ["watermark_info"] = new JsonObject { ["enabled"] = true },
        },
        ["callback_url"] = "https://example.com/hooks/video",
        ["metadata"] = new JsonObject { ["order"] = "42", ["shop"] = "north" },
        ["end_user"] = "user-7",
    };
}
