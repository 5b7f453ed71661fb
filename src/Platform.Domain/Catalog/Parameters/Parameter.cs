using System.Collections.Immutable;

namespace Platform.Domain.Catalog.Parameters;

/// <summary>A parameter of a model: what callers may send, and what they are told about it.</summary>
public sealed record Parameter
{
    /// <summary>Name of the JSON field.</summary>
    public required string Name { get; init; }

    /// <summary>What its value may be.</summary>
    public required ParameterShape Shape { get; init; }

    /// <summary>Whether it must be there. A null stands for an absent field.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What it does, for people.</summary>
    public required string Description { get; init; }

    /// <summary>More for people, a sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>A good value, as JSON; null for none.</summary>
    public string? ExampleJson { get; init; }
}

/// <summary>One of the values that a text may have.</summary>
/// <param name="Value">The value.</param>
/// <param name="Description">What it means, for people.</param>
public sealed record AllowedValue(string Value, string Description);

/// <summary>What the value of a parameter may be.</summary>
public abstract record ParameterShape
{
    private ParameterShape()
    {
    }

    /// <summary>A text. Characters are Unicode code points, as JSON Schema counts them.</summary>
    public sealed record Text : ParameterShape
    {
        /// <summary>Fewest characters (default 0).</summary>
        public int MinLength { get; init; }

        /// <summary>Most characters.</summary>
        public int MaxLength { get; init; } = int.MaxValue;

        /// <summary>The only values; empty for any.</summary>
        public ImmutableArray<AllowedValue> Allowed { get; init; } = [];

        /// <summary>What stands for an absent value, for people; null for none.</summary>
        public string? Default { get; init; }
    }

    /// <summary>A boolean.</summary>
    /// <param name="Default">What stands for an absent value.</param>
    public sealed record Flag(bool Default) : ParameterShape;

    /// <summary>An exact amount of credits, zero or more: a JSON number.</summary>
    public sealed record Credits : ParameterShape;

    /// <summary>An absolute URL.</summary>
    /// <param name="MaxLength">Most characters.</param>
    /// <param name="Rule">Which URLs.</param>
    /// <param name="MayBeArray">Whether an array of exactly one is the same.</param>
    public sealed record Url(int MaxLength, UrlRule Rule, bool MayBeArray) : ParameterShape;

    /// <summary>An object of named parameters; no others are allowed.</summary>
    public sealed record Group : ParameterShape
    {
        /// <summary>Its parameters, in the order in which they are judged.</summary>
        public required ImmutableArray<Parameter> Fields { get; init; }

        /// <summary>Rules between them.</summary>
        public ImmutableArray<Dependency> Dependencies { get; init; } = [];
    }

    /// <summary>An array of objects.</summary>
    /// <param name="Item">What each is.</param>
    /// <param name="MaxItems">Most of them.</param>
    public sealed record List(Group Item, int MaxItems) : ParameterShape;

    /// <summary>An object of the caller's own names and texts.</summary>
    /// <param name="MaxPairs">Most pairs.</param>
    /// <param name="MaxKeyLength">Most characters of a name; it has at least one.</param>
    /// <param name="MaxValueLength">Most characters of a text.</param>
    public sealed record Pairs(int MaxPairs, int MaxKeyLength, int MaxValueLength) : ParameterShape;
}

/// <summary>A rule between two parameters of one object: where the list has items, the text must have one value.</summary>
/// <param name="Name">Name of the rule.</param>
/// <param name="List">Name of the list; the rule's violations name it.</param>
/// <param name="Text">Name of the text.</param>
/// <param name="Value">The value that it must have.</param>
public sealed record Dependency(string Name, string List, string Text, string Value);
