using System.Net;
using Platform.Api.Tests.Hosting;
using Platform.Api.Tests.Videos;

namespace Platform.Api.Tests.Tasks;

[Collection(PlatformCollection.Name)]
public sealed class TaskTests(TestPlatform platform)
{
    private static readonly string[] OneStatus = ["cancelled"];

    [Theory]
    [InlineData("nonsense")]
    [InlineData("task-unified-")]
    [InlineData("task-unified-a%20b")]
    [InlineData("TASK-UNIFIED-1-a")]
    [InlineData("%ff")]
    public async Task Get_MalformedId_Is400(string id)
    {
        var tenant = await platform.NewTenantAsync();

        using var get = await tenant.Client.GetAsync($"/v1/tasks/{id}");
        using var cancel = await tenant.PostAsync($"/v1/tasks/{id}/cancel", "{}");

        (await get.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_task_id", "id")).Should().Contain("must start with 'task-unified-'");
        await cancel.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_task_id", "id");
    }

    [Fact]
    public async Task Get_UnknownAndForeignId_AreTheSame404()
    {
        var owner = await platform.NewTenantAsync(credits: 100);
        var other = await platform.NewTenantAsync();
        var id = await CreateAsync(owner);
        foreach (var unknown in new[] { id, "task-unified-1757169743-v3mc" })
        {
            using var get = await other.Client.GetAsync($"/v1/tasks/{unknown}");
            using var cancel = await other.PostAsync($"/v1/tasks/{unknown}/cancel", "{}");

            await get.ShouldBeErrorAsync(HttpStatusCode.NotFound, "task_not_found");
            await cancel.ShouldBeErrorAsync(HttpStatusCode.NotFound, "task_not_found");
        }

        (await other.GetJsonAsync("/v1/tasks")).GetProperty("data").GetArrayLength().Should().Be(0);
        (await owner.GetJsonAsync($"/v1/tasks/{id}")).GetProperty("status").GetString().Should().NotBe("cancelled");
        await CancelAsync(owner, id);
    }

    [Fact]
    public async Task Cancel_Running_GivesAllBackAndIsNoErrorTwice()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var before = await tenant.CreditsAsync();
        var id = await CreateAsync(tenant);
        (await tenant.CreditsAsync()).Should().NotBe(before);

        await CancelAsync(tenant, id);
        var ended = await tenant.WaitForEndAsync(id);
        await CancelAsync(tenant, id);

        ended.GetProperty("status").GetString().Should().Be("cancelled");
        ended.GetProperty("error").GetProperty("code").GetString().Should().Be("request_cancelled");
        ended.GetProperty("usage").GetProperty("credits_used").GetRawText().Should().Be("0");
        (await tenant.CreditsAsync()).Should().Be(before);
    }

    [Fact]
    public async Task Get_FailedTask_SaysWhyAndCostsNothing()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var before = await tenant.CreditsAsync();
        var id = await CreateAsync(tenant, "[sandbox:fail=content_policy_violation]");

        var task = await tenant.WaitForEndAsync(id);
        using var cancel = await tenant.PostAsync($"/v1/tasks/{id}/cancel", "{}");

        task.GetProperty("status").GetString().Should().Be("failed");
        task.GetProperty("error").Names().Should().Equal("code", "message", "type");
        task.GetProperty("error").GetProperty("code").GetString().Should().Be("content_policy_violation");
        task.GetProperty("usage").GetProperty("credits_used").GetRawText().Should().Be("0");
        task.TryGetProperty("results", out _).Should().BeFalse();
        (await tenant.CreditsAsync()).Should().Be(before);
        await cancel.ShouldBeErrorAsync(HttpStatusCode.Conflict, "task_not_cancellable");
    }

    [Fact]
    public async Task List_PagesAndFilters_AreExact()
    {
        var tenant = await platform.NewTenantAsync(credits: 500);
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await CreateAsync(tenant));
        }

        await CancelAsync(tenant, ids[1]);
        await tenant.WaitForEndAsync(ids[1]);
        var seen = new List<string>();
        var path = "/v1/tasks?limit=2";
        for (var page = await tenant.GetJsonAsync(path); ; page = await tenant.GetJsonAsync(path))
        {
            page.GetProperty("object").GetString().Should().Be("list");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(t => t.GetProperty("id").GetString()!));
            if (!page.GetProperty("has_more").GetBoolean())
            {
                break;
            }

            path = $"/v1/tasks?limit=2&after={page.GetProperty("next").GetString()}";
        }

        seen.Should().BeEquivalentTo(ids).And.OnlyHaveUniqueItems();
        var cancelled = (await tenant.GetJsonAsync("/v1/tasks?status=cancelled&model=kling-v3-motion-control&from=0&to=2100-01-01T00:00:00Z"))
            .GetProperty("data").EnumerateArray().ToList();
        cancelled.Select(t => t.GetProperty("id").GetString()).Should().Equal(ids[1]);
        cancelled.Select(t => t.GetProperty("status").GetString()).Should().Equal(OneStatus);
        (await tenant.GetJsonAsync("/v1/tasks?to=1")).GetProperty("data").GetArrayLength().Should().Be(0);
        (await tenant.GetJsonAsync("/v1/tasks?model=other")).GetProperty("data").GetArrayLength().Should().Be(0);
        foreach (var id in ids)
        {
            await CancelAsync(tenant, id);
        }
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=1.5", "limit")]
    [InlineData("limit=99999999999999999999", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=1&limit=1", "limit")]
    [InlineData("status=done", "status")]
    [InlineData("status=Pending", "status")]
    [InlineData("status=", "status")]
    [InlineData("after=nonsense", "after")]
    [InlineData("after=", "after")]
    [InlineData("after=AAAA", "after")]
    [InlineData("after=LTE6dGFzay11bmlmaWVkLTEtYQ", "after")]
    [InlineData("after=OTk5OTk5OTk5OTk5OTk5OTk5OnRhc2stdW5pZmllZC0xLWE", "after")]
    [InlineData("after=%F0%9F%98%80", "after")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-13-01", "to")]
    [InlineData("to=999999999999999999", "to")]
    [InlineData("Limit=1", "Limit")]
    [InlineData("colour=red", "colour")]
    public async Task List_BadQuery_NamesTheParameter(string query, string param)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.GetAsync($"/v1/tasks?{query}");

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", param);
    }

    private static async Task<string> CreateAsync(TestTenant tenant, string prompt = "[sandbox:hang]")
    {
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["prompt"] = prompt;
        using var response = await tenant.PostAsync("/v1/videos/generations", body.ToJsonString());
        var task = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, task.ToString());
        return task.GetProperty("id").GetString()!;
    }

    private static async Task CancelAsync(TestTenant tenant, string id)
    {
        using var response = await tenant.PostAsync($"/v1/tasks/{id}/cancel", "{}");
        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
