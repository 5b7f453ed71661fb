using System.Globalization;
using Microsoft.AspNetCore.Http;
using Platform.Domain.Catalog;

namespace Platform.Api;

/// <summary>Reads query parameters by rule, and refuses those that nobody asked for. Keeps the first violation.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ParameterViolation? Violation { get; private set; }

    public string? Text(string name)
    {
        _known.Add(name);
        if (!query.TryGetValue(name, out var values) || values.Count == 0)
        {
            return null;
        }

        if (values.Count > 1)
        {
            Wrong(name, "may be given once");
        }

        return values[0];
    }

    public int Number(string name, int otherwise, int least, int most)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Wrong(name, $"must be a whole number from {least} to {most}");
        return otherwise;
    }

    public T? Parsed<T>(string name, Func<string, T?> parse, string allowed)
        where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var value = parse(text);
        if (value is null)
        {
            Wrong(name, $"must be {allowed}");
        }

        return value;
    }

    /// <summary>Whether a parameter is there.</summary>
    public bool Has(string name) => query.ContainsKey(name);

    /// <summary>All parameters whose name starts with a prefix, by what follows it.</summary>
    public Dictionary<string, string> Pairs(string prefix, int most)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in query.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var key = name[prefix.Length..];
            if (key.Length == 0)
            {
                Wrong(name, "must name a key behind the dot");
            }
            else if (pairs.Count == most)
            {
                Wrong(Shown(name), $"is one too many; at most {most} '{prefix}…' are allowed");
            }

            pairs[key] = Text(name) ?? "";
        }

        _known.Add($"{prefix}<key>");
        return pairs;
    }

    /// <summary>Refuses a parameter for a reason that the reader does not know.</summary>
    public void Refuse(string name, string what) => Wrong(name, what);

    /// <summary>A time: ISO 8601 with zone, or unix seconds.</summary>
    public DateTimeOffset? Time(string name) => Parsed(name, ParseTime, "a time such as 2026-11-23T08:00:00Z, or unix seconds");

    /// <summary>Refuses every parameter that was not asked for.</summary>
    public void Finish()
    {
        foreach (var name in query.Keys)
        {
            if (!_known.Contains(name))
            {
                Wrong(Shown(name), $"is not a parameter; allowed are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
            }
        }
    }

    private static DateTimeOffset? ParseTime(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }

    private static string Shown(string name) => name.Length > 64 ? name[..64] + "…" : name;

    private void Wrong(string name, string what) => Violation ??= new(name, $"'{name}' {what}.");
}
