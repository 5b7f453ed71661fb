using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>Reads what <c>ffprobe -of json</c> says.</summary>
internal static partial class FfprobeAnswer
{
    /// <summary>The facts of the first video stream; null where there is none, or where it has no length or no size.</summary>
    public static MediaInfo? Read(string json, MediaFormat format)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize(json, AnswerJson.Default.Document);
        }
        catch (JsonException)
        {
            return null;
        }

        var streams = document?.Streams ?? [];
        if (streams.FirstOrDefault(stream => stream.CodecType == "video") is not { Width: > 0, Height: > 0 } video
            || Seconds(video.Duration ?? document?.Format?.Duration) is not { } seconds)
        {
            return null;
        }

        var turned = (video.SideData ?? []).Any(data => Math.Abs(data.Rotation ?? 0) is 90 or 270);
        return new MediaInfo
        {
            Format = format,
            Width = turned ? video.Height : video.Width,
            Height = turned ? video.Width : video.Height,
            DurationSeconds = seconds,
            HasAudio = streams.Any(stream => stream.CodecType == "audio"),
        };
    }

    private static decimal? Seconds(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds > 0
            ? Math.Round(seconds, 6, MidpointRounding.AwayFromZero)
            : null;

    internal sealed record Document(
        [property: JsonPropertyName("streams")] IReadOnlyList<StreamEntry>? Streams,
        [property: JsonPropertyName("format")] FormatEntry? Format);

    internal sealed record StreamEntry(
        [property: JsonPropertyName("codec_type")] string? CodecType,
        [property: JsonPropertyName("width")] int Width,
        [property: JsonPropertyName("height")] int Height,
        [property: JsonPropertyName("duration")] string? Duration,
        [property: JsonPropertyName("side_data_list")] IReadOnlyList<SideData>? SideData);

    internal sealed record SideData([property: JsonPropertyName("rotation")] int? Rotation);

    internal sealed record FormatEntry([property: JsonPropertyName("duration")] string? Duration);

    [JsonSerializable(typeof(Document))]
    internal sealed partial class AnswerJson : JsonSerializerContext;
}
