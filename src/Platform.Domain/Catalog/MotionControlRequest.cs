using System.Text.Json;
using Platform.Domain.Tasks;

namespace Platform.Domain.Catalog;

/// <summary>What reading a request gave: the request, or all that is wrong with it.</summary>
/// <param name="Request">The request with every default filled in; null where anything is wrong.</param>
/// <param name="Violations">What is wrong, in the order of the page's parameters; empty with a request.</param>
public sealed record RequestReading(GenerationRequest? Request, IReadOnlyList<ParameterViolation> Violations);

/// <summary>Reads the body of a create for <see cref="MotionControlModel"/>; parameters and limits are those of the product page.</summary>
public static class MotionControlRequest
{
    private const int MaxUrlLength = 2048;
    private const int MaxElements = 1;
    private const int MaxElementIdLength = 64;
    private const int MaxMetadataPairs = 16;
    private const int MaxMetadataKeyLength = 64;
    private const int MaxMetadataValueLength = 512;
    private const int MaxEndUserLength = 128;

    /// <summary>Reads a body. It never throws, whatever the body is.</summary>
    public static RequestReading Read(JsonElement body)
    {
        var violations = new List<ParameterViolation>();
        try
        {
            return Read(body, violations);
        }
        catch (InvalidOperationException)
        {
            // A field's name may hold an escaped half of a surrogate pair: valid JSON, but no text, and its name cannot be read.
            return new(null, [new("", "The body has a field whose name is not valid Unicode text.")]);
        }
    }

    private static RequestReading Read(JsonElement body, List<ParameterViolation> violations)
    {
        if (RequestFields.Of(body, violations) is not { } fields)
        {
            return new(null, violations);
        }

        var model = fields.Text("model", required: true, allowed: MotionControlModel.Id);
        var imageUrl = fields.OneUrl("image_urls", MaxUrlLength);
        var videoUrl = fields.OneUrl("video_urls", MaxUrlLength);
        var prompt = fields.Text("prompt", maxLength: MotionControlModel.MaxPromptLength);
        var quality = fields.Text(
            "quality", required: true, allowed: [MotionControlModel.Quality720, MotionControlModel.Quality1080]);
        string? orientation = null;
        string? elementId = null;
        var keepSound = true;
        var watermark = false;
        if (fields.Object("model_params", required: true) is { } parameters)
        {
            orientation = parameters.Text(
                "character_orientation", required: true, allowed: [MotionControlModel.OrientationImage, MotionControlModel.OrientationVideo]);
            keepSound = parameters.Flag("keep_sound", otherwise: true);
            elementId = ReadElement(parameters, orientation);
            if (parameters.Object("watermark_info", required: false) is { } info)
            {
                watermark = info.Flag("enabled", otherwise: false);
                info.Finish();
            }

            parameters.Finish();
        }

        var callbackUrl = fields.HttpsUrl("callback_url", MaxUrlLength);
        var metadata = fields.Pairs("metadata", MaxMetadataPairs, MaxMetadataKeyLength, MaxMetadataValueLength);
        var endUser = fields.Text("end_user", maxLength: MaxEndUserLength);
        fields.Finish();
        if (violations.Count > 0)
        {
            return new(null, violations);
        }

        return new(
            new()
            {
                Model = model!,
                ImageUrl = imageUrl!,
                VideoUrl = videoUrl!,
                Prompt = string.IsNullOrEmpty(prompt) ? null : prompt,
                Quality = quality!,
                CharacterOrientation = orientation!,
                KeepSound = keepSound,
                Watermark = watermark,
                ElementId = elementId,
                CallbackUrl = callbackUrl,
                Metadata = metadata,
                EndUser = string.IsNullOrEmpty(endUser) ? null : endUser,
            },
            violations);
    }

    private static string? ReadElement(RequestFields parameters, string? orientation)
    {
        string? elementId = null;
        foreach (var element in parameters.Objects("element_list", MaxElements))
        {
            elementId = element.Text("element_id", required: true, maxLength: MaxElementIdLength);
            element.Finish();
            if (orientation == MotionControlModel.OrientationImage)
            {
                parameters.Wrong("element_list", "can be used with character_orientation 'video' only");
            }
        }

        return elementId;
    }
}
