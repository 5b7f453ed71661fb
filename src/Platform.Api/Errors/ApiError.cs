using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Platform.Api.Errors;

/// <summary>The error object of every refusal (product.md section 2, Errors).</summary>
internal sealed record ApiError
{
    [JsonPropertyName("code")]
    public required string Code { get; init; }

    [JsonPropertyName("message")]
    public required string Message { get; init; }

    [JsonPropertyName("type")]
    public required string Type { get; init; }

    [JsonPropertyName("param")]
    public string? Param { get; init; }

    [JsonPropertyName("fallback_suggestion")]
    public string? FallbackSuggestion { get; init; }

    [JsonPropertyName("request_id")]
    public string RequestId { get; init; } = "";

    /// <summary>
    /// HTTP status; not part of the object, and therefore not <c>required</c>: the serializer refuses a type that requires what it ignores.
    /// </summary>
    [JsonIgnore]
    public int Status { get; init; } = StatusCodes.Status500InternalServerError;

    /// <summary>Seconds after which to try again, as <c>Retry-After</c>; null for none.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>The envelope of an error.</summary>
internal sealed record ApiErrorEnvelope([property: JsonPropertyName("error")] ApiError Error);

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
}
