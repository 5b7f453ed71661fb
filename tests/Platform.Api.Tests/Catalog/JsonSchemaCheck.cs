using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Api.Tests.Catalog;

/// <summary>
/// A generic check by JSON Schema, of the words that our schemas use; any other word is an error, so that none is passed over.
/// <c>format: uri</c> is an assertion here.
/// </summary>
internal static class JsonSchemaCheck
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(1);

    public static bool Accepts(JsonElement schema, JsonElement value)
    {
        foreach (var word in schema.EnumerateObject())
        {
            if (!Holds(word, schema, value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Holds(JsonProperty word, JsonElement schema, JsonElement value) => word.Name switch
    {
        "type" when word.Value.ValueKind == JsonValueKind.Array => word.Value.EnumerateArray().Any(t => IsType(t.GetString()!, value)),
        "type" => IsType(word.Value.GetString()!, value),
        "enum" => word.Value.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value)),
        "const" => JsonElement.DeepEquals(word.Value, value),
        "minLength" => Text(value) is not { } text || text.EnumerateRunes().Count() >= word.Value.GetInt32(),
        "maxLength" => Text(value) is not { } text || text.EnumerateRunes().Count() <= word.Value.GetInt32(),
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= word.Value.GetDecimal(),
        "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= word.Value.GetDecimal(),
        "pattern" => Text(value) is not { } text || Regex.IsMatch(text, word.Value.GetString()!, RegexOptions.ECMAScript, RegexTimeout),
        "format" => Text(value) is not { } text || Uri.TryCreate(text, UriKind.Absolute, out _),
        "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= word.Value.GetInt32(),
        "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= word.Value.GetInt32(),
        "items" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().All(i => Accepts(word.Value, i)),
        "oneOf" => word.Value.EnumerateArray().Count(s => Accepts(s, value)) == 1,
        "allOf" => word.Value.EnumerateArray().All(s => Accepts(s, value)),
        "if" => !Accepts(word.Value, value) || Accepts(schema.GetProperty("then"), value),
        "required" => value.ValueKind != JsonValueKind.Object || word.Value.EnumerateArray().All(n => value.TryGetProperty(n.GetString()!, out _)),
        "properties" => value.ValueKind != JsonValueKind.Object
            || word.Value.EnumerateObject().All(p => !value.TryGetProperty(p.Name, out var field) || Accepts(p.Value, field)),
        "maxProperties" => value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() <= word.Value.GetInt32(),
        "propertyNames" => value.ValueKind != JsonValueKind.Object
            || value.EnumerateObject().All(p => Accepts(word.Value, JsonSerializer.SerializeToElement(p.Name))),
        "additionalProperties" => value.ValueKind != JsonValueKind.Object
            || value.EnumerateObject().Where(p => !IsDeclared(schema, p.Name)).All(p => word.Value.ValueKind != JsonValueKind.False && Accepts(word.Value, p.Value)),
        "then" or "$schema" or "$comment" or "title" or "description" or "default" or "examples" or "x-notes" or "x-enum-descriptions" => true,
        _ => throw new InvalidOperationException($"The word '{word.Name}' is not known to this check."),
    };

    private static bool IsDeclared(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var declared) && declared.TryGetProperty(name, out _);

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsType(string type, JsonElement value) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("null", JsonValueKind.Null)
            or ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        _ => false,
    };
}
