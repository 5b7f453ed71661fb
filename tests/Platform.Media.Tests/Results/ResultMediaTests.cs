using Microsoft.AspNetCore.Http;
using Platform.Domain.Media;
using Platform.Domain.Upstreams;
using Platform.Media.Tests.Inputs;
using Platform.Media.Tests.Probing;

namespace Platform.Media.Tests.Results;

[Collection(CorpusCollection.Name)]
public sealed class ResultMediaTests(Corpus corpus) : IAsyncLifetime
{
    private const string Url = "http://upstream.acme.com/out.mp4";
    private const string Target = "results/ten_a/task/video.mp4";

    private MediaWorld _world = null!;

    public async Task InitializeAsync() => _world = await MediaWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task StoreAsync_BlobOfOurs_IsCopiedDigestedAndProbed()
    {
        var bytes = corpus.Bytes("ntsc-5005.mp4");
        var blob = await _world.Blobs.WriteAsync("sandbox/out", new MemoryStream(bytes), long.MaxValue, default);

        var expected = new ResultCopy.Stored(blob, await Probes.RecogniseAsync(bytes));
        (await StoreAsync("blob:sandbox/out")).Should().Be(expected);
        (await StoreAsync("blob:sandbox/out")).Should().Be(expected, "repeating is harmless");

        await _world.Blobs.DeleteAsync("sandbox/out", default);
        (await _world.BytesAsync(Target)).Should().Equal(bytes);
    }

    [Fact]
    public async Task StoreAsync_Url_IsFetchedAndTheClaimedLengthIsNotBelieved()
    {
        Serve("ntsc-5005.mp4");

        var stored = (await StoreAsync(Url)).Should().BeOfType<ResultCopy.Stored>().Which;

        stored.Info.DurationSeconds.Should().Be(5.005m);
        (await _world.BytesAsync(Target)).Should().HaveCount((int)stored.Blob.Length);
    }

    [Theory]
    [InlineData("picture.png")]
    [InlineData("sound-only.mp4")]
    [InlineData("film.webm")]
    public async Task StoreAsync_NoVideo_IsUnusableAndNothingStays(string name)
    {
        Serve(name);
        await _world.Blobs.WriteAsync("sandbox/out", new MemoryStream(corpus.Bytes(name)), long.MaxValue, default);

        (await StoreAsync(Url)).Should().BeOfType<ResultCopy.Unusable>();
        (await StoreAsync("blob:sandbox/out")).Should().BeOfType<ResultCopy.Unusable>();
        (await _world.BytesAsync(Target)).Should().BeNull();
    }

    [Theory]
    [InlineData("blob:nothing/here")]
    [InlineData("blob:../secret")]
    [InlineData("blob:")]
    [InlineData("blob:/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://127.0.0.1/out.mp4")]
    [InlineData("http://inside.acme.com/out.mp4")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task StoreAsync_PlaceThatIsNone_IsUnusable(string location)
    {
        _world.Site.Name("inside.acme.com", ["127.0.0.1"]);

        (await StoreAsync(location)).Should().BeOfType<ResultCopy.Unusable>();

        _world.Site.Connected.Should().BeEmpty();
    }

    [Theory]
    [InlineData(404, true)]
    [InlineData(410, true)]
    [InlineData(403, false)]
    [InlineData(401, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task StoreAsync_StatusOtherThanSuccess_IsUnusableOnlyWhereTheFileIsGone(int status, bool gone)
    {
        _world.Site.Handler = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        var copy = await StoreAsync(Url);

        (copy is ResultCopy.Unusable, copy is ResultCopy.Unavailable).Should().Be((gone, !gone));
    }

    private Task<ResultCopy> StoreAsync(string location) => _world.Results.StoreAsync(new UpstreamOutput(location, 99), Target, default);

    private void Serve(string name) => _world.Site.Handler = context => context.Response.Body.WriteAsync(corpus.Bytes(name)).AsTask();
}
