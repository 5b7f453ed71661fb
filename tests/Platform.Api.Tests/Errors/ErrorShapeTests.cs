using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Errors;

[Collection(PlatformCollection.Name)]
public sealed class ErrorShapeTests(TestPlatform platform)
{
    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    [InlineData("/v1/tasks/a/b/c")]
    [InlineData("/v2/tasks")]
    [InlineData("/%ff%fe")]
    [InlineData("/v1/files/../../etc/passwd")]
    public async Task Get_UnknownAddress_Is404(string path)
    {
        using var response = await platform.Anonymous.GetAsync(path);

        await response.ShouldBeErrorAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("PUT", "/v1/tasks", "GET")]
    [InlineData("DELETE", "/v1/videos/generations", "POST")]
    [InlineData("GET", "/v1/videos/generations", "POST")]
    [InlineData("PATCH", "/v1/files", "GET, POST")]
    [InlineData("POST", "/v1/credits", "GET")]
    public async Task Send_WrongMethod_Is405AndSaysWhichAreAllowed(string method, string path, string allowed)
    {
        using var request = new HttpRequestMessage(new(method), path);
        using var response = await platform.Anonymous.SendAsync(request);

        await response.ShouldBeErrorAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        response.Content.Headers.Allow.Should().BeEquivalentTo(allowed.Split(", "));
    }

    [Theory]
    [InlineData("application/problem+json")]
    [InlineData("text/html, application/problem+json;q=0.9")]
    public async Task Get_ProblemDetailsAskedFor_IsOne(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/credits");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await platform.Anonymous.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        var problem = await response.JsonAsync();
        problem.Names().Should().BeEquivalentTo("type", "title", "status", "detail", "code", "request_id");
        problem.GetProperty("status").GetInt32().Should().Be(401);
        problem.GetProperty("code").GetString().Should().Be("invalid_api_key");
        problem.GetProperty("type").GetString().Should().Be("urn:platform:error:invalid_api_key");
        problem.GetProperty("request_id").GetString().Should().Be(response.Headers.GetValues("x-request-id").Single());
    }

    [Fact]
    public async Task Post_ProblemDetailsOfAParameter_NameIt()
    {
        var tenant = await platform.NewTenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/videos/generations") { Content = Json.Content("""{"model":"x"}""") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/problem+json"));

        using var response = await tenant.Client.SendAsync(request);

        var problem = await response.JsonAsync();
        problem.GetProperty("status").GetInt32().Should().Be(400);
        problem.GetProperty("param").GetString().Should().Be("model");
    }

    [Fact]
    public async Task Every_Answer_HasARequestIdOfItsOwn()
    {
        var tenant = await platform.NewTenantAsync();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in new[] { "/", "/health/live", "/health/ready", "/v1/credits", "/v1/tasks", "/v1/files", "/v1/ledger", "/nowhere", "/v1/tasks/x" })
        {
            using var response = await tenant.Client.GetAsync(path);
            var id = response.Headers.GetValues("x-request-id").Should().ContainSingle().Subject;
            id.Should().MatchRegex("^req_[0-9a-z]{20}$");
            seen.Add(id).Should().BeTrue("each answer has its own");
        }
    }

    [Fact]
    public async Task Head_Refusal_HasNoBody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/nowhere");

        using var response = await platform.Anonymous.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
        response.Headers.Contains("x-request-id").Should().BeTrue();
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Get_QueryWithHostileName_IsAnsweredAsText()
    {
        var tenant = await platform.NewTenantAsync();
        var name = new string('x', 63) + "\U0001F600\"\r\n</script>";

        using var response = await tenant.Client.GetAsync($"/v1/tasks?{Uri.EscapeDataString(name)}=1");

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        var error = (await response.JsonAsync()).GetProperty("error");
        error.ValueKind.Should().Be(JsonValueKind.Object);
        error.Param().Should().StartWith(new string('x', 63)).And.NotContain("\uFFFD");
    }
}
