using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Domain.Catalog.Parameters;

/// <summary>
/// All parameters of a model, said once: requests are judged by them, and the models endpoint, the OpenAPI document and the console
/// show them as JSON Schema (draft 2020-12).
/// </summary>
public sealed class ParameterSchema
{
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>Takes the parameters of the body.</summary>
    /// <param name="title">Name of the model.</param>
    /// <param name="body">The parameters.</param>
    public ParameterSchema(string title, ParameterShape.Group body)
    {
        Title = title;
        Body = body;
        AddPaths(body, "");
        JsonSchema = Export();
    }

    /// <summary>Name of the model.</summary>
    public string Title { get; }

    /// <summary>The parameters of the body.</summary>
    public ParameterShape.Group Body { get; }

    /// <summary>The parameters as JSON Schema.</summary>
    public JsonElement JsonSchema { get; }

    /// <summary>Judges a body. It never throws, whatever the body is.</summary>
    public ParameterReading Read(JsonElement body) => new ParameterReader(this).Read(body);

    /// <summary>Where a parameter of this name belongs, or null where there is none.</summary>
    internal string? PathOf(string name) => _paths.GetValueOrDefault(name);

    private void AddPaths(ParameterShape.Group group, string prefix)
    {
        foreach (var field in group.Fields)
        {
            _paths.TryAdd(field.Name, prefix + field.Name);
            switch (field.Shape)
            {
                case ParameterShape.Group inner:
                    AddPaths(inner, $"{prefix}{field.Name}.");
                    break;
                case ParameterShape.List list:
                    AddPaths(list.Item, $"{prefix}{field.Name}[0].");
                    break;
            }
        }
    }

    private JsonElement Export()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonSchemaExport.Write(writer, this);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
