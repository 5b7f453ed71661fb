using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;

namespace Platform.Api.OpenApi;

/// <summary>
/// The schemas of the document, made of the wire types as the serializer knows them: what it writes is what is described. Nulls are left
/// out of answers, so that there a property is required or may be absent, and is never null; in what callers send (types called
/// <c>…Body</c>) a null stands for an absent property. Limits come from the attributes of data annotations.
/// </summary>
internal sealed class SchemaComponents
{
    private const string BodySuffix = "Body";

    private static readonly string[] Suffixes = ["Object", "Envelope", BodySuffix];

    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Type> _owners = new(StringComparer.Ordinal);
    private readonly NullabilityInfoContext _nullability = new();
    private readonly XmlDocs _docs = XmlDocs.Of(typeof(SchemaComponents).Assembly);

    /// <summary>All that were asked for, by name.</summary>
    public JsonObject ToJson() => new(_schemas.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value)));

    /// <summary>A schema of a wire type: a reference to its component where it has one.</summary>
    public JsonObject Of(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object => Reference(type),
        JsonTypeInfoKind.Enumerable => new() { ["type"] = "array", ["items"] = Of(type.Options.GetTypeInfo(type.ElementType!)) },
        JsonTypeInfoKind.Dictionary => new() { ["type"] = "object", ["additionalProperties"] = Of(type.Options.GetTypeInfo(type.ElementType!)) },
        _ => OfValue(Nullable.GetUnderlyingType(type.Type) ?? type.Type),
    };

    /// <summary>A schema of a create's body: the model says which.</summary>
    public JsonObject Of(IReadOnlyList<ModelDefinition> models)
    {
        var references = models.Select(m => (m.Id, Schema: Reference(m))).ToList();
        return references.Count == 1
            ? references[0].Schema
            : new()
            {
                ["oneOf"] = new JsonArray([.. references.Select(r => r.Schema)]),
                ["discriminator"] = new JsonObject
                {
                    ["propertyName"] = "model",
                    ["mapping"] = new JsonObject(references.Select(r => KeyValuePair.Create(r.Id, (JsonNode?)r.Schema["$ref"]!.GetValue<string>()))),
                },
            };
    }

    private static JsonObject ReferenceTo(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private static string NameOf(Type type)
    {
        var suffix = Suffixes.FirstOrDefault(s => type.Name.EndsWith(s, StringComparison.Ordinal) && type.Name.Length > s.Length) ?? "";
        var name = type.Name[..^suffix.Length];
        return name.StartsWith("Api", StringComparison.Ordinal) && suffix is "Envelope" ? name["Api".Length..] : name;
    }

    private static string NameOf(ModelDefinition model) =>
        string.Concat(model.Id.Split('-', '.').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    private JsonObject Reference(ModelDefinition model)
    {
        var name = NameOf(model);
        if (!_schemas.ContainsKey(name))
        {
            // The dialect is the document's.
            var schema = JsonObject.Create(model.Parameters.JsonSchema)!.DeepClone().AsObject();
            schema.Remove("$schema");
            schema["description"] = $"The body of a create with `{model.Id}` ({model.DisplayName}).";
            _schemas[name] = schema;
        }

        return ReferenceTo(name);
    }

    private JsonObject Reference(JsonTypeInfo type)
    {
        var name = NameOf(type.Type);
        if (_owners.TryAdd(name, type.Type))
        {
            _schemas[name] = [];
            _schemas[name] = ObjectOf(type);
        }
        else if (_owners[name] != type.Type)
        {
            throw new InvalidOperationException($"{type.Type} and {_owners[name]} would both be called {name} in the document.");
        }

        return ReferenceTo(name);
    }

    private JsonObject ObjectOf(JsonTypeInfo type)
    {
        var isBody = type.Type.Name.EndsWith(BodySuffix, StringComparison.Ordinal);
        var schema = new JsonObject { ["type"] = "object" };
        AddDescription(schema, _docs.Summary(type.Type));
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in type.Properties.Where(p => p.Get is not null))
        {
            var member = MemberOf(type.Type, property);
            var value = Of(type.Options.GetTypeInfo(property.PropertyType));
            AddLimits(value, member);
            AddDescription(value, _docs.Summary(type.Type, member.Name));
            if (isBody ? member.IsDefined(typeof(RequiredAttribute)) : !IsNullable(member))
            {
                required.Add(property.Name);
            }
            else if (isBody)
            {
                AllowNull(value);
            }

            properties[property.Name] = value;
        }

        schema["properties"] = properties;
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    private static PropertyInfo MemberOf(Type type, JsonPropertyInfo property) =>
        property.AttributeProvider as PropertyInfo
        ?? type.GetProperties().Single(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name) == property.Name);

    private bool IsNullable(PropertyInfo member) => _nullability.Create(member).ReadState == NullabilityState.Nullable;

    private static void AddDescription(JsonObject schema, string? description)
    {
        if (description is not null)
        {
            schema["description"] = description;
        }
    }

    private static void AddLimits(JsonObject schema, PropertyInfo member)
    {
        foreach (var limit in member.GetCustomAttributes())
        {
            switch (limit)
            {
                case AllowedValuesAttribute { Values: [var only] }:
                    schema["const"] = JsonValue.Create(only as string);
                    break;
                case AllowedValuesAttribute allowed:
                    schema["enum"] = new JsonArray([.. allowed.Values.Select(v => (JsonNode?)JsonValue.Create(v as string))]);
                    break;
                case StringLengthAttribute length:
                    schema["minLength"] = length.MinimumLength;
                    schema["maxLength"] = length.MaximumLength;
                    break;
                case RangeAttribute range:
                    schema["minimum"] = JsonValue.Create(Convert.ToDecimal(range.Minimum, System.Globalization.CultureInfo.InvariantCulture));
                    schema["maximum"] = JsonValue.Create(Convert.ToDecimal(range.Maximum, System.Globalization.CultureInfo.InvariantCulture));
                    break;
                case RegularExpressionAttribute form:
                    schema["pattern"] = form.Pattern;
                    break;
                case UrlAttribute:
                    schema["format"] = "uri";
                    break;
            }
        }
    }

    private static void AllowNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue type)
        {
            schema["type"] = new JsonArray(type.GetValue<string>(), "null");
            (schema["enum"] as JsonArray)?.Add((JsonNode?)null);
            return;
        }

        // A reference: the null stands beside it.
        var reference = schema["$ref"]!.GetValue<string>();
        schema.Remove("$ref");
        schema["oneOf"] = new JsonArray(new JsonObject { ["$ref"] = reference }, new JsonObject { ["type"] = "null" });
    }

    private JsonObject OfValue(Type type)
    {
        if (type == typeof(CreditAmount))
        {
            _schemas.TryAdd(nameof(CreditAmount), new()
            {
                ["type"] = "number",
                ["description"] = "Credits: an exact decimal number of at most 8 decimals, without trailing zeros. Read it as a decimal, not as binary floating point.",
                ["examples"] = new JsonArray(40.824m),
            });
            return ReferenceTo(nameof(CreditAmount));
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => new() { ["type"] = "string" },
            TypeCode.Boolean => new() { ["type"] = "boolean" },
            TypeCode.Int32 => new() { ["type"] = "integer", ["format"] = "int32" },
            TypeCode.Int64 => new() { ["type"] = "integer", ["format"] = "int64" },
            TypeCode.Decimal => new() { ["type"] = "number" },
            _ when type == typeof(DateTimeOffset) => new() { ["type"] = "string", ["format"] = "date-time" },
            _ when type == typeof(JsonElement) => new() { ["type"] = "object" },
            _ => throw new InvalidOperationException($"The document has no schema for {type}."),
        };
    }
}
