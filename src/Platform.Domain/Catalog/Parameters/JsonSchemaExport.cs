using System.Text.Json;
using Platform.Domain.Credits;

namespace Platform.Domain.Catalog.Parameters;

/// <summary>
/// Writes a schema as JSON Schema, draft 2020-12. What has no word there is said in <c>x-notes</c> and <c>x-enum-descriptions</c>.
/// </summary>
internal static class JsonSchemaExport
{
    public static void Write(Utf8JsonWriter writer, ParameterSchema schema)
    {
        writer.WriteStartObject();
        writer.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
        writer.WriteString("title", schema.Title);
        WriteGroup(writer, schema.Body, isOptional: false);
        writer.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter writer, Parameter parameter)
    {
        writer.WriteStartObject(parameter.Name);
        writer.WriteString("description", parameter.Description);
        WriteShape(writer, parameter.Shape, !parameter.IsRequired);
        if (parameter.ExampleJson is { } example)
        {
            writer.WriteStartArray("examples");
            writer.WriteRawValue(example);
            writer.WriteEndArray();
        }

        if (parameter.Notes.Length > 0)
        {
            writer.WriteStartArray("x-notes");
            foreach (var note in parameter.Notes)
            {
                writer.WriteStringValue(note);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteShape(Utf8JsonWriter writer, ParameterShape shape, bool isOptional)
    {
        switch (shape)
        {
            case ParameterShape.Text text:
                WriteText(writer, text, isOptional);
                break;
            case ParameterShape.Flag flag:
                WriteType(writer, "boolean", isOptional);
                writer.WriteBoolean("default", flag.Default);
                break;
            case ParameterShape.Credits:
                // No multipleOf: a check that computes with binary fractions would refuse good amounts.
                WriteType(writer, "number", isOptional);
                writer.WriteNumber("minimum", 0);
                writer.WriteNumber("maximum", CreditAmount.Limit);
                break;
            case ParameterShape.Url { MayBeArray: true } url:
                writer.WriteStartArray("oneOf");
                writer.WriteStartObject();
                WriteUrl(writer, url, isOptional);
                writer.WriteEndObject();
                writer.WriteStartObject();
                WriteType(writer, "array", isOptional: false);
                writer.WriteStartObject("items");
                WriteUrl(writer, url, isOptional: false);
                writer.WriteEndObject();
                writer.WriteNumber("minItems", 1);
                writer.WriteNumber("maxItems", 1);
                writer.WriteEndObject();
                writer.WriteEndArray();
                break;
            case ParameterShape.Url url:
                WriteUrl(writer, url, isOptional);
                break;
            case ParameterShape.Group group:
                WriteGroup(writer, group, isOptional);
                break;
            case ParameterShape.List list:
                WriteType(writer, "array", isOptional);
                writer.WriteStartObject("items");
                WriteGroup(writer, list.Item, isOptional: false);
                writer.WriteEndObject();
                writer.WriteNumber("maxItems", list.MaxItems);
                break;
            case ParameterShape.Pairs pairs:
                WriteType(writer, "object", isOptional);
                writer.WriteNumber("maxProperties", pairs.MaxPairs);
                writer.WriteStartObject("propertyNames");
                writer.WriteNumber("minLength", 1);
                writer.WriteNumber("maxLength", pairs.MaxKeyLength);
                writer.WriteEndObject();
                writer.WriteStartObject("additionalProperties");
                WriteType(writer, "string", isOptional: false);
                writer.WriteNumber("maxLength", pairs.MaxValueLength);
                writer.WriteEndObject();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(shape), shape, "Not a shape.");
        }
    }

    private static void WriteText(Utf8JsonWriter writer, ParameterShape.Text text, bool isOptional)
    {
        WriteType(writer, "string", isOptional);
        if (text.MinLength > 0)
        {
            writer.WriteNumber("minLength", text.MinLength);
        }

        if (text.MaxLength < int.MaxValue)
        {
            writer.WriteNumber("maxLength", text.MaxLength);
        }

        if (text.Default is not null)
        {
            writer.WriteString("default", text.Default);
        }

        if (text.Allowed.Length == 0)
        {
            return;
        }

        writer.WriteStartArray("enum");
        foreach (var allowed in text.Allowed)
        {
            writer.WriteStringValue(allowed.Value);
        }

        if (isOptional)
        {
            writer.WriteNullValue();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("x-enum-descriptions");
        foreach (var allowed in text.Allowed)
        {
            writer.WriteString(allowed.Value, allowed.Description);
        }

        writer.WriteEndObject();
    }

    private static void WriteUrl(Utf8JsonWriter writer, ParameterShape.Url url, bool isOptional)
    {
        WriteType(writer, "string", isOptional);
        writer.WriteString("format", "uri");
        writer.WriteNumber("maxLength", url.MaxLength);
        writer.WriteString("pattern", url.Rule.Pattern);
    }

    private static void WriteGroup(Utf8JsonWriter writer, ParameterShape.Group group, bool isOptional)
    {
        WriteType(writer, "object", isOptional);
        writer.WriteStartObject("properties");
        foreach (var field in group.Fields)
        {
            WriteParameter(writer, field);
        }

        writer.WriteEndObject();
        if (group.Fields.Any(f => f.IsRequired))
        {
            writer.WriteStartArray("required");
            foreach (var field in group.Fields.Where(f => f.IsRequired))
            {
                writer.WriteStringValue(field.Name);
            }

            writer.WriteEndArray();
        }

        writer.WriteBoolean("additionalProperties", false);
        if (group.Dependencies.Length > 0)
        {
            writer.WriteStartArray("allOf");
            foreach (var rule in group.Dependencies)
            {
                WriteDependency(writer, rule);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteDependency(Utf8JsonWriter writer, Dependency rule)
    {
        writer.WriteStartObject();
        writer.WriteString("$comment", rule.Name);
        writer.WriteStartObject("if");
        writer.WriteStartObject("properties");
        writer.WriteStartObject(rule.List);
        writer.WriteString("type", "array");
        writer.WriteStartObject("items");
        writer.WriteEndObject();
        writer.WriteNumber("minItems", 1);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("required");
        writer.WriteStringValue(rule.List);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartObject("then");
        writer.WriteStartObject("properties");
        writer.WriteStartObject(rule.Text);
        writer.WriteString("const", rule.Value);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // A null stands for an absent field, so that it is a value of what may be absent only.
    private static void WriteType(Utf8JsonWriter writer, string type, bool isOptional)
    {
        if (!isOptional)
        {
            writer.WriteString("type", type);
            return;
        }

        writer.WriteStartArray("type");
        writer.WriteStringValue(type);
        writer.WriteStringValue("null");
        writer.WriteEndArray();
    }
}
