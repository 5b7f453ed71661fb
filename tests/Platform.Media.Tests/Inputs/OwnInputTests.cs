using Platform.Domain.Media;
using Platform.Domain.Tenants;
using Platform.Media.Tests.Probing;

namespace Platform.Media.Tests.Inputs;

/// <summary>Inputs that are the platform's own files.</summary>
[Collection(CorpusCollection.Name)]
public sealed class OwnInputTests(Corpus corpus) : IAsyncLifetime
{
    private const long Large = 100L << 20;
    private const string Result = "results/ten_a/task-unified-1772366400-abc/video.mp4";

    private MediaWorld _world = null!;

    public async Task InitializeAsync() => _world = await MediaWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData("https://api.platform.com/base/v1/files/file_1/content")]
    [InlineData("https://api.platform.com/base/v1/files/file_1/content?expires=1&signature=forged")]
    [InlineData("https://API.platform.com:443/base/v1/files/file_1/content#x")]
    [InlineData("https://api.platform.com/base/v1/x/../files/file_1/content")]
    public async Task OwnFile_OfTheTenant_IsInspectedAndCopiedWithoutTheNetwork(string url)
    {
        var file = await _world.UploadAsync("file_1", MediaWorld.Tenant, corpus.Bytes("back.mp4"));

        (await InspectAsync(url)).Should().Be(new InputInspection.Recognised(file.Info, file.Blob.Length));
        (await CopyAsync(url)).Should().Be(new InputCopy.Copied(file.Blob, file.Info));
        (await CopyAsync(url)).Should().Be(new InputCopy.Copied(file.Blob, file.Info), "repeating is harmless");

        (await _world.BytesAsync("inputs/t")).Should().Equal(corpus.Bytes("back.mp4"));
        _world.Site.Resolved.Should().BeEmpty();
    }

    [Theory]
    [InlineData("https://api.platform.com/base/v1/files/file_2/content", "another tenant's")]
    [InlineData("https://api.platform.com/base/v1/files/file_9/content", "no file")]
    [InlineData("https://api.platform.com/base/v1/files/file_1", "no content")]
    [InlineData("https://api.platform.com/base/v1/files/file_1/content/", "another path")]
    [InlineData("https://api.platform.com/base/v1/files//content", "no id")]
    [InlineData("https://api.platform.com/base/v1/files/file_1%2f/content", "an escaped id")]
    [InlineData("https://api.platform.com/base/v1/tasks", "another resource")]
    [InlineData("https://api.platform.com/base/", "nothing")]
    [InlineData("https://api.platform.com/base/v1/media/results/ten_b/task-unified-1772366400-abc/video.mp4", "another tenant's")]
    [InlineData("https://api.platform.com/base/v1/media/results/ten_a/task-unified-1772366400-abd/video.mp4", "no result")]
    [InlineData("https://api.platform.com/base/v1/media/results/ten_a/nonsense/video.mp4", "no task")]
    [InlineData("https://api.platform.com/base/v1/media/results/ten_a/task-unified-1772366400-abc/%2e%2e", "no name")]
    [InlineData("https://api.platform.com/base/v1/media/results/ten_a%2f..%2ften_b/task-unified-1772366400-abc/video.mp4", "a trick")]
    public async Task OwnLink_ThatIsNotTheTenants_IsRefusedAlikeAndNeverFetched(string url, string because)
    {
        await _world.UploadAsync("file_1", MediaWorld.Tenant, corpus.Bytes("back.mp4"));
        await _world.UploadAsync("file_2", new TenantId("ten_b"), corpus.Bytes("back.mp4"));
        await StoreAsync(Result.Replace("ten_a", "ten_b", StringComparison.Ordinal), corpus.Bytes("back.mp4"));
        await StoreAsync(Result, corpus.Bytes("back.mp4"));

        (await InspectAsync(url)).Should().Be(new InputInspection.Refused("There is no such file."), because);
        (await CopyAsync(url)).Should().Be(new InputCopy.Refused("There is no such file."), because);

        _world.Site.Resolved.Should().BeEmpty();
        (await _world.BytesAsync("inputs/t")).Should().BeNull();
    }

    [Theory]
    [InlineData("http://api.platform.com/base/v1/files/file_1/content")]
    [InlineData("https://api.platform.com:8443/base/v1/files/file_1/content")]
    [InlineData("https://api.platform.com/other/v1/files/file_1/content")]
    [InlineData("https://api.platform.com.acme.com/base/v1/files/file_1/content")]
    public async Task LinkThatOnlyLooksLikeOwn_IsForeign(string url)
    {
        _world.Site.Name("api.platform.com", ["93.184.216.34"]);
        await _world.UploadAsync("file_1", MediaWorld.Tenant, corpus.Bytes("back.mp4"));

        (await InspectAsync(url)).Should().NotBeOfType<InputInspection.Recognised>();

        _world.Site.Resolved.Should().ContainSingle();
    }

    [Fact]
    public async Task OwnFile_PastItsEnd_IsGone()
    {
        var file = await _world.UploadAsync("file_1", MediaWorld.Tenant, corpus.Bytes("back.mp4"));
        var url = "https://api.platform.com/base" + file.ContentPath;
        _world.Time.SetUtcNow(file.ExpiresAt - TimeSpan.FromSeconds(1));
        (await InspectAsync(url)).Should().BeOfType<InputInspection.Recognised>();

        _world.Time.SetUtcNow(file.ExpiresAt);

        (await InspectAsync(url)).Should().BeOfType<InputInspection.Refused>();
        (await CopyAsync(url)).Should().BeOfType<InputCopy.Refused>();
    }

    [Fact]
    public async Task OwnFile_LargerThanAllowed_IsRefused()
    {
        var file = await _world.UploadAsync("file_1", MediaWorld.Tenant, corpus.Bytes("back.mp4"));
        var url = "https://api.platform.com/base" + file.ContentPath;

        (await _world.Inputs.InspectAsync(MediaWorld.Tenant, url, file.Blob.Length, default)).Should().BeOfType<InputInspection.Recognised>();
        (await _world.Inputs.InspectAsync(MediaWorld.Tenant, url, file.Blob.Length - 1, default)).Should().BeOfType<InputInspection.Refused>();
        (await _world.Inputs.CopyAsync(MediaWorld.Tenant, url, "inputs/t", file.Blob.Length - 1, default)).Should().BeOfType<InputCopy.Refused>();
        (await _world.BytesAsync("inputs/t")).Should().BeNull();
    }

    [Fact]
    public async Task OwnFile_WhoseBytesAreGone_IsRefusedByTheCopy()
    {
        var file = await _world.UploadAsync("file_1", MediaWorld.Tenant, corpus.Bytes("back.mp4"));
        await _world.Blobs.DeleteAsync(file.BlobKey, default);

        (await CopyAsync("https://api.platform.com/base" + file.ContentPath)).Should().Be(new InputCopy.Refused("There is no such file."));
    }

    [Fact]
    public async Task OwnResult_OfTheTenant_IsAnInputToo()
    {
        var blob = await StoreAsync(Result, corpus.Bytes("back.mp4"));
        var info = await Probes.RecogniseAsync(corpus.Bytes("back.mp4"));
        const string url = "https://api.platform.com/base/v1/media/" + Result + "?expires=1&signature=x";

        (await InspectAsync(url)).Should().Be(new InputInspection.Recognised(info, blob.Length));
        (await CopyAsync(url)).Should().Be(new InputCopy.Copied(blob, info));
        (await _world.Inputs.CopyAsync(MediaWorld.Tenant, url, "inputs/small", 10, default)).Should().BeOfType<InputCopy.Refused>();
        (await _world.BytesAsync("inputs/small")).Should().BeNull();
    }

    private Task<InputInspection> InspectAsync(string url) => _world.Inputs.InspectAsync(MediaWorld.Tenant, url, Large, default);

    private Task<InputCopy> CopyAsync(string url) => _world.Inputs.CopyAsync(MediaWorld.Tenant, url, "inputs/t", Large, default);

    private Task<BlobInfo> StoreAsync(string key, byte[] bytes) => _world.Blobs.WriteAsync(key, new MemoryStream(bytes), long.MaxValue, default);
}
