using System.Net;
using System.Text.Json;

namespace Platform.Api.Tests.Contract;

/// <summary>The OpenAPI document, and whether what is seen on the wire is what it says.</summary>
internal sealed class ApiContract
{
    // How HTTP frames a message; no part of the contract.
    private static readonly HashSet<string> Framing = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Keep-Alive",
    };

    // For people, not for programs.
    private static readonly string[] Pages = ["/", "/docs"];

    private readonly JsonSchemaCheck _open;
    private readonly JsonSchemaCheck _closed;

    public ApiContract(ReadOnlyMemory<byte> document)
    {
        using var parsed = JsonDocument.Parse(document);
        Document = parsed.RootElement.Clone();
        _open = new(Document);
        _closed = new(Document, closed: true);
    }

    public JsonElement Document { get; }

    /// <summary>All operations: path, method, and what the document says.</summary>
    public IEnumerable<(string Path, string Method, JsonElement Operation)> Operations =>
        from path in Document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name, operation.Value);

    /// <summary>What is wrong with a value by a schema of the document, or null.</summary>
    public string? Find(JsonElement schema, JsonElement value) => _open.Find(schema, value);

    /// <summary>What is wrong with an exchange, or null. A body is looked at where it is JSON.</summary>
    public string? Find(HttpRequestMessage request, byte[]? requestJson, HttpResponseMessage response, byte[]? responseJson)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (Pages.Any(p => path == p || (p.Length > 1 && path.StartsWith(p + "/", StringComparison.Ordinal))))
        {
            return null;
        }

        var wrong = FindOperation(request.Method, path) is { } operation
            ? FindInAnswer(operation, response, responseJson) ?? FindInAccepted(operation, request, requestJson, response)
            : FindInBareAnswer(response, responseJson);
        return wrong is null ? null : $"{request.Method} {path} → {(int)response.StatusCode}: {wrong}";
    }

    private JsonElement? FindOperation(HttpMethod method, string path)
    {
        var segments = path.TrimEnd('/').Split('/');
        return Document.GetProperty("paths").EnumerateObject()
            .Select(p => (p.Value, Template: p.Name.Split('/')))
            .Where(p => p.Template.Length == segments.Length && p.Template.Zip(segments).All(s => IsVariable(s.First) || s.First == s.Second))
            .OrderBy(p => p.Template.Count(IsVariable))
            .Select(p => p.Value.TryGetProperty(method.Method.ToLowerInvariant(), out var operation) ? operation : (JsonElement?)null)
            .FirstOrDefault();
    }

    private static bool IsVariable(string segment) => segment.StartsWith('{');

    // An address or a method that there is not.
    private string? FindInBareAnswer(HttpResponseMessage response, byte[]? json)
    {
        if (response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed))
        {
            return "the operation is not documented";
        }

        if (response.RequestMessage!.Method == HttpMethod.Head)
        {
            return null;
        }

        using var body = JsonDocument.Parse(json ?? "null"u8.ToArray());
        return _closed.Find(Document.GetProperty("components").GetProperty("schemas").GetProperty("Error"), body.RootElement);
    }

    private string? FindInAnswer(JsonElement operation, HttpResponseMessage response, byte[]? json)
    {
        if (!operation.GetProperty("responses").TryGetProperty($"{(int)response.StatusCode}", out var found))
        {
            return "the status is not documented";
        }

        var documented = _open.Resolve(found);
        return FindInHeaders(documented, response) ?? FindInContent(documented, response, json);
    }

    private string? FindInHeaders(JsonElement documented, HttpResponseMessage response)
    {
        var known = documented.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => _open.Resolve(h.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(h => !Framing.Contains(h.Key)))
        {
            if (!known.TryGetValue(name, out var header))
            {
                return $"the header {name} is not documented";
            }

            var schema = header.GetProperty("schema");
            var text = string.Join(", ", values);
            var value = schema.GetProperty("type").GetString() == "integer" && int.TryParse(text, out var number)
                ? JsonSerializer.SerializeToElement(number)
                : JsonSerializer.SerializeToElement(text);
            if (_open.Find(schema, value, name) is { } wrong)
            {
                return wrong;
            }
        }

        return known.ContainsKey("x-request-id") && response.Headers.Contains("x-request-id") ? null : "x-request-id is missing";
    }

    private string? FindInContent(JsonElement documented, HttpResponseMessage response, byte[]? json)
    {
        var type = response.Content.Headers.ContentType?.MediaType;
        if (response.RequestMessage!.Method == HttpMethod.Head || response.Content.Headers.ContentLength == 0)
        {
            return null;
        }

        if (type is null)
        {
            return documented.TryGetProperty("content", out _) ? "there is no content type" : null;
        }

        if (!documented.TryGetProperty("content", out var contents) || !contents.TryGetProperty(type, out var content))
        {
            return $"the content type {type} is not documented";
        }

        if (json is null)
        {
            return null;
        }

        using var body = JsonDocument.Parse(json);
        return _closed.Find(content.GetProperty("schema"), body.RootElement) ?? FindInCode(documented, body.RootElement);
    }

    private static string? FindInCode(JsonElement documented, JsonElement body)
    {
        if (!documented.TryGetProperty("x-error-codes", out var codes))
        {
            return null;
        }

        var code = (body.TryGetProperty("error", out var error) ? error : body).GetProperty("code").GetString();
        return codes.EnumerateArray().Any(c => c.GetString() == code) ? null : $"the code {code} is not documented";
    }

    // What was accepted must be what the document allows.
    private string? FindInAccepted(JsonElement operation, HttpRequestMessage request, byte[]? json, HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        if (json is not null
            && operation.TryGetProperty("requestBody", out var documented)
            && documented.GetProperty("content").TryGetProperty("application/json", out var content))
        {
            using var body = JsonDocument.Parse(json);
            if (_open.Find(content.GetProperty("schema"), body.RootElement) is { } wrong)
            {
                return $"a body was accepted that the document does not allow: {wrong}";
            }
        }

        var names = operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!).ToList()
            : [];
        return request.RequestUri!.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => Uri.UnescapeDataString(pair.Split('=')[0].Split('.')[0]))
            .Where(name => !names.Contains(name))
            .Select(name => $"the query parameter {name} was accepted and is not documented")
            .FirstOrDefault();
    }
}
