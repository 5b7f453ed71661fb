using System.Collections.Immutable;
using Platform.Domain.Credits;

namespace Platform.Domain.Catalog.Parameters;

/// <summary>The values of a body that broke no rule, by path, for example <c>model_params.element_list[0].element_id</c>.</summary>
public sealed class ParameterValues
{
    private static readonly ImmutableSortedDictionary<string, string> NoPairs =
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    /// <summary>A text or URL, or null where it was absent.</summary>
    public string? Text(string path) => _values.TryGetValue(path, out var value) ? (string)value : null;

    /// <summary>A boolean, or what stands for it where it was absent.</summary>
    public bool Flag(string path, bool otherwise) => _values.TryGetValue(path, out var value) ? (bool)value : otherwise;

    /// <summary>Credits, or null where they were absent.</summary>
    public CreditAmount? Credits(string path) => _values.TryGetValue(path, out var value) ? (CreditAmount)value : null;

    /// <summary>Pairs; empty where they were absent.</summary>
    public ImmutableSortedDictionary<string, string> Pairs(string path) =>
        _values.TryGetValue(path, out var value) ? (ImmutableSortedDictionary<string, string>)value : NoPairs;

    internal void Set(string path, object value) => _values[path] = value;
}

/// <summary>What reading a body gave.</summary>
/// <param name="Values">The values; null where anything is wrong.</param>
/// <param name="Violations">What is wrong, in the order of the parameters; empty with values. Only the first few of many.</param>
public sealed record ParameterReading(ParameterValues? Values, IReadOnlyList<ParameterViolation> Violations);
