using System.Collections.Immutable;
using System.Text.Json;

namespace Platform.Domain.Catalog;

/// <summary>What is wrong with a parameter of a request.</summary>
/// <param name="Parameter">Its path, for example <c>model_params.character_orientation</c>; empty for the body as a whole.</param>
/// <param name="Message">What was wrong and what is allowed.</param>
public sealed record ParameterViolation(string Parameter, string Message);

/// <summary>
/// Reads the fields of one JSON object by rule and collects what is wrong with each. A null stands for an absent field. Fields that
/// nobody asked for are refused by name.
/// </summary>
public sealed class RequestFields
{
    private readonly JsonElement _object;
    private readonly string _prefix;
    private readonly ICollection<ParameterViolation> _violations;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private RequestFields(JsonElement @object, string prefix, ICollection<ParameterViolation> violations)
    {
        _object = @object;
        _prefix = prefix;
        _violations = violations;
    }

    /// <summary>Starts with the body of a request; null, with a violation, where it is not an object.</summary>
    public static RequestFields? Of(JsonElement body, ICollection<ParameterViolation> violations)
    {
        if (body.ValueKind == JsonValueKind.Object)
        {
            return new(body, "", violations);
        }

        violations.Add(new("", $"The body must be a JSON object; it is {Describe(body)}."));
        return null;
    }

    /// <summary>A text, or null where it is absent or wrong.</summary>
    /// <param name="name">Name of the field.</param>
    /// <param name="required">Whether it must be there.</param>
    /// <param name="maxLength">Most characters (UTF-16 code units).</param>
    /// <param name="allowed">The only values allowed; empty for any.</param>
    public string? Text(string name, bool required = false, int maxLength = int.MaxValue, params ReadOnlySpan<string> allowed)
    {
        if (Find(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Wrong(name, $"must be a string; it is {Describe(value)}");
        }

        if (!TryGetText(value, out var text))
        {
            return Wrong(name, "is not valid Unicode text");
        }

        if (allowed.Length > 0 && !allowed.Contains(text))
        {
            return Wrong(name, $"must be one of {string.Join(", ", allowed.ToArray().Select(a => $"'{a}'"))}");
        }

        if (required && text.Length == 0)
        {
            return Wrong(name, "must not be empty");
        }

        return text.Length > maxLength ? Wrong(name, $"has {text.Length} characters; at most {maxLength} are allowed") : text;
    }

    /// <summary>A boolean, or its default where it is absent or wrong.</summary>
    public bool Flag(string name, bool otherwise)
    {
        if (Find(name, required: false) is not { } value)
        {
            return otherwise;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Wrong(name, $"must be true or false; it is {Describe(value)}");
        return otherwise;
    }

    /// <summary>An object, or null where it is absent or wrong. Its fields must be read and <see cref="Finish"/>ed.</summary>
    public RequestFields? Object(string name, bool required)
    {
        if (Find(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            return new(value, Path(name) + ".", _violations);
        }

        Wrong(name, $"must be an object; it is {Describe(value)}");
        return null;
    }

    /// <summary>A URL given as a string or as an array of exactly one, or null where it is wrong.</summary>
    public string? OneUrl(string name, int maxLength)
    {
        if (Find(name, required: true) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            if (value.GetArrayLength() != 1)
            {
                return Wrong(name, $"must name exactly one URL; it has {value.GetArrayLength()}");
            }

            value = value[0];
        }

        if (value.ValueKind != JsonValueKind.String || !TryGetText(value, out var text))
        {
            return Wrong(name, $"must be a URL or an array of exactly one URL; it has {Describe(value)}");
        }

        if (text.Length > maxLength)
        {
            return Wrong(name, $"has {text.Length} characters; at most {maxLength} are allowed");
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? text
            : Wrong(name, "must be an absolute https URL");
    }

    /// <summary>An HTTPS URL, or null where it is absent or wrong.</summary>
    public string? HttpsUrl(string name, int maxLength)
    {
        if (Text(name, maxLength: maxLength) is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0
            ? text
            : Wrong(name, "must be an absolute https URL without credentials");
    }

    /// <summary>An array of objects; empty where it is absent or wrong.</summary>
    public IReadOnlyList<RequestFields> Objects(string name, int max)
    {
        if (Find(name, required: false) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(name, $"must be an array; it is {Describe(value)}");
            return [];
        }

        if (value.GetArrayLength() > max)
        {
            Wrong(name, $"has {value.GetArrayLength()} items; at most {max} are allowed");
            return [];
        }

        var items = new List<RequestFields>();
        foreach (var item in value.EnumerateArray())
        {
            var path = $"{name}[{items.Count}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                Wrong(path, $"must be an object; it is {Describe(item)}");
                return [];
            }

            items.Add(new(item, Path(path) + ".", _violations));
        }

        return items;
    }

    /// <summary>Pairs of text; empty where they are absent or wrong.</summary>
    public ImmutableSortedDictionary<string, string> Pairs(string name, int max, int maxKeyLength, int maxValueLength)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (Find(name, required: false) is not { } value)
        {
            return pairs.ToImmutable();
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            Wrong(name, $"must be an object of strings; it is {Describe(value)}");
            return pairs.ToImmutable();
        }

        foreach (var pair in value.EnumerateObject())
        {
            if (pair.Name.Length is 0 || pair.Name.Length > maxKeyLength)
            {
                Wrong(name, $"has a key of {pair.Name.Length} characters; 1 to {maxKeyLength} are allowed");
            }
            else if (pair.Value.ValueKind != JsonValueKind.String || !TryGetText(pair.Value, out var text))
            {
                Wrong($"{name}.{pair.Name}", $"must be a string; it is {Describe(pair.Value)}");
            }
            else if (text.Length > maxValueLength)
            {
                Wrong($"{name}.{pair.Name}", $"has {text.Length} characters; at most {maxValueLength} are allowed");
            }
            else
            {
                pairs[pair.Name] = text;
            }
        }

        if (pairs.Count > max)
        {
            Wrong(name, $"has {pairs.Count} pairs; at most {max} are allowed");
        }

        return pairs.ToImmutable();
    }

    /// <summary>Adds a violation of a field, and gives null, so that a rule can end with it.</summary>
    public string? Wrong(string name, string what)
    {
        _violations.Add(new(Path(name), $"'{Path(name)}' {what}."));
        return null;
    }

    /// <summary>Refuses every field that no rule asked for.</summary>
    public void Finish()
    {
        foreach (var field in _object.EnumerateObject())
        {
            if (!_known.Contains(field.Name))
            {
                var shown = field.Name.Length > 64 ? field.Name[..64] + "…" : field.Name;
                _violations.Add(new(
                    Path(shown), $"'{Path(shown)}' is not a parameter. Allowed are {string.Join(", ", _known.Order(StringComparer.Ordinal))}."));
            }
        }
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

    // A lone surrogate written as an escape is valid JSON and no text.
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

    private string Path(string name) => _prefix + name;

    private JsonElement? Find(string name, bool required)
    {
        _known.Add(name);
        if (_object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (required)
        {
            Wrong(name, "is required");
        }

        return null;
    }
}
