using System.Text.Json;

namespace Platform.Api.Tests.Contract;

/// <summary>
/// What of an older document a newer one no longer keeps: operations, parameters, properties and values that are gone, fields that a request
/// suddenly needs, types that have changed. Additions break nobody: clients are told to pass over what they don't know.
/// </summary>
internal sealed class BreakingChanges
{
    private readonly JsonSchemaCheck _old;
    private readonly JsonSchemaCheck _new;
    private readonly List<string> _found = [];

    private BreakingChanges(JsonElement older, JsonElement newer) => (_old, _new) = (new(older), new(newer));

    public static IReadOnlyList<string> Between(JsonElement older, JsonElement newer)
    {
        var changes = new BreakingChanges(older, newer);
        foreach (var path in older.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var where = $"{operation.Name.ToUpperInvariant()} {path.Name}";
                if (newer.GetProperty("paths").TryGetProperty(path.Name, out var now) && now.TryGetProperty(operation.Name, out var same))
                {
                    changes.Compare(where, operation.Value, same);
                }
                else
                {
                    changes._found.Add($"{where} is gone");
                }
            }
        }

        return changes._found;
    }

    private static Dictionary<string, JsonElement> ParametersOf(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().ToDictionary(p => $"{p.GetProperty("in").GetString()} parameter {p.GetProperty("name").GetString()}", StringComparer.Ordinal)
        : [];

    private static IEnumerable<string> Texts(JsonElement schema, string word) =>
        schema.TryGetProperty(word, out var values) ? values.EnumerateArray().Select(v => v.ToString()) : [];

    private static string? Raw(JsonElement schema, string word) => schema.TryGetProperty(word, out var value) ? value.GetRawText() : null;

    private static bool Has(JsonElement schema, string word) => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(word, out _);

    private void Compare(string where, JsonElement was, JsonElement now)
    {
        if (Raw(was, "operationId") != Raw(now, "operationId"))
        {
            _found.Add($"{where} has another operationId");
        }

        CompareParameters(where, ParametersOf(was), ParametersOf(now));
        if (Has(was, "requestBody"))
        {
            CompareContents($"{where} body", was.GetProperty("requestBody"), Has(now, "requestBody") ? now.GetProperty("requestBody") : default, isRequest: true);
        }

        foreach (var response in was.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] is '2' or '3'))
        {
            if (now.GetProperty("responses").TryGetProperty(response.Name, out var same))
            {
                CompareContents($"{where} {response.Name}", _old.Resolve(response.Value), _new.Resolve(same), isRequest: false);
            }
            else
            {
                _found.Add($"{where} no longer answers {response.Name}");
            }
        }
    }

    private void CompareParameters(string where, Dictionary<string, JsonElement> was, Dictionary<string, JsonElement> now)
    {
        foreach (var (name, parameter) in was)
        {
            if (now.TryGetValue(name, out var same))
            {
                CompareSchemas($"{where} {name}", parameter.GetProperty("schema"), same.GetProperty("schema"), isRequest: true, depth: 0);
            }
            else
            {
                _found.Add($"{where} {name} is gone");
            }
        }

        _found.AddRange(now
            .Where(p => p.Value.GetProperty("required").GetBoolean() && !(was.TryGetValue(p.Key, out var before) && before.GetProperty("required").GetBoolean()))
            .Select(p => $"{where} {p.Key} is required now"));
    }

    private void CompareContents(string where, JsonElement was, JsonElement now, bool isRequest)
    {
        if (!Has(was, "content"))
        {
            return;
        }

        foreach (var media in was.GetProperty("content").EnumerateObject())
        {
            if (Has(now, "content") && now.GetProperty("content").TryGetProperty(media.Name, out var same))
            {
                CompareSchemas(where, media.Value.GetProperty("schema"), same.GetProperty("schema"), isRequest, depth: 0);
            }
            else
            {
                _found.Add($"{where} is no longer {media.Name}");
            }
        }
    }

    private void CompareSchemas(string where, JsonElement before, JsonElement after, bool isRequest, int depth)
    {
        const int DeepEnough = 16;
        if (depth > DeepEnough)
        {
            return;
        }

        var (was, now) = (_old.Resolve(before), _new.Resolve(after));
        if (Raw(was, "type") != Raw(now, "type"))
        {
            _found.Add($"{where} was {Raw(was, "type") ?? "anything"} and is {Raw(now, "type") ?? "anything"}");
        }

        if (Has(now, "enum"))
        {
            _found.AddRange(Texts(was, "enum").Except(Texts(now, "enum"), StringComparer.Ordinal).Select(value => $"{where} no longer knows {value}"));
        }

        var (needed, needs) = (Texts(was, "required").ToHashSet(StringComparer.Ordinal), Texts(now, "required").ToHashSet(StringComparer.Ordinal));
        _found.AddRange(isRequest
            ? needs.Except(needed).Select(name => $"{where}.{name} is required now")
            : needed.Except(needs).Select(name => $"{where}.{name} may be absent now"));
        if (Has(was, "properties"))
        {
            foreach (var property in was.GetProperty("properties").EnumerateObject())
            {
                if (Has(now, "properties") && now.GetProperty("properties").TryGetProperty(property.Name, out var same))
                {
                    CompareSchemas($"{where}.{property.Name}", property.Value, same, isRequest, depth + 1);
                }
                else
                {
                    _found.Add($"{where}.{property.Name} is gone");
                }
            }
        }

        if (Has(was, "items") && Has(now, "items"))
        {
            CompareSchemas($"{where}[]", was.GetProperty("items"), now.GetProperty("items"), isRequest, depth + 1);
        }
    }
}
