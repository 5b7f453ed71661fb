using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Platform.Api.Errors;

namespace Platform.Api;

/// <summary>A JSON body that was read, or why it could not be.</summary>
internal readonly record struct BodyReading(JsonDocument? Document, ApiError? Error);

/// <summary>Reads JSON bodies within bounds: size, depth, no duplicate keys.</summary>
internal static class RequestBody
{
    /// <summary>Largest JSON body, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = 16,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads the body; the document must be disposed.</summary>
    public static async Task<BodyReading> ReadJsonAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.HasJsonContentType() || !IsUtf8(request))
        {
            return new(null, ApiErrors.UnsupportedMediaType("application/json in UTF-8"));
        }

        return await ReadBytesAsync(context) is { } body ? Parse(body) : new(null, ApiErrors.BodyTooLarge(MaxBytes));
    }

    /// <summary>Reads the body as it is; null where it is longer than <see cref="MaxBytes"/>.</summary>
    public static async Task<byte[]?> ReadBytesAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > MaxBytes)
        {
            return null;
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > MaxBytes)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (!read.IsCompleted)
            {
                request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            // Whoever reads keeps the bytes, and the reader takes its buffer back: a copy of its own.
            var body = read.Buffer.ToArray();
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return body;
        }
    }

    private static bool IsUtf8(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        || !type.Charset.HasValue
        || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    private static BodyReading Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            return new(null, ApiErrors.InvalidBody("The body is empty; a JSON object is expected."));
        }

        try
        {
            return new(JsonDocument.Parse(body, Strict), null);
        }
        catch (InvalidOperationException)
        {
            // A name may hold an escaped half of a surrogate pair: valid JSON, but no text, and the search for duplicates cannot read it.
            return new(null, ApiErrors.InvalidBody("The body has a field whose name is not valid Unicode text."));
        }
        catch (JsonException error)
        {
            var where = error is { LineNumber: { } line, BytePositionInLine: { } column } ? $" at line {line + 1}, byte {column + 1}" : "";
            return new(null, ApiErrors.InvalidBody(
                $"The body is not valid JSON{where}: it must be one UTF-8 JSON object, at most {Strict.MaxDepth} levels deep, each key once."));
        }
    }
}
