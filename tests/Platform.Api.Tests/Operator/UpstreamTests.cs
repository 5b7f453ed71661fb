using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Api.Tests.Hosting;
using Platform.Api.Tests.Videos;

namespace Platform.Api.Tests.Operator;

/// <summary>The operator's view of provider accounts and routes.</summary>
[Collection(PlatformCollection.Name)]
public sealed class UpstreamTests(TestPlatform platform)
{
    [Fact]
    public async Task List_AccountsAndRoutes_ShowHowTheyStand()
    {
        var account = (await GetAsync("/admin/v1/upstreams")).GetProperty("data").EnumerateArray().Single();
        account.GetProperty("account").GetString().Should().Be("sandbox/sandbox");
        account.GetProperty("state").GetString().Should().Be("enabled");
        account.GetProperty("health").GetString().Should().Be("healthy");
        account.GetProperty("slots").GetProperty("used").GetInt32().Should().Be(0);
        account.GetProperty("last_errors").GetArrayLength().Should().BeGreaterThanOrEqualTo(0);

        var route = (await GetAsync("/admin/v1/routes")).GetProperty("data").EnumerateArray().Single(r => r.GetProperty("route").GetString() == "sandbox");
        route.GetProperty("breaker").GetString().Should().Be("closed");
        route.GetProperty("sandbox").GetBoolean().Should().BeTrue();
        var cost = route.GetProperty("costs").EnumerateArray().Single(c => c.GetProperty("quality").GetString() == "720p");
        cost.GetProperty("sale_usd").GetDecimal().Should().Be(0.1134m);
        cost.GetProperty("margin_usd").GetDecimal().Should().Be(0.1134m);
        cost.GetProperty("serves").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Switch_RouteAndAccount_IsShownAndUndone()
    {
        try
        {
            var drained = await PostAsync("/admin/v1/routes/sandbox/drain");
            drained.GetProperty("routes").EnumerateArray().Single(r => r.GetProperty("route").GetString() == "sandbox")
                .GetProperty("state").GetString().Should().Be("draining");
            (await PostAsync("/admin/v1/upstreams/sandbox/sandbox/disable")).GetProperty("state").GetString().Should().Be("disabled");
            (await GetAsync("/admin/v1/upstreams/sandbox/sandbox")).GetProperty("state").GetString().Should().Be("disabled");
        }
        finally
        {
            (await PostAsync("/admin/v1/upstreams/sandbox/sandbox/enable")).GetProperty("state").GetString().Should().Be("enabled");
            await PostAsync("/admin/v1/routes/sandbox/enable");
        }
    }

    [Fact]
    public async Task Margin_OfACompletedTask_IsWhatItEarnedLessWhatItCost()
    {
        var tenant = await platform.NewTenantAsync(100m);
        var inputs = await tenant.UploadSamplesAsync();
        using var created = await tenant.PostAsync("/v1/videos/generations", Bodies.OfThePage(inputs));
        var task = await tenant.WaitForEndAsync((await created.JsonAsync()).GetProperty("id").GetString()!);
        task.GetProperty("status").GetString().Should().Be("completed");

        var margin = await GetAsync($"/admin/v1/tenants/{tenant.Id}/tasks/{task.GetProperty("id").GetString()}/margin");

        margin.GetProperty("status").GetString().Should().Be("completed");
        margin.GetProperty("revenue_usd").GetDecimal().Should().Be(task.GetProperty("usage").GetProperty("credits_used").GetDecimal() / 72m);
        margin.GetProperty("cost_usd").GetDecimal().Should().Be(0m);
        margin.GetProperty("charges").EnumerateArray().Should().ContainSingle().Which.GetProperty("kind").GetString().Should().Be("made");
    }

    [Theory]
    [InlineData("GET", "/admin/v1/upstreams/sandbox/none", HttpStatusCode.NotFound, "upstream_not_found")]
    [InlineData("POST", "/admin/v1/upstreams/sandbox/none/enable", HttpStatusCode.NotFound, "upstream_not_found")]
    [InlineData("POST", "/admin/v1/routes/none/enable", HttpStatusCode.NotFound, "upstream_not_found")]
    [InlineData("POST", "/admin/v1/routes/sandbox/explode", HttpStatusCode.NotFound, "upstream_not_found")]
    [InlineData("GET", "/admin/v1/tenants/ten_none/tasks/task-unified-1-a/margin", HttpStatusCode.NotFound, "task_not_found")]
    public async Task Request_ForWhatThereIsNot_SaysSo(string method, string path, HttpStatusCode status, string code)
    {
        using var response = await SendAsync(new(method), path);

        await response.ShouldBeErrorAsync(status, code);
    }

    [Fact]
    public async Task Request_WithATenantsKey_IsRefused()
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.GetAsync("/admin/v1/upstreams");

        response.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    private async Task<JsonElement> GetAsync(string path) => await JsonOfAsync(await SendAsync(HttpMethod.Get, path));

    private async Task<JsonElement> PostAsync(string path) => await JsonOfAsync(await SendAsync(HttpMethod.Post, path));

    private static async Task<JsonElement> JsonOfAsync(HttpResponseMessage response)
    {
        using (response)
        {
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            return await response.JsonAsync();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestPlatform.AdminKey);
        return await platform.Anonymous.SendAsync(request);
    }
}
