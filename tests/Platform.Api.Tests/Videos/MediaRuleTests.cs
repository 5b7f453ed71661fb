using System.Net;
using System.Text.Json;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Videos;

/// <summary>Inputs that are media and not what the model takes: each has a refusal of its own, and what is within the tolerance has none.</summary>
[Collection(PlatformCollection.Name)]
public sealed class MediaRuleTests(TestPlatform platform)
{
    private TestMedia Media => platform.Media;

    [Fact]
    public async Task Create_InputsOutOfBounds_AreRefusedEachWithItsOwnMessage()
    {
        var tenant = await platform.NewTenantAsync(credits: 1_000);
        var before = await tenant.CreditsAsync();
        var messages = new List<string>();
        foreach (var (what, image, video, orientation, param, says) in new (string, byte[], byte[], string, string, string)[]
        {
            ("image as clip", Media.Image, Media.Image, "image", "video_urls", "image/png"),
            ("clip as image", Media.Clip, Media.Clip, "image", "image_urls", "video/mp4"),
            ("2 s", Media.Image, Media.Video(60, "30"), "image", "video_urls", "2 s long"),
            ("11 s with image", Media.Image, Media.Video(110, "10"), "image", "video_urls", "11 s long"),
            ("31 s", Media.Image, Media.Video(310, "10"), "video", "video_urls", "31 s long"),
            ("290 pixels", Media.Picture(290, 400), Media.Clip, "image", "image_urls", "290×400"),
            ("1:3", Media.Picture(300, 900), Media.Clip, "image", "image_urls", "aspect ratio"),
            ("clip of 320 pixels", Media.Image, Media.Video(30, "10", 320, 360), "image", "video_urls", "320×360"),
        })
        {
            using var response = await CreateAsync(tenant, image, video, orientation);

            var message = await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", param);
            message.Should().Contain(says, what);
            messages.Add(message);
        }

        messages.Should().OnlyHaveUniqueItems();
        (await tenant.CreditsAsync()).Should().Be(before);
        (await tenant.GetJsonAsync("/v1/tasks")).GetProperty("data").GetArrayLength().Should().Be(0);
    }

    [Theory]
    [InlineData(300, "30000/1001", "image", "81.648")]
    [InlineData(240, "24000/1001", "image", "81.648")]
    [InlineData(101, "10", "image", "81.648")]
    [InlineData(29, "10", "image", "24.4944")]
    [InlineData(110, "10", "video", "89.8128")]
    public async Task Create_ClipWithinTheTolerance_ReservesWholeSeconds(int frames, string rate, string orientation, string reserved)
    {
        var tenant = await platform.NewTenantAsync(credits: 1_000);

        using var response = await CreateAsync(tenant, Media.Image, Media.Video(frames, rate), orientation);

        var task = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, task.ToString());
        task.GetProperty("usage").GetProperty("credits_reserved").GetRawText().Should().Be(reserved);
        using var cancelled = await tenant.PostAsync($"/v1/tasks/{task.GetProperty("id").GetString()}/cancel", "{}");
    }

    [Theory]
    [InlineData("https://127.0.0.1/hook")]
    [InlineData("https://10.0.0.1/hook")]
    [InlineData("https://[::1]/hook")]
    [InlineData("https://localhost/hook")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://2130706433/")]
    [InlineData("https://hooks.internal/")]
    [InlineData("https://example.com:22/")]
    [InlineData("http://hooks.example.com/")]
    public async Task Create_CallbackToAnInternalAddress_NamesTheParameter(string url)
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["callback_url"] = url;

        using var response = await tenant.PostAsync("/v1/videos/generations", body.ToJsonString());

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "callback_url");
    }

    [Theory]
    [InlineData("https://127.0.0.1/character.png")]
    [InlineData("http://example.com/character.png")]
    [InlineData("https://user:secret@example.com/character.png")]
    [InlineData("https://example.com/with space.png")]
    public async Task Create_ImageFromAForbiddenAddress_NamesTheParameter(string url)
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["image_urls"] = url;

        using var response = await tenant.PostAsync("/v1/videos/generations", body.ToJsonString());

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "image_urls");
    }

    private static async Task<HttpResponseMessage> CreateAsync(TestTenant tenant, byte[] image, byte[] video, string orientation)
    {
        var imageFile = await tenant.UploadAsync(image, "image.png");
        var videoFile = await tenant.UploadAsync(video, "clip.mp4");
        var body = Bodies.Hanging(new(Url(imageFile), Url(videoFile)));
        body["model_params"]!["character_orientation"] = orientation;
        return await tenant.PostAsync("/v1/videos/generations", body.ToJsonString());
    }

    private static string Url(JsonElement file) => file.GetProperty("file_url").GetString()!;
}
