using System.Net;
using System.Text;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Videos;

/// <summary>Bodies that are no request at all.</summary>
[Collection(PlatformCollection.Name)]
public sealed class BodyTests(TestPlatform platform)
{
    private const string Path = "/v1/videos/generations";

    public static TheoryData<string, string> NoRequests => new()
    {
        { "empty", "" },
        { "white space", "  \n" },
        { "not JSON", "model=kling" },
        { "cut off", """{"model":"kling-v3-motion-control" """ },
        { "two values", "{}{}" },
        { "comment", "{/* hello */}" },
        { "trailing comma", """{"model":"x",}""" },
        { "single quotes", "{'model':'x'}" },
        { "NaN", """{"model":NaN}""" },
        { "byte order mark", "\uFEFF{}" },
        { "array", "[]" },
        { "array of objects", "[{}]" },
        { "number", "42" },
        { "huge number", "1e999999" },
        { "text", "\"model\"" },
        { "true", "true" },
        { "null", "null" },
        { "duplicate key", """{"model":"kling-v3-motion-control","model":"kling-v3-motion-control"}""" },
        { "duplicate key below", """{"model_params":{"keep_sound":true,"keep_sound":false}}""" },
        { "duplicate key by an escape", """{"model":"x","\u006dodel":"x"}""" },
        { "deep arrays", new string('[', 10_000) },
        { "deep objects", string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000) },
        { "name that is no text", """{"\ud800":1}""" },
        { "name below that is no text", """{"metadata":{"\udc00x":"1"}}""" },
        { "names that are no text", """{"\ud800":1,"\ud800":2,"\udfff":3}""" },
    };

    [Theory]
    [MemberData(nameof(NoRequests))]
    public async Task Create_NoRequest_Is400(string what, string body)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.PostAsync(Path, body);

        what.Should().NotBeNull();
        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_body");
    }

    public static TheoryData<byte[]> InvalidUtf8 =>
    [
        [0xff, 0xfe, 0x7b, 0x7d],
        [0x7b, 0xc3, 0x7d],
        Encoding.Unicode.GetBytes("{}"),
        [.. "{\""u8, 0xc3, 0x28, .. "\":1}"u8],
        [.. "{\""u8, 0xed, 0xa0, 0x80, .. "\":1}"u8],
    ];

    [Theory]
    [MemberData(nameof(InvalidUtf8))]
    public async Task Create_InvalidUtf8InABodyOrName_Is400(byte[] body)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.PostAsync(Path, Json.Content(body));

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_body");
    }

    [Theory]
    [InlineData("prompt")]
    [InlineData("model")]
    [InlineData("end_user")]
    [InlineData("image_urls")]
    public async Task Create_InvalidUtf8InAValue_NamesTheParameter(string name)
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var inputs = await tenant.UploadSamplesAsync();
        var node = Bodies.Hanging(inputs);
        node[name] = "MARK";
        var text = node.ToJsonString();
        var at = text.IndexOf("MARK", StringComparison.Ordinal);
        byte[] body = [.. Encoding.UTF8.GetBytes(text[..at]), 0xff, 0xfe, .. Encoding.UTF8.GetBytes(text[(at + 4)..])];

        using var response = await tenant.Client.PostAsync(Path, Json.Content(body));

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", name);
    }

    [Theory]
    [InlineData("prompt", "\"a\\ud800b\"")]
    [InlineData("end_user", "\"\\udc00\"")]
    [InlineData("metadata.key", "{\"key\":\"\\ud800\"}")]
    [InlineData("callback_url", "\"https://example.com/\\ud800\"")]
    public async Task Create_LoneSurrogate_NamesTheParameter(string param, string value)
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var node = Bodies.Hanging(await tenant.UploadSamplesAsync());
        var body = node.ToJsonString();
        var name = param.Split('.')[0];
        node.Remove(name);
        body = node.ToJsonString()[..^1] + $",\"{name}\":{value}}}";

        using var response = await tenant.PostAsync(Path, body);

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", param);
    }

    [Fact]
    public async Task Create_LongUnknownNameOfPairs_IsCutBetweenThem()
    {
        var tenant = await platform.NewTenantAsync();
        var name = "x" + string.Concat(Enumerable.Repeat("\U0001F600", 200));

        using var response = await tenant.PostAsync(Path, $$"""{"{{name}}":1}""");

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).Should().NotContain("\uFFFD");
    }

    [Fact]
    public async Task Create_ManyUnknownNames_IsAnsweredAtOnce()
    {
        var tenant = await platform.NewTenantAsync();
        var body = "{" + string.Join(",", Enumerable.Range(0, 25_000).Select(i => $"\"{i:x5}\":0")) + "}";

        using var response = await tenant.PostAsync(Path, body);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Create_HugeBody_Is413(bool withLength)
    {
        var tenant = await platform.NewTenantAsync();
        var bytes = Encoding.UTF8.GetBytes($$"""{"prompt":"{{new string('a', 300_000)}}"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Json.Content(bytes) };
        if (!withLength)
        {
            request.Headers.TransferEncodingChunked = true;
        }

        using var response = await tenant.Client.SendAsync(request);

        await response.ShouldBeErrorAsync(HttpStatusCode.RequestEntityTooLarge, "request_too_large");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/jsonx")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Create_WrongContentType_Is415(string type)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.PostAsync(Path, Json.Content("{}"u8.ToArray(), type));

        await response.ShouldBeErrorAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Create_NoContentType_Is415()
    {
        var tenant = await platform.NewTenantAsync();
        using var content = new ByteArrayContent("{}"u8.ToArray());

        using var response = await tenant.Client.PostAsync(Path, content);

        await response.ShouldBeErrorAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/vnd.mine+json")]
    public async Task Create_AnyWordForJson_IsRead(string type)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.PostAsync(Path, Json.Content("{}"u8.ToArray(), type));

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "model");
    }

    [Fact]
    public async Task Create_BodyThatEndsEarly_IsNoTask()
    {
        var tenant = await platform.NewTenantAsync();

        var answer = await RawHttp.SendAsync(
            platform.Address,
            $"POST {Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Secret}\r\nContent-Type: application/json\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{{}}",
            endAfterSending: true);

        answer.Should().Match(a => a.Length == 0 || a.StartsWith("HTTP/1.1 400"));
        platform.Errors.Lines.Should().BeEmpty();
    }
}
