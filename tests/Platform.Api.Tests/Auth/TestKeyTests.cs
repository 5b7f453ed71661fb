using System.Net;
using Platform.Api.Tests.Hosting;
using Platform.Api.Tests.Videos;

namespace Platform.Api.Tests.Auth;

[Collection(PlatformCollection.Name)]
public sealed class TestKeyTests(TestPlatform platform)
{
    [Fact]
    public async Task TestKey_OfATenantWithoutCredits_MakesTasksThatCostNothing()
    {
        var tenant = await platform.NewTenantAsync();
        var tests = await platform.NewTestKeyAsync(tenant);
        var before = await tenant.CreditsAsync();
        var inputs = await tests.UploadSamplesAsync();

        using var created = await tests.PostAsync("/v1/videos/generations", Bodies.Hanging(inputs).ToJsonString());
        var task = await created.JsonAsync();

        tests.Secret.Should().StartWith("sk-test-");
        created.StatusCode.Should().Be(HttpStatusCode.OK, task.ToString());
        task.GetProperty("usage").GetProperty("credits_reserved").GetDecimal().Should().Be(40.824m);
        (await tests.CreditsAsync()).Should().Contain("\"reserved_credits\":40.824");
        (await tenant.CreditsAsync()).Should().Be(before);
        using var cancelled = await tests.PostAsync($"/v1/tasks/{task.GetProperty("id").GetString()}/cancel", "{}");
        cancelled.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task TestKey_AndLiveKeyOfOneTenant_SeeNothingOfEachOther()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var tests = await platform.NewTestKeyAsync(tenant);
        var inputs = await tests.UploadSamplesAsync();
        using var created = await tests.PostAsync("/v1/videos/generations", Bodies.Hanging(inputs).ToJsonString());
        var id = (await created.JsonAsync()).GetProperty("id").GetString();

        using var foreignTask = await tenant.Client.GetAsync($"/v1/tasks/{id}");
        using var foreignInputs = await tenant.PostAsync("/v1/videos/generations", Bodies.Hanging(inputs).ToJsonString());

        await foreignTask.ShouldBeErrorAsync(HttpStatusCode.NotFound, "task_not_found");
        await foreignInputs.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "image_urls");
        (await tenant.GetJsonAsync("/v1/tasks")).GetProperty("data").GetArrayLength().Should().Be(0);
        (await tenant.GetJsonAsync("/v1/files")).GetProperty("data").GetArrayLength().Should().Be(0);
        (await tenant.GetJsonAsync("/v1/ledger")).GetProperty("data").GetArrayLength().Should().Be(1, "there is the grant and nothing else");
        using var cancelled = await tests.PostAsync($"/v1/tasks/{id}/cancel", "{}");
        cancelled.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    // The hash that is stored covers the whole secret: a prefix cannot be put on a live key, nor taken off a test key.
    [Fact]
    public async Task Key_WithItsPrefixChanged_IsNoKey()
    {
        var tenant = await platform.NewTenantAsync();
        var tests = await platform.NewTestKeyAsync(tenant);
        using var promoted = platform.NewClient("sk-" + tests.Secret["sk-test-".Length..]);
        using var demoted = platform.NewClient("sk-test-" + tenant.Secret["sk-".Length..]);

        using var first = await promoted.GetAsync("/v1/credits");
        using var second = await demoted.GetAsync("/v1/credits");

        await first.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
        await second.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
    }

    [Fact]
    public async Task Grant_ToATestWorkspace_IsRefusedAsNoTenant()
    {
        var tenant = await platform.NewTenantAsync();

        using var grant = await platform.SendAsOperatorAsync($"/admin/v1/tenants/{tenant.Id}-test/grants", """{"credits":1}""");

        await grant.ShouldBeErrorAsync(HttpStatusCode.NotFound, "tenant_not_found");
    }
}
