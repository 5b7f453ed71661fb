using System.Text.Json;
using Platform.Domain.Catalog.Parameters;
using Platform.Domain.Tasks;

namespace Platform.Domain.Catalog;

/// <summary>What reading a request gave: the request, or all that is wrong with it.</summary>
/// <param name="Request">The request with every default filled in; null where anything is wrong.</param>
/// <param name="Violations">What is wrong, in the order of the page's parameters; empty with a request.</param>
public sealed record RequestReading(GenerationRequest? Request, IReadOnlyList<ParameterViolation> Violations)
{
    /// <summary>What may be reserved for it at most.</summary>
    public SpendingLimits Limits { get; init; } = SpendingLimits.None;
}

/// <summary>Reads the body of a create for <see cref="MotionControlModel"/> by <see cref="MotionControlParameters"/>.</summary>
public static class MotionControlRequest
{
    /// <summary>Reads a body. It never throws, whatever the body is.</summary>
    public static RequestReading Read(JsonElement body)
    {
        var reading = MotionControlParameters.Schema.Read(body);
        return reading.Values is { } values
            ? new(Of(values), reading.Violations) { Limits = new(values.Text("quote_id"), values.Credits("max_credits")) }
            : new(null, reading.Violations);
    }

    private static GenerationRequest Of(ParameterValues values) => new()
    {
        Model = values.Text("model")!,
        ImageUrl = values.Text("image_urls")!,
        VideoUrl = values.Text("video_urls")!,
        Prompt = NotEmpty(values.Text("prompt")),
        Quality = values.Text("quality")!,
        CharacterOrientation = values.Text("model_params.character_orientation")!,
        KeepSound = values.Flag("model_params.keep_sound", MotionControlParameters.KeepSoundDefault),
        Watermark = values.Flag("model_params.watermark_info.enabled", MotionControlParameters.WatermarkDefault),
        ElementId = values.Text("model_params.element_list[0].element_id"),
        CallbackUrl = values.Text("callback_url"),
        Metadata = values.Pairs("metadata"),
        EndUser = NotEmpty(values.Text("end_user")),
    };

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
