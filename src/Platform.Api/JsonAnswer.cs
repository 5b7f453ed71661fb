using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Platform.Api;

/// <summary>
/// Writes small answers in one piece with their length: serialized into memory first, so that headers and content leave together,
/// without chunks and without a serializer that waits between them.
/// </summary>
internal static class JsonAnswer
{
    private const string ContentType = "application/json; charset=utf-8";

    // What one answer has grown it to is kept for the next, up to this.
    private const int MaxKept = 64 * 1024;

    [ThreadStatic]
    private static Draft? _draft;

    /// <summary>Writes a value as the whole content of the response.</summary>
    public static async Task WriteJsonAsync<T>(this HttpResponse response, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        response.ContentType = ContentType;
        Write(response, value, type);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static void Write<T>(HttpResponse response, T value, JsonTypeInfo<T> type)
    {
        // Taken while it is used: a converter could come back here.
        var draft = _draft ?? new();
        _draft = null;
        JsonSerializer.Serialize(draft.Writer, value, type);
        draft.Writer.Flush();
        response.ContentLength = draft.Bytes.WrittenCount;
        response.BodyWriter.Write(draft.Bytes.WrittenSpan);
        if (draft.Bytes.Capacity <= MaxKept)
        {
            draft.Clear();
            _draft = draft;
        }
    }

    private sealed class Draft
    {
        public Draft() => Writer = new(Bytes, new JsonWriterOptions { Encoder = ApiJson.Wire.Options.Encoder, SkipValidation = true });

        public ArrayBufferWriter<byte> Bytes { get; } = new(1024);

        public Utf8JsonWriter Writer { get; }

        public void Clear()
        {
            Bytes.ResetWrittenCount();
            Writer.Reset();
        }
    }
}
