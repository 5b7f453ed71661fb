using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Platform.Api;

/// <summary>
/// The digest of a JSON value that does not depend on how it was written: keys sorted, no white space, numbers by value, nulls left
/// out (an absent field and a null are the same request).
/// </summary>
internal static class CanonicalJson
{
    /// <summary>SHA-256 of the canonical form, lower-case hexadecimal.</summary>
    public static string Digest(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in value.EnumerateObject().OrderBy(f => f.Name, StringComparer.Ordinal))
                {
                    if (field.Value.ValueKind != JsonValueKind.Null)
                    {
                        writer.WritePropertyName(field.Name);
                        Write(writer, field.Value);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number when value.TryGetDecimal(out var number):
                // 1, 1.0 and 1.00 are one number.
                writer.WriteNumberValue(number / 1.0000000000000000000000000000m);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
