using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Domain.Tenants;
using Platform.Media.Cuts;
using Platform.Media.Tests.Inputs;
using Platform.Media.Tests.Probing;

namespace Platform.Media.Tests.Cuts;

[Collection(CorpusCollection.Name)]
public sealed class SceneCutTests(Corpus corpus) : IAsyncLifetime
{
    private const string Base = "https://api.platform.com/base";

    private MediaWorld _world = null!;

    public async Task InitializeAsync() => _world = await MediaWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Find_ClipWithThreeCuts_TellsTheirTimes() =>
        (await Finder(null).FindAsync(corpus.PathOf("cuts.mp4"), default))!.Value.Should().Equal(1.5m, 3.5m, 3.9m);

    [Theory]
    [InlineData("back.mp4")]
    [InlineData("motionjpeg.mov")]
    [InlineData("fragmented.mp4")]
    public async Task Find_OneTake_HasNoCut(string name) =>
        (await Finder(null).FindAsync(corpus.PathOf(name), default))!.Value.Should().BeEmpty();

    [Theory]
    [InlineData("sound-only.mp4")]
    [InlineData("picture.png")]
    [InlineData("film.webm")]
    [InlineData("there-is-none.mp4")]
    public async Task Find_NoVideoInAnIsoFile_KnowsNothing(string name) =>
        (await Finder(null).FindAsync(corpus.PathOf(name), default)).Should().BeNull();

    [Theory]
    [InlineData("")]
    [InlineData("/there/is/no/ffmpeg")]
    public async Task Find_NotInstalled_KnowsNothing(string program) =>
        (await Finder(program).FindAsync(corpus.PathOf("cuts.mp4"), default)).Should().BeNull();

    [Fact]
    public void Read_WhateverIsPrinted_TakesTheTimes() =>
        SceneCutFinder.Read("frame:0 pts:1 pts_time:1.5\nlavfi.scene_score=0.8\npts_time:x\n\npts_time:\nframe:1 pts_time:2\r\n")
            .Should().Equal(1.5m, 2m);

    [Fact]
    public async Task FindAsync_OwnUpload_IsLookedAtOnceAndOnlyForItsOwner()
    {
        var file = await _world.UploadAsync("file_1", MediaWorld.Tenant, corpus.Bytes("cuts.mp4"));
        var image = await _world.UploadAsync("file_2", MediaWorld.Tenant, corpus.Bytes("picture.png"));

        (await FindAsync(file.ContentPath)).Should().NotBeNull();
        (await FindAsync(image.ContentPath)).Should().BeNull();
        (await FindAsync("/v1/files/file_9/content")).Should().BeNull();
        (await _world.Cuts.FindAsync(MediaWorld.Tenant, "https://example.com/a.mp4", default)).Should().BeNull();
        (await _world.Cuts.FindAsync(new TenantId("ten_b"), Base + file.ContentPath, default)).Should().BeNull();

        // What was found is known by the digest: the bytes are not needed again.
        await _world.Blobs.DeleteAsync(file.BlobKey, default);
        (await FindAsync(file.ContentPath))!.Value.Should().Equal(1.5m, 3.5m, 3.9m);
        _world.Site.Resolved.Should().BeEmpty();
    }

    [Fact]
    public async Task FindAsync_BytesAreGone_KnowsNothing()
    {
        var file = await _world.UploadAsync("file_1", MediaWorld.Tenant, corpus.Bytes("cuts.mp4"));
        await _world.Blobs.DeleteAsync(file.BlobKey, default);

        (await FindAsync(file.ContentPath)).Should().BeNull();
    }

    private static SceneCutFinder Finder(string? program) =>
        new(Options.Create(new MediaOptions { FfmpegPath = program }), TimeProvider.System, NullLogger<SceneCutFinder>.Instance);

    private Task<ImmutableArray<decimal>?> FindAsync(string path) => _world.Cuts.FindAsync(MediaWorld.Tenant, Base + path, default);
}
