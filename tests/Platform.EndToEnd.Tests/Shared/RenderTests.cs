using System.Net;
using System.Net.Http.Headers;
using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Shared;

[Collection(SharedPlatformTests.Name)]
public sealed class RenderTests(SharedPlatform shared)
{
    [Theory]
    [InlineData("720p", true, 720)]
    [InlineData("1080p", false, 1080)]
    public async Task Create_ClipWithSound_RendersWhatWasAskedFor(string quality, bool keepSound, int shortSide)
    {
        var caller = await shared.Platform.NewTenantAsync("100");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.FiveSeconds);
        var ended = await caller.EndedAsync(await caller.CreatedAsync(inputs, new(quality, KeepSound: keepSound)));

        ended.Text("status").Should().Be("completed");
        ended.Raw("progress").Should().Be("100");
        var link = ended.GetProperty("results")[0].GetString()!;
        var file = Path.Combine(shared.Platform.Folder, $"render-{quality}.mp4");
        using var http = new HttpClient();
        await File.WriteAllBytesAsync(file, await http.GetByteArrayAsync(new Uri(link)));

        var video = await Video.ProbeAsync(file);
        video.Codec.Should().Be("h264");
        video.Seconds.Should().BeApproximately(5m, 0.1m);
        video.ShortSide.Should().Be(shortSide);
        video.HasSound.Should().Be(keepSound);
    }

    [Fact]
    public async Task ResultLink_RangeHeadAndForgery_AreAnsweredAsTheyShould()
    {
        var caller = await shared.Platform.NewTenantAsync("100");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);
        var ended = await caller.EndedAsync(await caller.CreatedAsync(inputs));
        var link = ended.GetProperty("result_data")[0].Text("video_url");
        using var http = new HttpClient();
        var whole = await http.GetByteArrayAsync(new Uri(link));

        using var ranged = new HttpRequestMessage(HttpMethod.Get, link);
        ranged.Headers.Range = new RangeHeaderValue(100, 199);
        using var part = await http.SendAsync(ranged);
        part.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync()).Should().Equal(whole[100..200]);
        part.Content.Headers.ContentRange!.Length.Should().Be(whole.Length);

        using var asked = new HttpRequestMessage(HttpMethod.Head, link);
        using var head = await http.SendAsync(asked);
        head.StatusCode.Should().Be(HttpStatusCode.OK);
        head.Content.Headers.ContentLength.Should().Be(whole.Length);
        head.Content.Headers.ContentType!.MediaType.Should().Be("video/mp4");

        foreach (var forged in Forgeries(link))
        {
            using var refused = await http.GetAsync(new Uri(forged));
            refused.StatusCode.Should().Be(HttpStatusCode.Forbidden, "{0} was not signed", forged);
        }
    }

    private static IEnumerable<string> Forgeries(string link)
    {
        // The last character of a signature may carry unused bits; the first one does not.
        var signature = link.IndexOf("signature=", StringComparison.Ordinal) + "signature=".Length;
        yield return $"{link[..signature]}{(link[signature] == 'A' ? 'B' : 'A')}{link[(signature + 1)..]}";

        var expires = link.IndexOf("expires=", StringComparison.Ordinal) + "expires=".Length;
        yield return $"{link[..expires]}{(link[expires] == '1' ? '2' : '3')}{link[(expires + 1)..]}";
        yield return link[..link.IndexOf('?', StringComparison.Ordinal)];
    }
}
