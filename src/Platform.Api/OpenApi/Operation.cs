using Microsoft.AspNetCore.Builder;
using Platform.Api.Errors;

namespace Platform.Api.OpenApi;

/// <summary>
/// What an endpoint promises. It is declared in the feature's <c>…Operations</c> class, attached to the endpoint where that is mapped,
/// and shown in the OpenAPI document; the tests hold every answer against it. What follows from how the endpoint is mapped (address,
/// method, key) and from what it takes (a body can be malformed, a query can be wrong) is not repeated here.
/// </summary>
/// <param name="Id">Name in generated clients: a verb and what it is done to, such as <c>getTask</c>. It never changes.</param>
/// <param name="Topic">Where it stands on the reference page.</param>
/// <param name="Summary">What it does, in a few words, without a full stop.</param>
internal sealed record Operation(string Id, Topic Topic, string Summary)
{
    /// <summary>More about it, in Markdown; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>Parameters of path, query and headers. All of the path must be here; the query takes no others.</summary>
    public IReadOnlyList<Input> Inputs { get; init; } = [];

    /// <summary>What the body is; null where there is none.</summary>
    public Content? Body { get; init; }

    /// <summary>Whether the body may be left out.</summary>
    public bool BodyIsOptional { get; init; }

    /// <summary>The answers that are no refusals.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>
    /// The refusals of its own. Those of keys, of malformed bodies and queries, and of faults on our side come with them
    /// (<see cref="ImpliedRefusals"/>).
    /// </summary>
    public IReadOnlyList<ApiError> Refusals { get; init; } = [];
}

/// <summary>Attaches operations to endpoints.</summary>
internal static class OperationExtensions
{
    /// <summary>Says what the endpoint promises.</summary>
    public static TBuilder Promises<TBuilder>(this TBuilder builder, Operation operation)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(operation);
}
