using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Videos;

[Collection(PlatformCollection.Name)]
public sealed class CreateTests(TestPlatform platform)
{
    private const string Path = "/v1/videos/generations";

    [Fact]
    public async Task Create_ThePagesRequest_GivesThePagesResponse()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var inputs = await tenant.UploadSamplesAsync();

        using var response = await tenant.PostAsync(Path, Bodies.OfThePage(inputs));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        var task = await response.JsonAsync();
        var expected = JsonNode.Parse("""
            {
              "created": 1757169743,
              "id": "task-unified-1757169743-v3mc",
              "model": "kling-v3-motion-control",
              "object": "video.generation.task",
              "progress": 0,
              "status": "pending",
              "task_info": { "can_cancel": true, "estimated_time": 180 },
              "type": "video",
              "usage": { "billing_rule": "per_second", "credits_reserved": 40.824, "user_group": "default" }
            }
            """)!.AsObject();
        var id = task.GetProperty("id").GetString()!;
        id.Should().MatchRegex($"^task-unified-{task.GetProperty("created").GetInt64()}-[0-9a-z]+$");
        expected["created"] = task.GetProperty("created").GetInt64();
        expected["id"] = id;
        task.Names().Should().Equal(expected.Select(f => f.Key), "the fields come in the page's order");
        JsonNode.DeepEquals(JsonNode.Parse(task.GetRawText()), expected).Should().BeTrue(task.GetRawText());
        task.GetRawText().Should().Contain("\"credits_reserved\":40.824,");

        var done = await tenant.WaitForEndAsync(id);
        done.GetProperty("status").GetString().Should().Be("completed", done.ToString());
        done.GetProperty("progress").GetInt32().Should().Be(100);
        done.GetProperty("task_info").GetProperty("can_cancel").GetBoolean().Should().BeFalse();
        done.GetProperty("usage").GetProperty("credits_used").GetRawText().Should().Be("40.824");
        var link = done.GetProperty("results").EnumerateArray().Should().ContainSingle().Subject.GetString()!;
        var result = done.GetProperty("result_data").EnumerateArray().Should().ContainSingle().Subject;
        result.GetProperty("video_url").GetString().Should().Be(link);
        result.GetProperty("duration").GetDecimal().Should().BeApproximately(5m, 0.1m);
        using var video = await platform.Anonymous.GetAsync(link);
        video.StatusCode.Should().Be(HttpStatusCode.OK);
        video.Content.Headers.ContentType!.MediaType.Should().Be("video/mp4");
        video.Content.Headers.ContentLength.Should().BePositive();
    }

    [Theory]
    [InlineData("model_params.keep_sound", "true")]
    [InlineData("model_params.element_list", "[]")]
    [InlineData("model_params.watermark_info", "{}")]
    [InlineData("model_params.watermark_info", """{"enabled":false}""")]
    [InlineData("model_params.watermark_info", """{"enabled":null}""")]
    [InlineData("prompt", "\"\"")]
    [InlineData("metadata", "{}")]
    [InlineData("end_user", "\"\"")]
    [InlineData("callback_url", null)]
    public async Task Create_OptionalFieldAbsentNullOrDefault_IsTheSameTask(string path, string? @default)
    {
        var tenant = await platform.NewTenantAsync(credits: 500);
        var inputs = await tenant.UploadSamplesAsync();
        var answers = new List<string>();
        foreach (var value in new[] { "absent", "null", @default ?? "null" })
        {
            var body = Bodies.Hanging(inputs);
            body.Remove("prompt");
            if (value != "absent")
            {
                var at = path.StartsWith("model_params.", StringComparison.Ordinal) ? body["model_params"]!.AsObject() : body;
                at[path.Split('.')[^1]] = JsonNode.Parse(value);
            }

            using var response = await tenant.PostAsync(Path, body.ToJsonString());
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            var task = JsonNode.Parse((await response.JsonAsync()).GetRawText())!.AsObject();
            await CancelAsync(tenant, task["id"]!.GetValue<string>());
            task.Remove("id");
            task.Remove("created");
            answers.Add(task.ToJsonString());
        }

        answers.Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task Create_UrlsAsStringAndAsArray_AreTheSameRequest()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var inputs = await tenant.UploadSamplesAsync();
        var answers = new List<string>();
        foreach (var asArray in new[] { false, true })
        {
            var body = Bodies.Hanging(inputs);
            if (asArray)
            {
                body["image_urls"] = new JsonArray(inputs.ImageUrl);
                body["video_urls"] = new JsonArray(inputs.VideoUrl);
            }

            using var response = await tenant.PostAsync(Path, body.ToJsonString());
            var task = JsonNode.Parse((await response.JsonAsync()).GetRawText())!.AsObject();
            response.StatusCode.Should().Be(HttpStatusCode.OK, task.ToJsonString());
            await CancelAsync(tenant, task["id"]!.GetValue<string>());
            task.Remove("id");
            task.Remove("created");
            answers.Add(task.ToJsonString());
        }

        answers[1].Should().Be(answers[0]);
    }

    [Fact]
    public async Task Create_MetadataAndEndUser_AreReturned()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["metadata"] = new JsonObject { ["order"] = "日本 <&> \"42\"" };
        body["end_user"] = "user-7";

        using var response = await tenant.PostAsync(Path, body.ToJsonString());

        var task = await response.JsonAsync();
        await CancelAsync(tenant, task.GetProperty("id").GetString()!);
        task.GetProperty("metadata").GetProperty("order").GetString().Should().Be("日本 <&> \"42\"");
        task.GetProperty("end_user").GetString().Should().Be("user-7");
    }

    [Fact]
    public async Task Create_TooFewCredits_Is402AndSaysWhatIsNeededAndThere()
    {
        var tenant = await platform.NewTenantAsync(credits: 40.82m);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        var before = await tenant.CreditsAsync();

        using var response = await tenant.PostAsync(Path, body.ToJsonString());

        var message = await response.ShouldBeErrorAsync(HttpStatusCode.PaymentRequired, "insufficient_user_quota");
        message.Should().Contain("40.824").And.Contain("40.82 ");
        (await tenant.CreditsAsync()).Should().Be(before);
    }

    [Fact]
    public async Task Create_UnknownElement_NamesItsParameter()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var body = Bodies.Full(await tenant.UploadSamplesAsync());

        using var response = await tenant.PostAsync(Path, body.ToJsonString());

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "model_params.element_list[0].element_id");
    }

    [Fact]
    public async Task Create_AnotherTenantsFile_IsNoFile()
    {
        var owner = await platform.NewTenantAsync();
        var inputs = await owner.UploadSamplesAsync();
        var thief = await platform.NewTenantAsync(credits: 100);

        using var response = await thief.PostAsync(Path, Bodies.OfThePage(inputs));

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "image_urls");
    }

    private static async Task CancelAsync(TestTenant tenant, string taskId)
    {
        using var response = await tenant.PostAsync($"/v1/tasks/{taskId}/cancel", "{}");
        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
