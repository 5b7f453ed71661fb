using System.Diagnostics;
using System.Net;
using System.Text;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Files;

[Collection(PlatformCollection.Name)]
public sealed class FileTests(TestPlatform platform)
{
    [Fact]
    public async Task Upload_Clip_IsDescribedListedReadAndDeleted()
    {
        var tenant = await platform.NewTenantAsync();

        var file = await tenant.UploadAsync(platform.Media.Clip, "my dance.mp4");

        file.Names().Should().Equal(
            "id", "object", "file_name", "mime_type", "size", "sha256", "width", "height", "duration", "file_url", "created", "expires_at");
        var id = file.GetProperty("id").GetString()!;
        id.Should().StartWith("file_");
        file.GetProperty("object").GetString().Should().Be("file");
        file.GetProperty("file_name").GetString().Should().Be("my dance.mp4");
        file.GetProperty("mime_type").GetString().Should().Be("video/mp4");
        file.GetProperty("size").GetInt64().Should().Be(platform.Media.Clip.Length);
        file.GetProperty("width").GetInt32().Should().Be(640);
        file.GetProperty("duration").GetRawText().Should().Be("5");
        (file.GetProperty("expires_at").GetInt64() - file.GetProperty("created").GetInt64()).Should().Be(72 * 3600);

        (await tenant.GetJsonAsync($"/v1/files/{id}")).ToString().Should().Be(file.ToString());
        var list = await tenant.GetJsonAsync("/v1/files");
        list.Names().Should().BeEquivalentTo("object", "data", "has_more");
        list.GetProperty("data").EnumerateArray().Should().ContainSingle().Which.ToString().Should().Be(file.ToString());

        using var deleted = await tenant.Client.DeleteAsync($"/v1/files/{id}");
        (await deleted.JsonAsync()).ToString().Should().Be($$"""{"id":"{{id}}","object":"file","deleted":true}""");
        using var gone = await tenant.Client.GetAsync($"/v1/files/{id}");
        await gone.ShouldBeErrorAsync(HttpStatusCode.NotFound, "file_not_found");
        using var again = await tenant.Client.DeleteAsync($"/v1/files/{id}");
        await again.ShouldBeErrorAsync(HttpStatusCode.NotFound, "file_not_found");
        using var link = await platform.Anonymous.GetAsync(file.GetProperty("file_url").GetString());
        await link.ShouldBeErrorAsync(HttpStatusCode.Forbidden, "invalid_link");
        platform.Blobs($"files/{tenant.Id}/").Should().BeEmpty();
    }

