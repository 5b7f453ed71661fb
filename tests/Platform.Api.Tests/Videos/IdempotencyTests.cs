using System.Net;
using System.Text.Json;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Videos;

[Collection(PlatformCollection.Name)]
public sealed class IdempotencyTests(TestPlatform platform)
{
    [Fact]
    public async Task Create_SameKeySameBody_IsOneTaskAndOneHold()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        using var first = await CreateAsync(tenant, "key-1", body.ToJsonString());
        var after = await tenant.CreditsAsync();

        // Another way to write the same: other order, white space, an escape, a null.
        var reordered = $$"""
            { "quality": "\u003720p", "end_user": null, "video_urls": {{body["video_urls"]!.ToJsonString()}},
              "model_params": {"character_orientation":"image"}, "image_urls": {{body["image_urls"]!.ToJsonString()}},
              "prompt": "[sandbox:hang]", "model": "kling-v3-motion-control" }
            """;
        using var second = await CreateAsync(tenant, "key-1", reordered);

        var (one, two) = (await first.JsonAsync(), await second.JsonAsync());
        first.StatusCode.Should().Be(HttpStatusCode.OK, one.ToString());
        first.Headers.Contains("idempotency-replayed").Should().BeFalse();
        second.StatusCode.Should().Be(HttpStatusCode.OK, two.ToString());
        second.Headers.GetValues("idempotency-replayed").Should().Equal("true");
        two.GetProperty("id").GetString().Should().Be(one.GetProperty("id").GetString());
        (await tenant.CreditsAsync()).Should().Be(after);
        await CancelAsync(tenant, one);
    }

    [Fact]
    public async Task Create_SameKeyOtherBody_Is422()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        using var first = await CreateAsync(tenant, "key-1", body.ToJsonString());
        var after = await tenant.CreditsAsync();
        body["quality"] = "1080p";

        using var second = await CreateAsync(tenant, "key-1", body.ToJsonString());

        await second.ShouldBeErrorAsync(HttpStatusCode.UnprocessableEntity, "idempotency_conflict", "Idempotency-Key");
        (await tenant.CreditsAsync()).Should().Be(after);
        await CancelAsync(tenant, await first.JsonAsync());
    }

    [Fact]
    public async Task Create_SameKeyAtOnce_IsOneTask()
    {
        var tenant = await platform.NewTenantAsync(credits: 500);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync()).ToJsonString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CreateAsync(tenant, "key-1", body)));

        answers.Should().OnlyContain(a => a.StatusCode == HttpStatusCode.OK);
        answers.Count(a => !a.Headers.Contains("idempotency-replayed")).Should().Be(1);
        var tasks = await Task.WhenAll(answers.Select(a => a.JsonAsync()));
        tasks.Select(t => t.GetProperty("id").GetString()).Distinct().Should().ContainSingle();
        (await tenant.GetJsonAsync("/v1/tasks")).GetProperty("data").GetArrayLength().Should().Be(1);
        await CancelAsync(tenant, tasks[0]);
    }

    [Fact]
    public async Task Create_SameKeyOfAnotherTenant_IsAnotherTask()
    {
        var ids = new List<string?>();
        foreach (var tenant in new[] { await platform.NewTenantAsync(credits: 100), await platform.NewTenantAsync(credits: 100) })
        {
            using var response = await CreateAsync(tenant, "shared-key", Bodies.Hanging(await tenant.UploadSamplesAsync()).ToJsonString());
            var task = await response.JsonAsync();
            ids.Add(task.GetProperty("id").GetString());
            response.Headers.Contains("idempotency-replayed").Should().BeFalse();
            await CancelAsync(tenant, task);
        }

        ids.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Create_RefusedThenMended_KeyIsStillFree()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["quality"] = "4k";
        using var refused = await CreateAsync(tenant, "key-1", body.ToJsonString());
        body["quality"] = "720p";

        using var mended = await CreateAsync(tenant, "key-1", body.ToJsonString());

        await refused.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "quality");
        mended.StatusCode.Should().Be(HttpStatusCode.OK);
        mended.Headers.Contains("idempotency-replayed").Should().BeFalse();
        await CancelAsync(tenant, await mended.JsonAsync());
    }

    [Fact]
    public async Task Create_KeyOf255Characters_IsTaken()
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await CreateAsync(tenant, new string('k', 255), "{}");

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "model");
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    public async Task Create_BadKey_IsRefused(string key)
    {
        var tenant = await platform.NewTenantAsync();
        var answer = await RawHttp.SendAsync(
            platform.Address,
            $"POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Secret}\r\nIdempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        answer.Should().StartWith("HTTP/1.1 400").And.Contain("Idempotency-Key");
    }

    [Fact]
    public async Task Create_TwoKeysOrOneTooLong_IsRefused()
    {
        var tenant = await platform.NewTenantAsync();
        using var tooLong = await CreateAsync(tenant, new string('k', 256), "{}");
        var twice = await RawHttp.SendAsync(
            platform.Address,
            $"POST /v1/videos/generations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Secret}\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");

        await tooLong.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_idempotency_key", "Idempotency-Key");
        twice.Should().Contain("invalid_idempotency_key");
    }

    private static async Task<HttpResponseMessage> CreateAsync(TestTenant tenant, string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/videos/generations") { Content = Json.Content(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await tenant.Client.SendAsync(request);
    }

    private static async Task CancelAsync(TestTenant tenant, JsonElement task)
    {
        using var response = await tenant.PostAsync($"/v1/tasks/{task.GetProperty("id").GetString()}/cancel", "{}");
        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
