using Platform.Domain.Catalog.Parameters;
using Platform.Domain.Credits;

namespace Platform.Domain.Catalog;

/// <summary>
/// The parameters of <see cref="MotionControlModel"/>: each type, default, limit and note of the product page
/// (<c>seed/kling-v3-motion-control.txt</c>), and what every create takes beside (product.md section 2).
/// </summary>
public static class MotionControlParameters
{
    internal const bool KeepSoundDefault = true;
    internal const bool WatermarkDefault = false;

    private const int MaxUrlLength = 2048;
    private const int MaxElements = 1;
    private const int MaxElementIdLength = 64;
    private const int MaxMetadataPairs = 16;
    private const int MaxMetadataKeyLength = 64;
    private const int MaxMetadataValueLength = 512;
    private const int MaxEndUserLength = 128;
    private const int MaxQuoteIdLength = 512;

    /// <summary>The schema that requests are judged by, and that callers are shown.</summary>
    public static ParameterSchema Schema { get; } = new(MotionControlModel.Id, new()
    {
        Fields =
        [
            new()
            {
                Name = "model",
                IsRequired = true,
                Shape = new ParameterShape.Text { Allowed = [new(MotionControlModel.Id, "Kling 3.0 Motion Control")], Default = MotionControlModel.Id },
                Description = "Motion control model name.",
                ExampleJson = $"\"{MotionControlModel.Id}\"",
            },
            new()
            {
                Name = "image_urls",
                IsRequired = true,
                Shape = new ParameterShape.Url(MaxUrlLength, UrlRule.Web, MayBeArray: true),
                Description = "Reference image URL: one, as a string or as an array of one. The character in this image will be animated with the motion from the reference video.",
                Notes =
                [
                    .. Notes(MotionControlMedia.Image),
                    "Character should show clear upper body or full body",
                    "Avoid extreme orientations (e.g., upside down, lying flat)",
                ],
                ExampleJson = "\"https://example.com/character.png\"",
            },
            new()
            {
                Name = "video_urls",
                IsRequired = true,
                Shape = new ParameterShape.Url(MaxUrlLength, UrlRule.Web, MayBeArray: true),
                Description = "Reference video URL: one, as a string or as an array of one. The motion in this video will be transferred to the character in the reference image.",
                Notes =
                [
                    .. Notes(MotionControlMedia.Video),
                    "Recommend single-person video with clear, steady motion",
                    "Avoid camera cuts, fast motion, or scene transitions",
                ],
                ExampleJson = "\"https://example.com/dance.mp4\"",
            },
            new()
            {
                Name = "prompt",
                Shape = new ParameterShape.Text { MaxLength = MotionControlModel.MaxPromptLength },
                Description = "Optional text prompt to add elements or camera effects to the generated video.",
                Notes =
                [
                    $"Max {MotionControlModel.MaxPromptLength} characters",
                    "Can describe clothing, scene additions, or camera movements",
                ],
                ExampleJson = "\"A girl wearing a gray loose T-shirt and denim shorts\"",
            },
            new()
            {
                Name = "quality",
                IsRequired = true,
                Shape = new ParameterShape.Text
                {
                    Allowed =
                    [
                        new(MotionControlModel.Quality720, "Standard quality (1.0x base price)"),
                        new(MotionControlModel.Quality1080, "High quality (1.333x base price)"),
                    ],
                },
                Description = "Video output quality. Affects billing multiplier.",
                ExampleJson = $"\"{MotionControlModel.Quality720}\"",
            },
            new()
            {
                Name = "model_params",
                IsRequired = true,
                Shape = ModelParameters(),
                Description = "Parameters of this model.",
            },
            new()
            {
                Name = "callback_url",
                Shape = new ParameterShape.Url(MaxUrlLength, UrlRule.Callback, MayBeArray: false),
                Description = "HTTPS callback address after task completion.",
                Notes =
                [
                    "Triggered on completion, failure, or cancellation",
                    "HTTPS only, no internal IPs",
                    $"Max length: {MaxUrlLength} chars",
                    "Timeout: 10s, Max 3 retries",
                ],
                ExampleJson = "\"https://your-domain.com/webhooks/video-task-completed\"",
            },
            new()
            {
                Name = "metadata",
                Shape = new ParameterShape.Pairs(MaxMetadataPairs, MaxMetadataKeyLength, MaxMetadataValueLength),
                Description = "Your own words about the task, as strings: returned with it, and usable as a filter.",
                Notes = [$"Max {MaxMetadataPairs} pairs; a key has 1 to {MaxMetadataKeyLength} characters, a value at most {MaxMetadataValueLength}"],
                ExampleJson = """{"order": "42"}""",
            },
            new()
            {
                Name = "end_user",
                Shape = new ParameterShape.Text { MaxLength = MaxEndUserLength },
                Description = "Your own user on whose behalf the task is made: returned with it, usable as a filter, and counted in usage.",
                Notes = [$"Max {MaxEndUserLength} characters"],
                ExampleJson = "\"user-7\"",
            },
            new()
            {
                Name = "quote_id",
                Shape = new ParameterShape.Text { MinLength = 1, MaxLength = MaxQuoteIdLength },
                Description = "A quote of an estimate for the same model, quality, orientation and clip: its price holds, even where the price has changed since.",
                Notes = ["Good for 10 minutes", "A request that would reserve more than was quoted is refused with 402"],
                ExampleJson = "\"quote_AQAB\"",
            },
            new()
            {
                Name = "max_credits",
                Shape = new ParameterShape.Credits(),
                Description = "Most credits that may be reserved; a request that would reserve more is refused with 402.",
                Notes = [$"At most {CreditAmount.MaxDecimals} decimals"],
                ExampleJson = "40.824",
            },
        ],
    });

