using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Platform.Domain.Catalog;

namespace Platform.Api.OpenApi;

/// <summary>A body of a request or an answer: its media type and, of each example, the name.</summary>
/// <param name="MediaType">The media type.</param>
/// <param name="Schema">What it is. It may add components to the document.</param>
internal sealed record Content(string MediaType, Func<SchemaComponents, JsonObject> Schema)
{
    public const string JsonMediaType = "application/json";

    /// <summary>A body of any form.</summary>
    public static readonly Content Anything = new("*/*", _ => []);

    /// <summary>Good values, by name.</summary>
    public IReadOnlyList<Example> Examples { get; init; } = [];

    /// <summary>JSON of a wire type, with examples by name.</summary>
    public static Content Json<T>(JsonTypeInfo<T> type, params IReadOnlyList<(string Name, T Value)> examples) =>
        new(JsonMediaType, components => components.Of(type))
        {
            Examples = [.. examples.Select(e => new Example(e.Name, JsonSerializer.SerializeToNode(e.Value, type)!))],
        };

    /// <summary>A create's body: what any of the models takes.</summary>
    public static Content Models(IReadOnlyList<ModelDefinition> models, params IReadOnlyList<(string Name, string Json)> examples) =>
        new(JsonMediaType, components => components.Of(models)) { Examples = Parse(examples) };

    /// <summary>JSON of a schema that is written out.</summary>
    public static Content Of(JsonObject schema, params IReadOnlyList<(string Name, string Json)> examples) =>
        new(JsonMediaType, _ => Copy(schema)) { Examples = Parse(examples) };

    /// <summary>What is no JSON.</summary>
    public static Content Other(string mediaType, JsonObject schema, params IReadOnlyList<(string Name, string Text)> examples) =>
        new(mediaType, _ => Copy(schema)) { Examples = [.. examples.Select(e => new Example(e.Name, JsonValue.Create(e.Text)))] };

    private static JsonObject Copy(JsonObject schema) => schema.DeepClone().AsObject();

    private static IReadOnlyList<Example> Parse(IReadOnlyList<(string Name, string Json)> examples) =>
        [.. examples.Select(e => new Example(e.Name, JsonNode.Parse(e.Json)!))];
}

/// <summary>A good value.</summary>
internal sealed record Example(string Name, JsonNode Value);
