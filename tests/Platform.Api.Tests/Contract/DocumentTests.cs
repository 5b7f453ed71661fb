using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.OpenApi;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Contract;

/// <summary>The OpenAPI document as a whole.</summary>
[Collection(PlatformCollection.Name)]
public sealed partial class DocumentTests(TestPlatform platform)
{
    private static readonly string[] Described = ["v1", "api", "admin", "health", "openapi"];

    private ApiContract Contract => platform.Contract;

    [Fact]
    public void Endpoints_OfTheApi_AllPromiseSomething()
    {
        var silent = platform.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => Described.Contains(e.RoutePattern.RawText!.Trim('/').Split('/')[0]))
            .Where(e => e.Metadata.GetMetadata<Operation>() is null)
            .Select(e => e.RoutePattern.RawText);
        silent.Should().BeEmpty("an endpoint is mapped with .Promises(…); see docs/decisions/0010");
    }

    [Fact]
    public void OperationIds_AreUnique() =>
        Contract.Operations.Select(o => o.Operation.GetProperty("operationId").GetString()).Should().OnlyHaveUniqueItems();

    [Fact]
    public void PathParameters_AreThoseOfTheAddress()
    {
        foreach (var (path, _, operation) in Contract.Operations)
        {
            var declared = Parameters(operation, "path");
            declared.Should().BeEquivalentTo(Variable().Matches(path).Select(m => m.Groups["name"].Value), "{0}", path);
        }
    }

    [Fact]
    public void Examples_AreWhatTheirSchemasSay()
    {
        var examples = from o in Contract.Operations
                       from media in Media(o.Operation)
                       where media.TryGetProperty("examples", out _)
                       from example in media.GetProperty("examples").EnumerateObject()
                       select (o.Path, example.Name, Wrong: Contract.Find(media.GetProperty("schema"), example.Value.GetProperty("value")));
        examples.Where(e => e.Wrong is not null).Should().BeEmpty();
    }

    [Fact]
    public async Task QueryParameters_AreThoseThatTheEndpointReads()
    {
        var tenant = await platform.NewTenantAsync();
        var strict = 0;
        foreach (var (path, method, operation) in Contract.Operations.Where(o => o.Method == "get" && !o.Path.Contains('{') && !o.Path.StartsWith("/health", StringComparison.Ordinal)))
        {
            if (!operation.GetProperty("responses").TryGetProperty("400", out _))
            {
                continue;
            }

            using var response = await tenant.Client.GetAsync($"{path}?nobody-asked=1");
            var error = (await response.JsonAsync()).GetProperty("error");
            response.StatusCode.Should().Be(HttpStatusCode.BadRequest, "{0} {1}", method, path);
            var allowed = error.GetProperty("message").GetString()!.Split("allowed are ")[1].TrimEnd('.')
                .Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(name => name.Split('.')[0]);
            Parameters(operation, "query").Should().BeEquivalentTo(allowed, "{0}", path);
            strict++;
        }

        strict.Should().BeGreaterThan(3);
    }

    [Fact]
    public async Task Get_WithItsETag_Is304()
    {
        using var first = await platform.Anonymous.GetAsync("/openapi/v1.json");
        first.StatusCode.Should().Be(HttpStatusCode.OK);
        first.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        (await first.JsonAsync()).GetProperty("openapi").GetString().Should().StartWith("3.1.");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await platform.Anonymous.SendAsync(request);
        second.StatusCode.Should().Be(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    private static IEnumerable<string> Parameters(JsonElement operation, string place) => operation.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == place).Select(p => p.GetProperty("name").GetString()!)
        : [];

    private IEnumerable<JsonElement> Media(JsonElement operation)
    {
        var check = new JsonSchemaCheck(Contract.Document);
        var holders = operation.GetProperty("responses").EnumerateObject().Select(r => check.Resolve(r.Value));
        if (operation.TryGetProperty("requestBody", out var body))
        {
            holders = holders.Append(body);
        }

        return holders.Where(h => h.TryGetProperty("content", out _)).SelectMany(h => h.GetProperty("content").EnumerateObject()).Select(m => m.Value);
    }

    [GeneratedRegex(@"\{(?<name>[^}]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