    private static ParameterShape.Group ModelParameters() => new()
    {
        Fields =
        [
            new()
            {
                Name = "character_orientation",
                IsRequired = true,
                Shape = new ParameterShape.Text
                {
                    Allowed =
                    [
                        new(MotionControlModel.OrientationImage, "Character faces same as reference image (max 10s)"),
                        new(MotionControlModel.OrientationVideo, "Character faces same as reference video (max 30s)"),
                    ],
                },
                Description = "Controls the facing direction of the generated character.",
                Notes = ["When using element_list, only 'video' orientation is supported"],
                ExampleJson = $"\"{MotionControlModel.OrientationImage}\"",
            },
            new()
            {
                Name = "keep_sound",
                Shape = new ParameterShape.Flag(KeepSoundDefault),
                Description = "Whether to keep the original audio from the reference video.",
                Notes = ["true = keep original sound, false = mute"],
                ExampleJson = "true",
            },
            new()
            {
                Name = "element_list",
                Shape = new ParameterShape.List(
                    new()
                    {
                        Fields =
                        [
                            new()
                            {
                                Name = "element_id",
                                IsRequired = true,
                                Shape = new ParameterShape.Text { MinLength = 1, MaxLength = MaxElementIdLength },
                                Description = "Id of an element of yours.",
                                ExampleJson = "\"12345\"",
                            },
                        ],
                    },
                    MaxElements),
                Description = "Subject element references for consistent character appearance.",
                Notes =
                [
                    "Format: [{element_id: string}]",
                    $"Max {MaxElements} element",
                    "Only video-created elements supported (reference_type=video_refer)",
                    "When used, character_orientation must be 'video'",
                ],
                ExampleJson = """[{"element_id": "12345"}]""",
            },
            new()
            {
                Name = "watermark_info",
                Shape = new ParameterShape.Group
                {
                    Fields =
                    [
                        new()
                        {
                            Name = "enabled",
                            Shape = new ParameterShape.Flag(WatermarkDefault),
                            Description = "Whether the video has a watermark.",
                            ExampleJson = "false",
                        },
                    ],
                },
                Description = "Watermark configuration for the generated video.",
                Notes = ["Format: {enabled: boolean}"],
                ExampleJson = """{"enabled": false}""",
            },
        ],
        Dependencies =
        [
            new("elements_need_video_orientation", "element_list", "character_orientation", MotionControlModel.OrientationVideo),
        ],
    };

    private static IEnumerable<string> Notes(MediaLimits limits)
    {
        yield return $"Formats: {string.Join(", ", limits.Formats)}";
        yield return $"Max size: {limits.MaxBytes / (1024 * 1024)}MB";
        yield return $"Dimensions: {limits.MinSide}px-{limits.MaxSide}px per side";
        if (limits.MaxAspectRatio is { } ratio)
        {
            yield return $"Aspect ratio: 1:{ratio} to {ratio}:1";
        }

        if (limits.MinSeconds is { } least)
        {
            yield return $"Duration: {least}s minimum";
            yield return $"Max {string.Join(" or ", limits.MaxSeconds.Select(m => $"{m.Value}s ({m.Key} orientation)"))}";
        }
    }
}
