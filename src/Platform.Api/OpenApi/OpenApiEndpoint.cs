using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Platform.Api.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: the document, made once of the endpoints that are mapped.</summary>
internal sealed class OpenApiEndpoint(EndpointDataSource endpoints)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // At the first call: when this is made, not everything is mapped yet.
    private readonly Lazy<TaggedBytes> _document = new(() => TaggedBytes.Of(
        [.. JsonSerializer.SerializeToUtf8Bytes(OpenApiDocument.Of(endpoints.Endpoints), Indented), (byte)'\n']));

    /// <summary>The document.</summary>
    public ReadOnlyMemory<byte> Document => _document.Value.Bytes;

    public Task HandleAsync(HttpContext context) => _document.Value.WriteAsync(context, "application/json; charset=utf-8");
}

/// <summary>Maps the document.</summary>
internal static class OpenApiEndpoints
{
    private static readonly Operation Get = new("getOpenApiDocument", Topic.Service, "Get this document")
    {
        Description = "The OpenAPI 3.1 document of this API. Ask again with `If-None-Match` to see whether it has changed.",
        Inputs = [ConditionalInputs.IfNoneMatch],
        Answers =
        [
            new(StatusCodes.Status200OK, "The document.", Content.Of(new() { ["type"] = "object" }))
            {
                Headers = [AnswerHeader.ETag, AnswerHeader.CacheControl],
            },
            ConditionalInputs.NotModified,
        ],
    };

    public static void MapOpenApiEndpoint(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/openapi/v1.json", (HttpContext context, OpenApiEndpoint endpoint) => endpoint.HandleAsync(context)).Promises(Get);
}
