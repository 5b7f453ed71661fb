using System.Text.Json.Nodes;

namespace Platform.Api.OpenApi;

/// <summary>Short ways to write a JSON Schema (draft 2020-12) of a value that has no type of its own.</summary>
internal static class Schema
{
    /// <summary>Any text.</summary>
    public static JsonObject Text() => new() { ["type"] = "string" };

    /// <summary>A text of so many characters.</summary>
    public static JsonObject Text(int minLength, int maxLength) => new() { ["type"] = "string", ["minLength"] = minLength, ["maxLength"] = maxLength };

    /// <summary>A text of a form.</summary>
    public static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    /// <summary>One of some texts.</summary>
    public static JsonObject OneOf(params IEnumerable<string> values) => new() { ["type"] = "string", ["enum"] = Values(values) };

    /// <summary>A whole number within bounds.</summary>
    public static JsonObject Integer(int least, int most, int? byDefault = null)
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };
        if (byDefault is { } value)
        {
            schema["default"] = value;
        }

        return schema;
    }

    /// <summary>A time as queries take it: ISO 8601 with its zone, or unix seconds.</summary>
    public static JsonObject Time() => new() { ["type"] = "string", ["examples"] = Values(["2026-11-23T08:00:00Z", "1795507200"]) };

    /// <summary>An object of texts whose names begin with a prefix.</summary>
    public static JsonObject Pairs(string prefix) => new()
    {
        ["type"] = "object",
        ["propertyNames"] = Pattern($"^{prefix.Replace(".", "\\.", StringComparison.Ordinal)}.+$"),
        ["additionalProperties"] = Text(),
    };

    /// <summary>Bytes that are no text.</summary>
    public static JsonObject Bytes(string mediaType) => new() { ["type"] = "string", ["contentMediaType"] = mediaType };

    private static JsonArray Values(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);
}
