using System.Collections.Immutable;
using System.Text.Json;
using Platform.Domain.Credits;

namespace Platform.Domain.Catalog.Parameters;

/// <summary>Judges one body by a schema.</summary>
internal sealed class ParameterReader(ParameterSchema schema)
{
    // Callers see the first; a body of thousands of faults must not cost thousands of sentences.
    private const int MaxViolations = 16;

    private static readonly object True = true;
    private static readonly object False = false;

    private readonly List<ParameterViolation> _violations = [];
    private readonly ParameterValues _values = new();

    public ParameterReading Read(JsonElement body)
    {
        try
        {
            if (body.ValueKind == JsonValueKind.Object)
            {
                ReadGroup(body, schema.Body, "");
            }
            else
            {
                Add("", $"The body must be a JSON object; it is {Describe(body)}.");
            }
        }
        catch (InvalidOperationException)
        {
            // A field's name may hold an escaped half of a surrogate pair: valid JSON, but no text, and its name cannot be read.
            Add("", "The body has a field whose name is not valid Unicode text.");
        }

        return _violations.Count == 0 ? new(_values, _violations) : new(null, _violations);
    }

    private static int IndexOf(ParameterShape.Group group, JsonProperty property)
    {
        for (var i = 0; i < group.Fields.Length; i++)
        {
            if (property.NameEquals(group.Fields[i].Name))
            {
                return i;
            }
        }

        return -1;
    }

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    private static string Quoted(IEnumerable<AllowedValue> values) => string.Join(" or ", values.Select(a => $"'{a.Value}'"));

