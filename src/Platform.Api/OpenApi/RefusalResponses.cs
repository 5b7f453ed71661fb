using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Api.Errors;

namespace Platform.Api.OpenApi;

/// <summary>
/// The refusals of the document. Operations that refuse for the same reasons share a response, which is called by its codes. Codes stand
/// in <c>x-error-codes</c> rather than in an enum: a code more must not break a client that was generated.
/// </summary>
internal sealed class RefusalResponses(SchemaComponents schemas, Func<IEnumerable<AnswerHeader>, JsonObject> headersOf)
{
    private const string ProblemJson = "application/problem+json";
    private const string RequestId = "req_7k2mpw9xq4cdnt8rhvs3";

    private readonly SortedDictionary<string, JsonObject> _responses = new(StringComparer.Ordinal);

    public JsonObject ToJson() => new(_responses.Select(r => KeyValuePair.Create(r.Key, (JsonNode?)r.Value)));

    /// <summary>A response for refusals of one status, one for each code, in a fixed order.</summary>
    public JsonObject Of(IReadOnlyList<ApiError> refusals)
    {
        var response = Describe(refusals);
        var name = string.Join("Or", refusals.Select(r => string.Concat(r.Code.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))));
        if (_responses.TryAdd(name, response) || JsonNode.DeepEquals(_responses[name], response))
        {
            return new() { ["$ref"] = $"#/components/responses/{name}" };
        }

        // The same codes in other words.
        return response;
    }

    private JsonObject Describe(IReadOnlyList<ApiError> refusals)
    {
        var headers = new List<AnswerHeader> { AnswerHeader.CacheControl };
        if (refusals.Any(r => r.RetryAfterSeconds is not null))
        {
            headers.Add(AnswerHeader.RetryAfter);
        }

        if (refusals.Any(r => !r.IsWorthResending))
        {
            headers.Add(AnswerHeader.ShouldRetry);
        }

        if (refusals[0].Status == 401)
        {
            headers.Add(AnswerHeader.Authenticate);
        }

        return new()
        {
            ["description"] = string.Join(' ', refusals.Select(r => $"`{r.Code}`: {r.Message}")),
            ["headers"] = headersOf(headers),
            ["content"] = new JsonObject
            {
                [Content.JsonMediaType] = new JsonObject
                {
                    ["schema"] = schemas.Of(ApiJson.Wire.ApiErrorEnvelope),
                    ["examples"] = new JsonObject(refusals.Select(r => KeyValuePair.Create(r.Code, (JsonNode?)Example(r)))),
                },
                [ProblemJson] = new JsonObject { ["schema"] = schemas.Of(ApiJson.Wire.ProblemDetails) },
            },
            ["x-error-codes"] = new JsonArray([.. refusals.Select(r => (JsonNode)r.Code)]),
        };
    }

    private static JsonObject Example(ApiError refusal) => new()
    {
        ["value"] = JsonSerializer.SerializeToNode(new(ApiErrorObject.Of(refusal, RequestId)), ApiJson.Wire.ApiErrorEnvelope),
    };
}
