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
internal sealed record ApiErrorEnvelope([property: JsonPropertyName("error")] ApiErrorObject Error)
{
    /// <summary>With a batch of which nothing was accepted: what is wrong with which item.</summary>
    [JsonPropertyName("items")]
    public IReadOnlyList<ItemErrorObject>? Items { get; init; }
}

/// <summary>What is wrong with an item of a batch.</summary>
internal sealed record ItemErrorObject([property: JsonPropertyName("index")] int Index, [property: JsonPropertyName("error")] ApiErrorObject Error);

/// <summary>The error object of every refusal (product.md section 2, Errors).</summary>
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
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("title")]
    public required string Title { get; init; }

    [JsonPropertyName("status")]
    public required int Status { get; init; }

    [JsonPropertyName("detail")]
    public required string Detail { get; init; }

    [JsonPropertyName("code")]
    public required string Code { get; init; }

    [JsonPropertyName("param")]
    public string? Param { get; init; }

    [JsonPropertyName("request_id")]
    public required string RequestId { get; init; }

    [JsonPropertyName("items")]
    public IReadOnlyList<ItemErrorObject>? Items { get; init; }
}
