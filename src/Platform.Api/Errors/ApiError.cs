using System.Text.Json.Serialization;

namespace Platform.Api.Errors;

/// <summary>A refusal: what the caller is told, and how HTTP says it.</summary>
internal sealed record ApiError
{
    public required string Code { get; init; }

    public required string Message { get; init; }

    public required string Type { get; init; }

    public string? Param { get; init; }

    public string? FallbackSuggestion { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Seconds after which to try again, as <c>Retry-After</c>; null for none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>
    /// Whether sending the same again can help: a fault of ours may pass, and what is to be tried again says when. All other
    /// refusals stay what they are.
    /// </summary>
    public bool IsWorthResending => Status >= 500 || RetryAfterSeconds is not null;
}

/// <summary>The envelope of an error object.</summary>
/// <param name="Error">What was refused, and why.</param>
internal sealed record ApiErrorEnvelope([property: JsonPropertyName("error")] ApiErrorObject Error)
{
    /// <summary>With a batch of which nothing was accepted: what is wrong with which item.</summary>
    [JsonPropertyName("items")]
    public IReadOnlyList<ItemErrorObject>? Items { get; init; }
}

/// <summary>What is wrong with an item of a batch.</summary>
/// <param name="Index">Its place in <c>items</c>, from 0.</param>
/// <param name="Error">What was refused, and why.</param>
internal sealed record ItemErrorObject([property: JsonPropertyName("index")] int Index, [property: JsonPropertyName("error")] ApiErrorObject Error);

/// <summary>The error object of every refusal (product.md section 2, Errors).</summary>
/// <param name="Code">Why, as a word that does not change. Programs decide by it.</param>
/// <param name="Message">Why, for people: what was wrong, and what is allowed.</param>
/// <param name="Type">The kind of refusal; there is one for each HTTP status.</param>
/// <param name="Param">The parameter that is wrong, where it is one.</param>
/// <param name="FallbackSuggestion">What could be done instead.</param>
/// <param name="RequestId">Id of the request, as in <c>x-request-id</c>.</param>
internal sealed record ApiErrorObject(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("param")] string? Param,
    [property: JsonPropertyName("fallback_suggestion")] string? FallbackSuggestion,
    [property: JsonPropertyName("request_id")] string RequestId)
{
    public static ApiErrorObject Of(ApiError error, string requestId) =>
        new(error.Code, error.Message, error.Type, error.Param, error.FallbackSuggestion, requestId);
}

/// <summary>The same as problem details (RFC 9457), where the caller asks for them.</summary>
internal sealed record ProblemDetails
{
    /// <summary>Names the code as a URN.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The kind of refusal.</summary>
    [JsonPropertyName("title")]
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    [JsonPropertyName("status")]
    public required int Status { get; init; }

    /// <summary>Why, for people.</summary>
    [JsonPropertyName("detail")]
    public required string Detail { get; init; }

    /// <summary>Why, as a word that does not change.</summary>
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    /// <summary>The parameter that is wrong, where it is one.</summary>
    [JsonPropertyName("param")]
    public string? Param { get; init; }

    /// <summary>Id of the request, as in <c>x-request-id</c>.</summary>
    [JsonPropertyName("request_id")]
    public required string RequestId { get; init; }

    [JsonPropertyName("items")]
    public IReadOnlyList<ItemErrorObject>? Items { get; init; }
}
