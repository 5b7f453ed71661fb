using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Platform.Api.OpenApi;

/// <summary>The OpenAPI document of the endpoints that are mapped, and of what they promise.</summary>
internal sealed class OpenApiDocument
{
    private const string TenantKey = "tenantKey";
    private const string OperatorKey = "operatorKey";

    private readonly SchemaComponents _schemas = new();
    private readonly RefusalResponses _refusals;
    private readonly SortedDictionary<string, JsonObject> _headers = new(StringComparer.Ordinal);

    private OpenApiDocument() => _refusals = new(_schemas, HeadersOf);

    /// <summary>Describes the endpoints that have an <see cref="Operation"/>.</summary>
    public static JsonObject Of(IEnumerable<Endpoint> endpoints) => new OpenApiDocument().Describe(endpoints);

    private JsonObject Describe(IEnumerable<Endpoint> endpoints)
    {
        var paths = PathsOf(endpoints);
        return new()
        {
            ["openapi"] = "3.1.1",
            ["info"] = DocumentInfo.ToJson(),
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/", ["description"] = "The installation that serves this document." }),
            ["tags"] = new JsonArray([.. Topic.All.Select(t => new JsonObject { ["name"] = t.Name, ["description"] = t.Description })]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    [TenantKey] = Bearer("A tenant's API key: `Authorization: Bearer sk-…`. Keys that begin with `sk-test-` cost nothing and are served by the sandbox."),
                    [OperatorKey] = Bearer("An operator's key: `Authorization: Bearer adm-…`."),
                },
                ["schemas"] = _schemas.ToJson(),
                ["responses"] = _refusals.ToJson(),
                ["headers"] = new JsonObject(_headers.Select(h => KeyValuePair.Create(h.Key, (JsonNode?)h.Value))),
            },
        };
    }

    private static JsonObject Bearer(string description) => new() { ["type"] = "http", ["scheme"] = "bearer", ["description"] = description };

    private JsonObject PathsOf(IEnumerable<Endpoint> endpoints)
    {
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        var described = endpoints.OfType<RouteEndpoint>()
            .Select(e => (Path: "/" + e.RoutePattern.RawText!.Trim('/'), Endpoint: e, Operation: e.Metadata.GetMetadata<Operation>()))
            .Where(e => e.Operation is not null)
            .OrderBy(e => e.Path, StringComparer.Ordinal)
            .ThenBy(e => e.Operation!.Id, StringComparer.Ordinal);
        foreach (var (path, endpoint, operation) in described)
        {
            if (!paths.TryGetValue(path, out var item))
            {
                paths[path] = item = [];
            }

            var key = KeyKinds.Of(endpoint.Metadata);
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                item[method.ToLowerInvariant()] = HttpMethods.IsHead(method) ? HeadOf(operation!, key) : DescribeOperation(operation!, key);
            }
        }

        return new(paths.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value)));
    }

    private JsonObject DescribeOperation(Operation operation, KeyKind key)
    {
        var json = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Topic.Name),
            ["summary"] = operation.Summary,
            ["description"] = operation.Description ?? $"{operation.Summary}.",
            ["security"] = SecurityOf(key),
        };
        if (operation.Inputs.Count > 0)
        {
            json["parameters"] = new JsonArray([.. operation.Inputs.Select(Describe)]);
        }

        if (operation.Body is { } body)
        {
            json["requestBody"] = new JsonObject { ["required"] = !operation.BodyIsOptional, ["content"] = ContentOf([body]) };
        }

        var responses = new SortedDictionary<int, JsonObject>();
        foreach (var answer in operation.Answers)
        {
            responses[answer.Status] = Describe(answer);
        }

        foreach (var refusals in operation.Refusals.Concat(ImpliedRefusals.Of(operation, key)).ToLookup(e => e.Status))
        {
            responses[refusals.Key] = _refusals.Of([.. refusals.DistinctBy(e => e.Code, StringComparer.Ordinal).OrderBy(e => e.Code, StringComparer.Ordinal)]);
        }

        json["responses"] = new JsonObject(responses.Select(r => KeyValuePair.Create($"{r.Key}", (JsonNode?)r.Value)));
        return json;
    }

    // The same answers without their content.
    private JsonObject HeadOf(Operation operation, KeyKind key)
    {
        var json = DescribeOperation(operation, key);
        json["operationId"] = $"head{char.ToUpperInvariant(operation.Id[0])}{operation.Id[1..]}";
        json["summary"] = $"{operation.Summary}: headers only";
        return json;
    }

    private static JsonArray SecurityOf(KeyKind key) => key switch
    {
        KeyKind.Tenant => [new JsonObject { [TenantKey] = new JsonArray() }],
        KeyKind.TenantIfAny => [new JsonObject { [TenantKey] = new JsonArray() }, new JsonObject()],
        KeyKind.Operator => [new JsonObject { [OperatorKey] = new JsonArray() }],
        _ => [],
    };

    private static JsonObject Describe(Input input)
    {
        var json = new JsonObject
        {
            ["name"] = input.Name,
            ["in"] = input.Place,
            ["required"] = input.IsRequired,
            ["description"] = input.Description,
            ["schema"] = input.Schema.DeepClone(),
        };
        if (input.Example is { } example)
        {
            json["example"] = example;
        }

        return json;
    }

    private JsonObject Describe(Answer answer)
    {
        var json = new JsonObject { ["description"] = answer.Description, ["headers"] = HeadersOf(answer.Headers) };
        if (answer.Contents.Count > 0)
        {
            json["content"] = ContentOf(answer.Contents);
        }

        return json;
    }

    private JsonObject ContentOf(IEnumerable<Content> contents)
    {
        var json = new JsonObject();
        foreach (var content in contents)
        {
            var media = new JsonObject { ["schema"] = content.Schema(_schemas) };
            if (content.Examples.Count > 0)
            {
                media["examples"] = new JsonObject(content.Examples.Select(
                    e => KeyValuePair.Create(e.Name, (JsonNode?)new JsonObject { ["value"] = e.Value.DeepClone() })));
            }

            json[content.MediaType] = media;
        }

        return json;
    }

    private JsonObject HeadersOf(IEnumerable<AnswerHeader> headers)
    {
        var json = new JsonObject();
        foreach (var header in AnswerHeader.OfAll.Concat(headers))
        {
            _headers.TryAdd(header.Name, new() { ["description"] = header.Description, ["schema"] = header.Schema.DeepClone() });
            json[header.Name] = new JsonObject { ["$ref"] = $"#/components/headers/{header.Name}" };
        }

        return json;
    }
}
