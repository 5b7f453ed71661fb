using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Reads;

/// <summary>A program in which a tenant may have more tasks waiting than is usual.</summary>
public sealed class DeepQueuePlatform : TestPlatform
{
    protected override IEnumerable<string> Settings => ["--Platform:Limits:Default:QueueLength=2000"];
}

public sealed class GrowingListTests(DeepQueuePlatform platform) : IClassFixture<DeepQueuePlatform>
{
    private const int PerBatch = 100;

    [Fact]
    public async Task List_ThousandTasksWhileFiveHundredMoreArrive_HasNoneTwiceAndNoneOfTheFirstMissing()
    {
        var tenant = await platform.NewTenantAsync(credits: 100_000);
        var inputs = await tenant.UploadSamplesAsync();
        var first = new List<string>();
        for (var batch = 0; batch < 10; batch++)
        {
            first.AddRange(await CreateAsync(tenant, inputs, batch));
        }

        var seen = new List<string>();
        string? next = null;
        for (var page = 0; page == 0 || next is not null; page++)
        {
            // The first pages are read while more tasks are being accepted.
            var arriving = page < 5 ? CreateAsync(tenant, inputs, 10 + page) : Task.FromResult<IReadOnlyList<string>>([]);
            var read = await tenant.GetJsonAsync($"/v1/tasks?limit=50{(next is null ? "" : $"&after={Uri.EscapeDataString(next)}")}");
            seen.AddRange(read.GetProperty("data").EnumerateArray().Select(t => t.GetProperty("id").GetString()!));
            next = read.GetProperty("has_more").GetBoolean() ? read.GetProperty("next").GetString() : null;
            await arriving;
        }

        seen.Should().OnlyHaveUniqueItems();
        seen.Should().Contain(first);
        (await tenant.GetJsonAsync("/v1/tasks?page=1&page_size=1")).GetProperty("total").GetInt64().Should().Be(1500);
    }

    private static async Task<IReadOnlyList<string>> CreateAsync(TestTenant tenant, Inputs inputs, int batch)
    {
        var body = new JsonObject
        {
            ["model"] = "kling-v3-motion-control",
            ["prompt"] = "[sandbox:hang]",
            ["image_urls"] = inputs.ImageUrl,
            ["video_urls"] = inputs.VideoUrl,
            ["quality"] = "720p",
            ["model_params"] = new JsonObject { ["character_orientation"] = "image" },
            ["mode"] = "all_or_nothing",
            ["items"] = new JsonArray([.. Enumerable.Range(0, PerBatch).Select(n =>
                new JsonObject { ["metadata"] = new JsonObject { ["n"] = (batch * PerBatch + n).ToString(CultureInfo.InvariantCulture) } })]),
        };
        using var response = await tenant.PostAsync("/v1/videos/generations/batch", body.ToJsonString());
        var answer = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, answer.ToString());
        return [.. answer.GetProperty("data").EnumerateArray().Select(i => i.GetProperty("task").GetProperty("id").GetString()!)];
    }
}
