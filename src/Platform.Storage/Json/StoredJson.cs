using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Storage.Json;

/// <summary>
/// The documents that the store keeps, and how they are written. They are apart from the domain's types and from the wire's, so that
/// either can change; a change of shape raises the version of the document, and every version ever written stays readable (golden
/// files). Credits and seconds are JSON numbers that are read as <see cref="decimal"/>, never as a double; times are unix milliseconds.
/// </summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TaskDocument))]
[JsonSerializable(typeof(TaskEventDocument))]
[JsonSerializable(typeof(LotsDocument))]
[JsonSerializable(typeof(BatchDocument))]
internal sealed partial class StoredJson : JsonSerializerContext
{
    /// <summary>The context to use: text of people is kept as it is, for it is never shown as HTML from here.</summary>
    public static StoredJson Compact { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Refuses a document of a version that this program does not know.</summary>
    /// <exception cref="StoredJsonException">The version is unknown.</exception>
    public static void CheckVersion(string document, int version, int known)
    {
        if (version < 1 || version > known)
        {
            throw new StoredJsonException(
                $"A stored {document} has version {version}; this program reads versions 1 to {known}. A newer program wrote it.");
        }
    }

    /// <summary>A value that a document of its kind must have.</summary>
    public static T Required<T>(T? value, string document, string property)
        where T : class =>
        value ?? throw Missing(document, property);

    /// <inheritdoc cref="Required{T}(T, string, string)"/>
    public static T Required<T>(T? value, string document, string property)
        where T : struct =>
        value ?? throw Missing(document, property);

    private static StoredJsonException Missing(string document, string property) =>
        new($"A stored {document} has no '{property}'.");
}
