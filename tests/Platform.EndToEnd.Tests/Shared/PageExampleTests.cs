using System.Text.Json;
using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Shared;

/// <summary>The product page's request and response, as they stand there.</summary>
[Collection(SharedPlatformTests.Name)]
public sealed class PageExampleTests(SharedPlatform shared)
{
    private const string Request = """
        {
          "model": "kling-v3-motion-control",
          "prompt": "A girl wearing a gray loose T-shirt and denim shorts",
          "image_urls": ["https://example.com/character.png"],
          "video_urls": ["https://example.com/dance.mp4"],
          "quality": "720p",
          "model_params": {
            "character_orientation": "image",
            "keep_sound": true
          }
        }
        """;

    private const string Response = """
        {
          "created": 1757169743,
          "id": "task-unified-1757169743-v3mc",
          "model": "kling-v3-motion-control",
          "object": "video.generation.task",
          "progress": 0,
          "status": "pending",
          "task_info": {
            "can_cancel": true,
            "estimated_time": 180
          },
          "type": "video",
          "usage": {
            "billing_rule": "per_second",
            "credits_reserved": 40.824,
            "user_group": "default"
          }
        }
        """;

    [Fact]
    public async Task Create_RequestOfThePage_IsAnsweredAsOnThePage()
    {
        var caller = await shared.Platform.NewTenantAsync("40.824");
        var inputs = await caller.UploadAsync(
            Path.Combine(Programs.Repository, "samples", "character.png"), Path.Combine(Programs.Repository, "samples", "motion.mp4"));
        var answer = (await caller.PostAsync(
            "/v1/videos/generations",
            Request.Replace("https://example.com/character.png", inputs.Image, StringComparison.Ordinal)
                .Replace("https://example.com/dance.mp4", inputs.Video, StringComparison.Ordinal))).Ok();

        using var example = JsonDocument.Parse(Response);
        var fields = Fields(answer).ToList();
        fields.Select(f => f.Path).Should().Equal(Fields(example.RootElement).Select(f => f.Path), "fields and their order are the page's");
        fields.Select(f => f.Kind).Should().Equal(Fields(example.RootElement).Select(f => f.Kind));
        fields.Where(f => !IsOwn(f)).Should().Equal(Fields(example.RootElement).Where(f => !IsOwn(f)));

        var created = answer.GetProperty("created").GetInt64();
        answer.Text("id").Should().MatchRegex($"^task-unified-{created}-[a-z0-9]+$");
        DateTimeOffset.FromUnixTimeSeconds(created).Should().BeCloseTo(TimeProvider.System.GetUtcNow(), Wait.Deadline);

        // A get gives the same object; what a completed task adds, it adds.
        var ended = await caller.EndedAsync(answer.Text("id"));
        Fields(ended).Select(f => f.Path).Should().Contain(fields.Select(f => f.Path));
        ended.Raw("created").Should().Be(answer.Raw("created"));
        ended.GetProperty("usage").Raw("credits_used").Should().Be("40.824");
        ended.GetProperty("task_info").Raw("video_duration").Should().Be("5");
        ended.GetProperty("result_data")[0].Raw("duration").Should().Be("5");
    }

    private static bool IsOwn(Field field) => field.Path is ".created" or ".id";

    private static IEnumerable<Field> Fields(JsonElement json, string path = "") => json.ValueKind == JsonValueKind.Object
        ? json.EnumerateObject().SelectMany(p => Fields(p.Value, $"{path}.{p.Name}").Prepend(new($"{path}.{p.Name}", p.Value.ValueKind, "")))
        : [new(path, json.ValueKind, json.GetRawText())];

    private sealed record Field(string Path, JsonValueKind Kind, string Text);
}