    // What is allowed, for a parameter that is missing.
    private static string Expected(ParameterShape shape) => shape switch
    {
        ParameterShape.Text { Allowed.Length: > 0 } text => Quoted(text.Allowed),
        ParameterShape.Text => "a string",
        ParameterShape.Flag => "true or false",
        ParameterShape.Credits => "a number of credits",
        ParameterShape.Url { MayBeArray: true } url => $"{url.Rule.Expected}, or an array of exactly one",
        ParameterShape.Url url => url.Rule.Expected,
        ParameterShape.Group group => $"an object with {string.Join(", ", group.Fields.Where(f => f.IsRequired).Select(f => $"'{f.Name}'"))}",
        ParameterShape.List => "an array of objects",
        ParameterShape.Pairs => "an object of strings",
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "Not a shape."),
    };

    // Code points: what JSON Schema and most languages' callers count.
    private static int Length(string text)
    {
        var length = text.Length;
        foreach (var c in text)
        {
            if (char.IsLowSurrogate(c))
            {
                length--;
            }
        }

        return length;
    }

    // Half a surrogate pair written as an escape is valid JSON and no text; bytes that are not UTF-8 are found here, too.
    private static bool TryGetText(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private void ReadGroup(JsonElement value, ParameterShape.Group group, string prefix)
    {
        var found = new JsonElement[group.Fields.Length];
        List<string>? unknown = null;
        foreach (var property in value.EnumerateObject())
        {
            if (IndexOf(group, property) is >= 0 and var index)
            {
                found[index] = property.Value;
            }
            else if ((unknown ??= []).Count < MaxViolations)
            {
                unknown.Add(property.Name);
            }
        }

        for (var i = 0; i < found.Length; i++)
        {
            var field = group.Fields[i];
            if (found[i].ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
            {
                ReadValue(found[i], field.Shape, prefix + field.Name);
            }
            else if (field.IsRequired)
            {
                Wrong(prefix + field.Name, $"is required: {Expected(field.Shape)}");
            }
        }

        foreach (var rule in group.Dependencies)
        {
            Judge(rule, group, found, prefix);
        }

        foreach (var name in unknown ?? [])
        {
            Refuse(name, group, prefix);
        }
    }

    private void ReadValue(JsonElement value, ParameterShape shape, string path)
    {
        switch (shape)
        {
            case ParameterShape.Text text:
                ReadText(value, text, path);
                break;
            case ParameterShape.Flag:
                if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
                {
                    _values.Set(path, value.ValueKind == JsonValueKind.True ? True : False);
                }
                else
                {
                    Wrong(path, $"must be true or false; it is {Describe(value)}");
                }

                break;
            case ParameterShape.Credits:
                ReadCredits(value, path);
                break;
            case ParameterShape.Url url:
                ReadUrl(value, url, path);
                break;
            case ParameterShape.Group group:
                if (value.ValueKind == JsonValueKind.Object)
                {
                    ReadGroup(value, group, path + ".");
                }
                else
                {
                    Wrong(path, $"must be an object; it is {Describe(value)}");
                }

                break;
            case ParameterShape.List list:
                ReadList(value, list, path);
                break;
            case ParameterShape.Pairs pairs:
                ReadPairs(value, pairs, path);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(shape), shape, "Not a shape.");
        }
    }

    private void ReadText(JsonElement value, ParameterShape.Text shape, string path)
    {
        if (GetText(value, path, "a string") is not { } text)
        {
            return;
        }

        if (shape.Allowed.Length > 0 && !shape.Allowed.Any(a => string.Equals(a.Value, text, StringComparison.Ordinal)))
        {
            Wrong(path, $"must be {Quoted(shape.Allowed)}; it is '{ParameterName.Shown(text)}'");
        }
        else if (text.Length < shape.MinLength)
        {
            Wrong(path, "must not be empty");
        }
        else if (!IsTooLong(text, shape.MaxLength, path))
        {
            _values.Set(path, text);
        }
    }

    private void ReadCredits(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            Wrong(path, $"must be a number; it is {Describe(value)}");
        }
        else if (ExactCredits.TryRead(value, out var credits) && credits >= CreditAmount.Zero)
        {
            _values.Set(path, credits);
        }
        else
        {
            Wrong(path, $"must be a number from 0 to {CreditAmount.Limit} with at most {CreditAmount.MaxDecimals} decimals");
        }
    }

    private void ReadUrl(JsonElement value, ParameterShape.Url shape, string path)
    {
        if (shape.MayBeArray && value.ValueKind == JsonValueKind.Array)
        {
            if (value.GetArrayLength() != 1)
            {
                Wrong(path, $"must have exactly one URL; it has {value.GetArrayLength()}");
                return;
            }

            value = value[0];
        }

        if (GetText(value, path, shape.MayBeArray ? "a URL, or an array of exactly one URL" : "a string") is not { } text
            || IsTooLong(text, shape.MaxLength, path))
        {
            return;
        }

        if (shape.Rule.Allows(text))
        {
            _values.Set(path, text);
        }
        else
        {
            Wrong(path, $"must be {shape.Rule.Expected}");
        }
    }

    private void ReadList(JsonElement value, ParameterShape.List shape, string path)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(path, $"must be an array; it is {Describe(value)}");
            return;
        }

        if (value.GetArrayLength() is var length && length > shape.MaxItems)
        {
            Wrong(path, $"has {length} items; at most {shape.MaxItems} are allowed");
            return;
        }

        var i = 0;
        foreach (var item in value.EnumerateArray())
        {
            ReadValue(item, shape.Item, $"{path}[{i}]");
            i++;
        }
    }

    private void ReadPairs(JsonElement value, ParameterShape.Pairs shape, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong(path, $"must be an object of strings; it is {Describe(value)}");
            return;
        }

        if (value.GetPropertyCount() is var count && count > shape.MaxPairs)
        {
            Wrong(path, $"has {count} pairs; at most {shape.MaxPairs} are allowed");
            return;
        }

        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var pair in value.EnumerateObject())
        {
            if (Length(pair.Name) is var length && (length == 0 || length > shape.MaxKeyLength))
            {
                Wrong(path, $"has a key of {length} characters; 1 to {shape.MaxKeyLength} are allowed");
            }
            else if (GetText(pair.Value, $"{path}.{pair.Name}", "a string") is { } text && !IsTooLong(text, shape.MaxValueLength, $"{path}.{pair.Name}"))
            {
                pairs[pair.Name] = text;
            }
        }

        _values.Set(path, pairs.ToImmutable());
    }

    private void Judge(Dependency rule, ParameterShape.Group group, JsonElement[] found, string prefix)
    {
        var list = found[IndexOf(group, rule.List)];
        var text = found[IndexOf(group, rule.Text)];
        if (list.ValueKind == JsonValueKind.Array
            && list.GetArrayLength() > 0
            && text.ValueKind == JsonValueKind.String
            && TryGetText(text, out var value)
            && !string.Equals(value, rule.Value, StringComparison.Ordinal))
        {
            Wrong(prefix + rule.List, $"can be used with {rule.Text} '{rule.Value}' only");
        }
    }

    private static int IndexOf(ParameterShape.Group group, string name)
    {
        for (var i = 0; i < group.Fields.Length; i++)
        {
            if (group.Fields[i].Name == name)
            {
                return i;
            }
        }

        throw new InvalidOperationException($"A rule names '{name}', which is no parameter of its object.");
    }

    private string? GetText(JsonElement value, string path, string expected)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Wrong(path, $"must be {expected}; it is {Describe(value)}");
        }
        else if (TryGetText(value, out var text))
        {
            return text;
        }
        else
        {
            Wrong(path, "is not valid Unicode text");
        }

        return null;
    }

    private bool IsTooLong(string text, int most, string path)
    {
        if (text.Length <= most || Length(text) is var length && length <= most)
        {
            return false;
        }

        Wrong(path, $"has {Length(text)} characters; at most {most} are allowed");
        return true;
    }

    private void Refuse(string name, ParameterShape.Group group, string prefix)
    {
        var shown = prefix + ParameterName.Shown(name);
        var where = schema.PathOf(name) is { } path
            ? $"did you mean '{path}'?"
            : $"allowed are {string.Join(", ", group.Fields.Select(f => f.Name).Order(StringComparer.Ordinal))}.";
        Add(shown, $"'{shown}' is not a parameter; {where}");
    }

    private void Wrong(string path, string what) => Add(path, $"'{path}' {what}.");

    private void Add(string path, string message)
    {
        if (_violations.Count < MaxViolations)
        {
            _violations.Add(new(path, message));
        }
    }
}
