using System.Net;
using System.Net.Sockets;
using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Shared;

/// <summary>Addresses that the platform must not be talked into fetching; a listener here tells whether it did.</summary>
[Collection(SharedPlatformTests.Name)]
public sealed class RefusedUrlTests(SharedPlatform shared) : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    [Theory]
    [InlineData("http://127.0.0.1:{0}/x")]
    [InlineData("https://127.0.0.1:{0}/x")]
    [InlineData("https://localhost:{0}/x")]
    [InlineData("https://localhost.:{0}/x")]
    [InlineData("https://[::1]:{0}/x")]
    [InlineData("https://[::ffff:127.0.0.1]:{0}/x")]
    [InlineData("https://0x7f000001:{0}/x")]
    [InlineData("https://2130706433:{0}/x")]
    [InlineData("https://0177.0.0.1:{0}/x")]
    [InlineData("https://127.1:{0}/x")]
    [InlineData("https://0.0.0.0:{0}/x")]
    [InlineData("https://user:password@127.0.0.1:{0}/x")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("https://10.0.0.1/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1:{0}/x")]
    [InlineData("data:image/png;base64,iVBORw0KGgo=")]
    public async Task Create_UrlThatMustNotBeFetched_IsRefusedWithoutAConnection(string pattern)
    {
        _listener.Start();
        var url = pattern.Replace("{0}", $"{((IPEndPoint)_listener.LocalEndpoint).Port}", StringComparison.Ordinal);
        var caller = shared.Platform.Caller();
        var good = await caller.UploadAsync(await Clips.Image, await Clips.Quick);

        (await caller.CreateAsync(good with { Image = url })).Error(HttpStatusCode.BadRequest).Text("param").Should().Be("image_urls");
        (await caller.CreateAsync(good with { Video = url })).Error(HttpStatusCode.BadRequest).Text("param").Should().Be("video_urls");
        _listener.Pending().Should().BeFalse("nothing may connect to {0}", url);
    }

    /// <summary>The platform's own address with a path that it did not sign is not a way around the guard.</summary>
    [Theory]
    [InlineData("/v1/files/file_x/content")]
    [InlineData("/health/ready")]
    [InlineData("/admin/v1/tenants")]
    public async Task Create_OwnAddressUnsigned_IsRefused(string path)
    {
        var caller = shared.Platform.Caller();
        var good = await caller.UploadAsync(await Clips.Image, await Clips.Quick);

        var refused = await caller.CreateAsync(good with { Video = shared.Platform.Url + path });
        refused.Error(HttpStatusCode.BadRequest).Text("param").Should().Be("video_urls");
    }

    public void Dispose() => _listener.Dispose();
}
