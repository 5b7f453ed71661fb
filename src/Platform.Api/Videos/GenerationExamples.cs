namespace Platform.Api.Videos;

/// <summary>The request examples of the product page, as they stand there.</summary>
internal static class GenerationExamples
{
    public const string Page = """
        {
          "model": "kling-v3-motion-control",
          "prompt": "A girl wearing a gray loose T-shirt and denim shorts",
          "image_urls": ["https://example.com/character.png"],
          "video_urls": ["https://example.com/dance.mp4"],
          "quality": "720p",
          "model_params": {
            "character_orientation": "image",
            "keep_sound": true
          }
        }
        """;

    public const string PageWithElement = """
        {
          "model": "kling-v3-motion-control",
          "image_urls": ["https://example.com/character.png"],
          "video_urls": ["https://example.com/dance.mp4"],
          "quality": "1080p",
          "model_params": {
            "character_orientation": "video",
            "keep_sound": false,
            "element_list": [
              {"element_id": "12345"}
            ]
          }
        }
        """;
}
