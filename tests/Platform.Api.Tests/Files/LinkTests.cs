using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Hosting;
using Platform.Domain.Media;

namespace Platform.Api.Tests.Files;

/// <summary>Bytes through signed links.</summary>
[Collection(PlatformCollection.Name)]
public sealed class LinkTests(TestPlatform platform)
{
    [Fact]
    public async Task Get_Link_GivesTheBytesAndNeverAPage()
    {
        var (_, link) = await UploadAsync();

        using var response = await platform.Anonymous.GetAsync(link);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync()).Should().Equal(platform.Media.Clip);
        response.Content.Headers.ContentType!.MediaType.Should().Be("video/mp4");
        response.Content.Headers.ContentDisposition!.DispositionType.Should().Be("inline");
        response.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        response.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("sandbox");
        response.Headers.AcceptRanges.Should().Equal("bytes");
        response.Headers.ETag.Should().NotBeNull();
        response.Headers.CacheControl!.Private.Should().BeTrue();
        response.Headers.Contains("x-request-id").Should().BeTrue();
    }

    [Fact]
    public async Task Head_Link_GivesTheHeadersOnly()
    {
        var (_, link) = await UploadAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, link);

        using var response = await platform.Anonymous.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentLength.Should().Be(platform.Media.Clip.Length);
        (await response.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=1000-1000", 1000, 1)]
    [InlineData("bytes=335500-", 335500, 9)]
    [InlineData("bytes=-10", 335499, 10)]
    [InlineData("bytes=0-99999999", 0, 335509)]
    public async Task Get_Range_GivesThatPart(string range, int from, int length)
    {
        var (_, link) = await UploadAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.TryAddWithoutValidation("Range", range);

        using var response = await platform.Anonymous.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        response.Content.Headers.ContentRange!.From.Should().Be(from);
        response.Content.Headers.ContentRange.Length.Should().Be(platform.Media.Clip.Length);
        (await response.Content.ReadAsByteArrayAsync()).Should().Equal(platform.Media.Clip.AsSpan(from, length).ToArray());
    }

    [Fact]
    public async Task Get_RangeBeyondTheEnd_Is416()
    {
        var (_, link) = await UploadAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.TryAddWithoutValidation("Range", "bytes=99999999-");

        using var response = await platform.Anonymous.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.RequestedRangeNotSatisfiable);
        response.Content.Headers.ContentRange!.Length.Should().Be(platform.Media.Clip.Length);
    }

    [Theory]
    [InlineData("bytes=5-1")]
    [InlineData("bytes=a-b")]
    public async Task Get_RangeThatIsNone_GivesTheWhole(string range)
    {
        var (_, link) = await UploadAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.TryAddWithoutValidation("Range", range);

        using var response = await platform.Anonymous.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentLength.Should().Be(platform.Media.Clip.Length);
    }

    [Fact]
    public async Task Get_Conditional_SaysWhetherItChanged()
    {
        var (_, link) = await UploadAsync();
        using var first = await platform.Anonymous.GetAsync(link);
        var tag = first.Headers.ETag!;

        using var unchanged = await GetAsync(link, r => r.Headers.IfNoneMatch.Add(tag));
        using var changed = await GetAsync(link, r => r.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"other\"")));
        using var wrongMatch = await GetAsync(link, r => r.Headers.IfMatch.Add(new EntityTagHeaderValue("\"other\"")));
        using var resumed = await GetAsync(link, r =>
        {
            r.Headers.Range = new RangeHeaderValue(10, 19);
            r.Headers.IfRange = new RangeConditionHeaderValue(tag);
        });
        using var restarted = await GetAsync(link, r =>
        {
            r.Headers.Range = new RangeHeaderValue(10, 19);
            r.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue("\"other\""));
        });

        unchanged.StatusCode.Should().Be(HttpStatusCode.NotModified);
        changed.StatusCode.Should().Be(HttpStatusCode.OK);
        wrongMatch.StatusCode.Should().Be(HttpStatusCode.PreconditionFailed);
        resumed.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        restarted.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Get_TamperedLink_Is403()
    {
        var (id, link) = await UploadAsync();
        var (otherId, _) = await UploadAsync();
        var path = $"/v1/files/{id}/content";
        var query = new Uri(link).Query;
        var expires = query.Split('=', '&')[1];
        foreach (var forged in new[]
        {
            path,
            $"{path}?expires={expires}",
            link.Replace("expires=", "expires=1", StringComparison.Ordinal),
            link.Replace($"expires={expires}", $"expires={long.Parse(expires) + 1}", StringComparison.Ordinal),
            link.Replace("signature=", "signature=x", StringComparison.Ordinal),
            link[..^1],
            link + "&expires=1",
            link + "&signature=x",
            link.Replace(id, otherId, StringComparison.Ordinal),
            link.Replace(id, "file_nobody", StringComparison.Ordinal),
        })
        {
            using var response = await platform.Anonymous.GetAsync(forged);

            await response.ShouldBeErrorAsync(HttpStatusCode.Forbidden, "invalid_link");
        }
    }

    [Fact]
    public async Task Get_LinkThatEnded_Is410()
    {
        var tenant = await platform.NewTenantAsync();
        var file = await tenant.UploadAsync(platform.Media.Image, "a.png");
        var time = platform.Services.GetRequiredService<TimeProvider>();
        var link = platform.Services.GetRequiredService<ILinkSigner>()
            .Sign($"/v1/files/{file.GetProperty("id").GetString()}/content", tenant.Id, time.GetUtcNow().AddSeconds(-1));

        using var response = await platform.Anonymous.GetAsync(link);

        await response.ShouldBeErrorAsync(HttpStatusCode.Gone, "link_expired");
    }

    [Theory]
    [InlineData("/v1/media/results/ten_x/task-unified-1-a/out.mp4")]
    [InlineData("/v1/media/results/../x/y")]
    [InlineData("/v1/media/results/a/b/c?expires=99999999999&signature=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Get_ResultWithoutSignature_IsNotServed(string path)
    {
        using var response = await platform.Anonymous.GetAsync(path);

        response.StatusCode.Should().BeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.NotFound);
    }

    private async Task<(string Id, string Link)> UploadAsync()
    {
        var tenant = await platform.NewTenantAsync();
        var file = await tenant.UploadAsync(platform.Media.Clip, "a.mp4");
        return (file.GetProperty("id").GetString()!, file.GetProperty("file_url").GetString()!);
    }

    private async Task<HttpResponseMessage> GetAsync(string link, Action<HttpRequestMessage> with)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        with(request);
        return await platform.Anonymous.SendAsync(request);
    }
}