    [Fact]
    public async Task Upload_Image_HasNoDuration()
    {
        var tenant = await platform.NewTenantAsync();

        var file = await tenant.UploadAsync(platform.Media.Image, "character.png");

        file.GetProperty("mime_type").GetString().Should().Be("image/png");
        file.TryGetProperty("duration", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Upload_ImageCalledMp4_IsWhatItIs()
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.TryUploadAsync(platform.Media.Image, "dance.mp4", "video/mp4");

        var file = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        file.GetProperty("mime_type").GetString().Should().Be("image/png");
        file.GetProperty("file_name").GetString().Should().Be("dance.mp4");
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\clips\\a.mp4", "a.mp4")]
    [InlineData("a\u0001b<c>.mp4", "abc.mp4")]
    [InlineData("舞.mp4", "舞.mp4")]
    public async Task Upload_AnyName_BecomesHarmless(string name, string expected)
    {
        var tenant = await platform.NewTenantAsync();
        var body = Multipart($"Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''{Uri.EscapeDataString(name)}", platform.Media.Image);

        using var response = await PostMultipartAsync(tenant, body);

        var file = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, file.ToString());
        file.GetProperty("file_name").GetString().Should().Be(expected);
    }

    [Fact]
    public async Task Files_OfAnotherTenant_DoNotExist()
    {
        var owner = await platform.NewTenantAsync();
        var other = await platform.NewTenantAsync();
        var id = (await owner.UploadAsync(platform.Media.Image, "a.png")).GetProperty("id").GetString();

        using var get = await other.Client.GetAsync($"/v1/files/{id}");
        using var delete = await other.Client.DeleteAsync($"/v1/files/{id}");

        await get.ShouldBeErrorAsync(HttpStatusCode.NotFound, "file_not_found");
        await delete.ShouldBeErrorAsync(HttpStatusCode.NotFound, "file_not_found");
        (await other.GetJsonAsync("/v1/files")).GetProperty("data").GetArrayLength().Should().Be(0);
        (await owner.GetJsonAsync($"/v1/files/{id}")).GetProperty("id").GetString().Should().Be(id);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("file_")]
    [InlineData("file_0000000000000000000000000")]
    [InlineData("%ff")]
    [InlineData("file_%2e%2e%2f%2e%2e")]
    public async Task Get_UnknownId_Is404(string id)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.GetAsync($"/v1/files/{id}");

        response.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task List_Pages_NoneTwiceNoneMissing()
    {
        var tenant = await platform.NewTenantAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await tenant.UploadAsync(platform.Media.Image, $"{i}.png")).GetProperty("id").GetString()!);
        }

        var seen = new List<string>();
        var path = "/v1/files?limit=2";
        for (var page = await tenant.GetJsonAsync(path); ; page = await tenant.GetJsonAsync(path))
        {
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(f => f.GetProperty("id").GetString()!));
            if (!page.GetProperty("has_more").GetBoolean())
            {
                page.TryGetProperty("next", out _).Should().BeFalse();
                break;
            }

            path = $"/v1/files?limit=2&after={page.GetProperty("next").GetString()}";
        }

        seen.Should().Equal(Enumerable.Reverse(ids));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("after=nonsense", "after")]
    [InlineData("after=", "after")]
    [InlineData("page=2", "page")]
    public async Task List_BadQuery_NamesTheParameter(string query, string param)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.GetAsync($"/v1/files?{query}");

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", param);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/mixed; boundary=x")]
    public async Task Upload_NotAForm_Is415(string type)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.PostAsync("/v1/files", Json.Content("{}"u8.ToArray(), type));

        await response.ShouldBeErrorAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("Content-Disposition: form-data; name=\"other\"; filename=\"a.png\"")]
    [InlineData("Content-Disposition: form-data; name=\"file\"")]
    [InlineData("Content-Disposition: attachment")]
    [InlineData("X-Nothing: at all")]
    public async Task Upload_FormWithoutFile_NamesIt(string header)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await PostMultipartAsync(tenant, Multipart(header, platform.Media.Image));

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "file");
        await AssertNothingLeftAsync(tenant);
    }

    [Fact]
    public async Task Upload_EmptyForm_Is400()
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await PostMultipartAsync(tenant, "--limit--\r\n"u8.ToArray());

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "file");
    }

    [Fact]
    public async Task Upload_FormThatEndsEarly_IsRefusedAndNothingIsLeft()
    {
        var tenant = await platform.NewTenantAsync();
        var whole = Multipart("Content-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"", platform.Media.Clip);
        foreach (var length in new[] { 0, 5, 40, 120, 5_000, whole.Length / 2, whole.Length - 12 })
        {
            using var response = await PostMultipartAsync(tenant, whole[..length]);

            response.StatusCode.Should().Be(HttpStatusCode.BadRequest, "{0} bytes of {1} came", length, whole.Length);
        }

        await AssertNothingLeftAsync(tenant);
    }

    [Fact]
    public async Task Upload_ConnectionThatEndsEarly_LeavesNothing()
    {
        var tenant = await platform.NewTenantAsync();

        await RawHttp.SendAsync(
            platform.Address,
            $"POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Secret}\r\nContent-Type: multipart/form-data; boundary=limit\r\nContent-Length: 900000\r\nConnection: close\r\n\r\n"
            + "--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\n" + new string('x', 200_000),
            endAfterSending: true);

        await AssertNothingLeftAsync(tenant);
        platform.Errors.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task Upload_Refused_LeavesNothing()
    {
        var tenant = await platform.NewTenantAsync();
        var clip = platform.Media.Clip;
        var messages = new List<string>();
        foreach (var (bytes, name) in new (byte[], string)[]
        {
            ([], "empty.mp4"),
            ([0], "byte.mp4"),
            (Encoding.UTF8.GetBytes("<html>hello</html>"), "page.png"),
            (clip[..(clip.Length / 2)], "cut.mp4"),
            (platform.Media.Sound(), "sound.mp4"),
        })
        {
            using var response = await tenant.TryUploadAsync(bytes, name);
            messages.Add(await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "file"));
        }

        messages.Should().OnlyHaveUniqueItems("each refusal says what is wrong with that file");
        await AssertNothingLeftAsync(tenant);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Upload_101Megabytes_Is413AndNothingIsLeft(bool withLength)
    {
        var tenant = await platform.NewTenantAsync();
        using var form = new MultipartFormDataContent { { new StreamContent(new Zeros(101L * 1024 * 1024)), "file", "large.mp4" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = form };
        request.Headers.TransferEncodingChunked = !withLength;
        request.Headers.ExpectContinue = true;

        using var response = await tenant.Client.SendAsync(request);

        await response.ShouldBeErrorAsync(HttpStatusCode.RequestEntityTooLarge, "file_too_large", "file");
        await AssertNothingLeftAsync(tenant);
    }

    private static byte[] Multipart(string header, byte[] content) =>
        [.. Encoding.UTF8.GetBytes($"--limit\r\n{header}\r\n\r\n"), .. content, .. "\r\n--limit--\r\n"u8];

    private static async Task<HttpResponseMessage> PostMultipartAsync(TestTenant tenant, byte[] body) =>
        await tenant.Client.PostAsync("/v1/files", Json.Content(body, "multipart/form-data; boundary=limit"));

    private async Task AssertNothingLeftAsync(TestTenant tenant)
    {
        // Where the caller breaks off, the connection closes before the server has cleared away what it had: look until it has.
        var waited = Stopwatch.StartNew();
        while (platform.Blobs($"files/{tenant.Id}/").Count > 0 && waited.Elapsed < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        platform.Blobs($"files/{tenant.Id}/").Should().BeEmpty();
        (await tenant.GetJsonAsync("/v1/files")).GetProperty("data").GetArrayLength().Should().Be(0);
    }

    /// <summary>So many zeros, without the memory for them.</summary>
    private sealed class Zeros(long length) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => _position; set => _position = value; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var taken = (int)Math.Min(count, length - _position);
            buffer.AsSpan(offset, taken).Clear();
            _position += taken;
            return taken;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
