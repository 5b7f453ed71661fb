using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Api.Tests.Contract;

/// <summary>
/// A check by JSON Schema, draft 2020-12, of the words that our schemas use; any other word is an error, so that none is passed over.
/// Formats are assertions here. Says what is wrong, and where.
/// </summary>
/// <param name="document">The document that references lead into.</param>
/// <param name="closed">Whether an object has no other properties than those that are declared, even where the schema leaves it open.</param>
internal sealed class JsonSchemaCheck(JsonElement document, bool closed = false)
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Whether a value is what a schema without references says.</summary>
    public static bool Accepts(JsonElement schema, JsonElement value) => new JsonSchemaCheck(schema).Find(schema, value) is null;

    /// <summary>The first thing that is wrong, or null.</summary>
    public string? Find(JsonElement schema, JsonElement value, string where = "$")
    {
        foreach (var word in schema.EnumerateObject())
        {
            if (FindByWord(word, schema, value, where) is { } wrong)
            {
                return wrong;
            }
        }

        return closed ? FindUndeclared(schema, value, where) : null;
    }

    /// <summary>Follows a reference, where there is one.</summary>
    public JsonElement Resolve(JsonElement schema)
    {
        if (!schema.TryGetProperty("$ref", out var reference))
        {
            return schema;
        }

        var target = document;
        foreach (var part in reference.GetString()!.Split('/')[1..])
        {
            target = target.GetProperty(part);
        }

        return target;
    }

    private static string? Unless(bool holds, string where, JsonProperty word, JsonElement value) =>
        holds ? null : $"{where} is {Shown(value)}, which breaks \"{word.Name}\": {Shown(word.Value)}";

    private static string Shown(JsonElement value) => value.GetRawText() is { Length: > 200 } text ? text[..200] + "…" : value.GetRawText();

    private string? FindByWord(JsonProperty word, JsonElement schema, JsonElement value, string where) => word.Name switch
    {
        "$ref" => Find(Resolve(schema), value, where),
        "items" when value.ValueKind == JsonValueKind.Array => First(value.EnumerateArray().Select((item, i) => Find(word.Value, item, $"{where}[{i}]"))),
        "properties" when value.ValueKind == JsonValueKind.Object => First(word.Value.EnumerateObject().Select(
            p => value.TryGetProperty(p.Name, out var field) ? Find(p.Value, field, $"{where}.{p.Name}") : null)),
        "additionalProperties" when value.ValueKind == JsonValueKind.Object && word.Value.ValueKind == JsonValueKind.Object => First(
            Undeclared(schema, value).Select(p => Find(word.Value, p.Value, $"{where}.{p.Name}"))),
        "additionalProperties" when word.Value.ValueKind == JsonValueKind.False => FirstUndeclared(schema, value, where),
        "allOf" => First(word.Value.EnumerateArray().Select(s => Find(s, value, where))),
        "if" => Find(word.Value, value, where) is null ? Find(schema.GetProperty("then"), value, where) : null,
        "oneOf" => FindOne(word, value, where),
        "anyOf" => word.Value.EnumerateArray().Any(s => Find(s, value, where) is null) ? null : $"{where} is none of {Shown(word.Value)}",
        _ => Unless(Holds(word, value), where, word, value),
    };

    private static string? First(IEnumerable<string?> findings) => findings.FirstOrDefault(f => f is not null);

    private string? FindOne(JsonProperty word, JsonElement value, string where)
    {
        var findings = word.Value.EnumerateArray().Select(s => Find(s, value, where)).ToList();
        return findings.Count(f => f is null) == 1
            ? null
            : $"{where} is not one of {findings.Count}: {string.Join("; ", findings.Select(f => f ?? "it is one"))}";
    }

    private bool Holds(JsonProperty word, JsonElement value) => word.Name switch
    {
        "type" when word.Value.ValueKind == JsonValueKind.Array => word.Value.EnumerateArray().Any(t => IsType(t.GetString()!, value)),
        "type" => IsType(word.Value.GetString()!, value),
        "enum" => word.Value.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value)),
        "const" => JsonElement.DeepEquals(word.Value, value),
        "minLength" => Text(value) is not { } text || text.EnumerateRunes().Count() >= word.Value.GetInt32(),
        "maxLength" => Text(value) is not { } text || text.EnumerateRunes().Count() <= word.Value.GetInt32(),
        "pattern" => Text(value) is not { } text || Regex.IsMatch(text, word.Value.GetString()!, RegexOptions.ECMAScript, RegexTimeout),
        "format" => IsFormat(word.Value.GetString()!, value),
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= word.Value.GetDecimal(),
        "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= word.Value.GetDecimal(),
        "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= word.Value.GetInt32(),
        "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= word.Value.GetInt32(),
        "required" => value.ValueKind != JsonValueKind.Object || word.Value.EnumerateArray().All(n => value.TryGetProperty(n.GetString()!, out _)),
        "maxProperties" => value.ValueKind != JsonValueKind.Object || value.GetPropertyCount() <= word.Value.GetInt32(),
        "propertyNames" => value.ValueKind != JsonValueKind.Object
            || value.EnumerateObject().All(p => Find(word.Value, JsonSerializer.SerializeToElement(p.Name)) is null),
        "items" or "properties" or "additionalProperties" or "then" or "discriminator" or "contentMediaType" => true,
        "$schema" or "$comment" or "title" or "description" or "default" or "examples" or "x-notes" or "x-enum-descriptions" => true,
        _ => throw new InvalidOperationException($"The word '{word.Name}' is not known to this check."),
    };

    private static string? FindUndeclared(JsonElement schema, JsonElement value, string where) =>
        schema.TryGetProperty("properties", out _) && !schema.TryGetProperty("additionalProperties", out _) ? FirstUndeclared(schema, value, where) : null;

    private static string? FirstUndeclared(JsonElement schema, JsonElement value, string where) => value.ValueKind == JsonValueKind.Object
        ? Undeclared(schema, value).Select(p => $"{where}.{p.Name} is not declared").FirstOrDefault()
        : null;

    private static IEnumerable<JsonProperty> Undeclared(JsonElement schema, JsonElement value) => value.EnumerateObject()
        .Where(p => !schema.TryGetProperty("properties", out var declared) || !declared.TryGetProperty(p.Name, out _));

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsType(string type, JsonElement value) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("null", JsonValueKind.Null)
            or ("number", JsonValueKind.Number) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => decimal.IsInteger(value.GetDecimal()),
        _ => false,
    };

    private static bool IsFormat(string format, JsonElement value) => format switch
    {
        "uri" => Text(value) is not { } text || Uri.TryCreate(text, UriKind.Absolute, out _),
        "date-time" => Text(value) is not { } text || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "int32" => value.ValueKind != JsonValueKind.Number || value.TryGetInt32(out _),
        "int64" => value.ValueKind != JsonValueKind.Number || value.TryGetInt64(out _),
        _ => throw new InvalidOperationException($"The format '{format}' is not known to this check."),
    };
}
