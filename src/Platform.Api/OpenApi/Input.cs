using System.Text.Json.Nodes;

namespace Platform.Api.OpenApi;

/// <summary>A parameter of an operation, outside of the body.</summary>
/// <param name="Place">Where it stands, as OpenAPI calls it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Schema">What it may be.</param>
/// <param name="Description">What it does, in Markdown.</param>
internal sealed record Input(string Place, string Name, JsonObject Schema, string Description)
{
    private const string InPath = "path";
    private const string InQuery = "query";
    private const string InHeader = "header";

    /// <summary>Whether it must be there.</summary>
    public bool IsRequired => Place == InPath;

    /// <summary>Whether it belongs to the query.</summary>
    public bool IsQuery => Place == InQuery;

    /// <summary>A good value; null for none.</summary>
    public string? Example { get; init; }

    /// <summary>A part of the address.</summary>
    public static Input Path(string name, JsonObject schema, string description) => new(InPath, name, schema, description);

    /// <summary>A parameter behind the question mark; may be left out.</summary>
    public static Input Query(string name, JsonObject schema, string description) => new(InQuery, name, schema, description);

    /// <summary>Any number of parameters whose names begin with a prefix.</summary>
    public static Input QueryPairs(string prefix, string description) => new(
        InQuery,
        prefix.TrimEnd('.'),
        OpenApi.Schema.Pairs(prefix),
        description);

    /// <summary>A header; may be left out.</summary>
    public static Input Header(string name, JsonObject schema, string description) => new(InHeader, name, schema, description);
}
