using System.Text.Json.Nodes;
using Platform.Domain.Catalog.Parameters;

namespace Platform.Api.Tests.Catalog;

/// <summary>One way to break one rule of a schema, and the parameter that the refusal must name.</summary>
internal sealed record Breakage(string Name, string Param, Action<JsonObject> Apply)
{
    private static readonly string Long = new('a', 10_000);

    /// <summary>All ways, found by walking the schema: a rule that is added is broken without being named here.</summary>
    public static IReadOnlyList<Breakage> Of(ParameterSchema schema) => [.. OfGroup(schema.Body, "")];

    public override string ToString() => Name;

    private static IEnumerable<Breakage> OfGroup(ParameterShape.Group group, string prefix)
    {
        yield return Setting($"{prefix}no_such_parameter", "unknown", () => 1);
        foreach (var field in group.Fields)
        {
            var path = prefix + field.Name;
            if (field.IsRequired)
            {
                yield return new($"{path}: absent", path, body => At(body, path)?.Parent.Remove(field.Name));
                yield return Setting(path, "null", () => null);
            }

            foreach (var breakage in OfShape(field.Shape, path))
            {
                yield return breakage;
            }
        }

        foreach (var rule in group.Dependencies)
        {
            var allowed = ((ParameterShape.Text)group.Fields.Single(f => f.Name == rule.Text).Shape).Allowed.First(a => a.Value != rule.Value).Value;
            yield return new(rule.Name, prefix + rule.List, body =>
            {
                Set(body, prefix + rule.List, new JsonArray(new JsonObject { ["element_id"] = "12345" }));
                Set(body, prefix + rule.Text, allowed);
            });
        }
    }

    private static IEnumerable<Breakage> OfShape(ParameterShape shape, string path)
    {
        foreach (var (name, value) in WrongKinds(shape))
        {
            yield return Setting(path, name, value);
        }

        switch (shape)
        {
            case ParameterShape.Text text:
                if (text.Allowed.Length > 0)
                {
                    yield return Setting(path, "not allowed", () => "other");
                    yield return Setting(path, "other case", () => text.Allowed[0].Value.ToUpperInvariant() + " ");
                    yield return Setting(path, "empty", () => "");
                }
                else
                {
                    yield return Setting(path, "too long", () => Long[..(text.MaxLength + 1)]);
                }

                if (text.MinLength > 0)
                {
                    yield return Setting(path, "too short", () => "");
                }

                break;
            case ParameterShape.Credits:
                yield return Setting(path, "more than there can be", () => 90_000_000_001L);
                break;
            case ParameterShape.Url url:
                foreach (var wrong in new[] { "", "example.com/a", "ftp://example.com/a", "https://", "file:///etc/passwd", "//example.com", " https://example.com" })
                {
                    yield return Setting(path, $"'{wrong}'", () => wrong);
                }

                yield return Setting(path, "too long", () => "https://example.com/" + Long[..url.MaxLength]);
                if (url.Rule == UrlRule.Callback)
                {
                    yield return Setting(path, "plain HTTP", () => "http://example.com/");
                    yield return Setting(path, "user", () => "https://user:secret@example.com/");
                }

                if (url.MayBeArray)
                {
                    yield return Setting(path, "none", () => new JsonArray());
                    yield return Setting(path, "two", () => new JsonArray("https://example.com/1", "https://example.com/2"));
                    yield return Setting(path, "number in it", () => new JsonArray(1));
                    yield return Setting(path, "null in it", () => new JsonArray((JsonNode?)null));
                    yield return Setting(path, "array in it", () => new JsonArray(new JsonArray("https://example.com/1")));
                }

                break;
            case ParameterShape.Group group:
                foreach (var inner in OfGroup(group, path + "."))
                {
                    yield return inner;
                }

                break;
            case ParameterShape.List list:
                yield return Setting(path, "too many", () => new JsonArray([.. Enumerable.Range(0, list.MaxItems + 1).Select(_ => (JsonNode)new JsonObject { ["element_id"] = "1" })]));
                foreach (var (name, value) in WrongKinds(list.Item))
                {
                    yield return new($"{path}[0]: {name}", path + "[0]", body => Set(body, path, new JsonArray(value())));
                }

                foreach (var inner in OfGroup(list.Item, path + "[0]."))
                {
                    yield return inner;
                }

                break;
            case ParameterShape.Pairs pairs:
                yield return Setting(path, "too many", () => new JsonObject(Enumerable.Range(0, pairs.MaxPairs + 1).Select(i => KeyValuePair.Create($"k{i}", (JsonNode?)"v"))));
                yield return Setting(path, "empty key", () => new JsonObject { [""] = "v" });
                yield return Setting(path, "long key", () => new JsonObject { [Long[..(pairs.MaxKeyLength + 1)]] = "v" });
                yield return Setting(path + ".key", "long value", () => Long[..(pairs.MaxValueLength + 1)]);
                yield return Setting(path + ".key", "number", () => 1);
                yield return Setting(path + ".key", "null", () => null);
                yield return Setting(path + ".key", "object", () => new JsonObject());
                break;
        }
    }

    private static IEnumerable<(string Name, Func<JsonNode?> Value)> WrongKinds(ParameterShape shape)
    {
        if (shape is not (ParameterShape.Text or ParameterShape.Url))
        {
            yield return ("text", () => "true");
        }

        if (shape is not ParameterShape.Flag)
        {
            yield return ("boolean", () => true);
        }

        if (shape is not (ParameterShape.List or ParameterShape.Url { MayBeArray: true }))
        {
            yield return ("array", () => new JsonArray());
        }

        if (shape is not (ParameterShape.Group or ParameterShape.Pairs))
        {
            yield return ("object", () => new JsonObject());
        }

        yield return shape is ParameterShape.Credits ? ("negative", () => -0.01) : ("number", () => 1);
    }

    private static Breakage Setting(string path, string what, Func<JsonNode?> value) => new($"{path}: {what}", path, body => Set(body, path, value()));

    private static void Set(JsonObject body, string path, JsonNode? value)
    {
        if (At(body, path) is var (parent, name))
        {
            parent[name] = value;
        }
    }

    // Makes what is missing on the way; null where something of another kind is in the way, which is broken enough.
    private static (JsonObject Parent, string Name)? At(JsonObject body, string path)
    {
        var at = body;
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            var plain = name.Replace("[0]", "", StringComparison.Ordinal);
            var inList = plain.Length < name.Length;
            at[plain] ??= inList ? new JsonArray(new JsonObject()) : new JsonObject();
            var next = inList ? at[plain] is JsonArray { Count: > 0 } list ? list[0] : null : at[plain];
            if (next is not JsonObject found)
            {
                return null;
            }

            at = found;
        }

        return (at, names[^1]);
    }
}
