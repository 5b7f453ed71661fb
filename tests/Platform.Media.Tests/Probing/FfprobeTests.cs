using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Media.Probing;

namespace Platform.Media.Tests.Probing;

[Collection(CorpusCollection.Name)]
public sealed class FfprobeTests(Corpus corpus)
{
    [Fact]
    public async Task AskAsync_Video_AnswersWithinItsLimits() =>
        (await Ffprobe(null).AskAsync(corpus.PathOf("back.mp4"), MediaFormat.Mp4, default))
            .Should().Be(new MediaInfo { Format = MediaFormat.Mp4, Width = 160, Height = 90, DurationSeconds = 5, HasAudio = true });

    [Theory]
    [InlineData("sound-only.mp4")]
    [InlineData("picture.png")]
    [InlineData("film.webm")]
    [InlineData("there-is-none.mp4")]
    public async Task AskAsync_NoVideoInAnIsoFile_KnowsNothing(string name) =>
        (await Ffprobe(null).AskAsync(corpus.PathOf(name), MediaFormat.Mp4, default)).Should().BeNull();

    [Theory]
    [InlineData("")]
    [InlineData("/there/is/no/ffprobe")]
    public async Task AskAsync_NotInstalled_KnowsNothing(string program) =>
        (await Ffprobe(program).AskAsync(corpus.PathOf("back.mp4"), MediaFormat.Mp4, default)).Should().BeNull();

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"streams":null}""")]
    [InlineData("""{"streams":[{"codec_type":"video","width":10,"height":10}]}""")]
    [InlineData("""{"streams":[{"codec_type":"video","width":10,"height":10,"duration":"N/A"}]}""")]
    [InlineData("""{"streams":[{"codec_type":"video","width":10,"height":10,"duration":"0.000"}]}""")]
    [InlineData("""{"streams":[{"codec_type":"video","width":0,"height":10,"duration":"1.0"}]}""")]
    [InlineData("""{"streams":[{"codec_type":"video","width":"10","height":10,"duration":"1.0"}]}""")]
    public void Read_AnswerWithoutTheFacts_KnowsNothing(string json) =>
        FfprobeAnswer.Read(json, MediaFormat.Mp4).Should().BeNull();

    [Fact]
    public async Task ProbeAsync_FileThatOnlyTheOtherUnderstands_IsRecognisedByIt()
    {
        // Without its time scale our own parser is at a loss; ffmpeg assumes one.
        using var folder = new TemporaryFolder();
        var bytes = corpus.Bytes("silent.mp4");
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(bytes.AsSpan().IndexOf("mdhd"u8) + 16), 0);
        await File.WriteAllBytesAsync(folder.File("odd.mp4"), bytes);
        await using var stream = File.OpenRead(folder.File("odd.mp4"));

        (await Probes.Alone.ProbeAsync(stream, default)).Should().Be(Refusals.NoFrames);
        var result = await new MediaProbe(Ffprobe(null)).ProbeAsync(stream, default);

        result.Should().BeOfType<ProbeResult.Recognised>().Which.Info.Width.Should().Be(160);
    }

    private static Ffprobe Ffprobe(string? program) =>
        new(Options.Create(new MediaOptions { FfprobePath = program }), TimeProvider.System, NullLogger<Ffprobe>.Instance);
}
