using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Media.Probing;

namespace Platform.Media.Tests.Probing;

[Collection(CorpusCollection.Name)]
public sealed class VideoProbeTests(Corpus corpus)
{
    private readonly Ffprobe _ffprobe = new(Options.Create(new MediaOptions()), TimeProvider.System, NullLogger<Ffprobe>.Instance);

    public static TheoryData<string> Videos => Corpus.Videos;

    [Theory]
    [MemberData(nameof(Videos))]
    public async Task ProbeAsync_RealVideo_AgreesWithFfprobe(string name)
    {
        var ours = await Probes.RecogniseAsync(corpus.Bytes(name));
        var theirs = await _ffprobe.AskAsync(corpus.PathOf(name), ours.Format, default);

        theirs.Should().NotBeNull();
        ours.DurationSeconds.Should().BeApproximately(theirs!.DurationSeconds!.Value, 0.05m);
        (ours with { DurationSeconds = null }).Should().Be(theirs with { DurationSeconds = null });
        ours.Format.Should().Be(name.EndsWith(".mov", StringComparison.Ordinal) ? MediaFormat.Mov : MediaFormat.Mp4);
    }

    [Theory]
    [InlineData("ntsc-5005.mp4", "5.005")]
    [InlineData("ntsc-10010.mov", "10.010")]
    [InlineData("audio-longer.mp4", "3")]
    [InlineData("delayed-video.mp4", "3")]
    [InlineData("fragmented-every-frame.mp4", "4")]
    public async Task ProbeAsync_KnownLength_IsExact(string name, string seconds) =>
        (await Probes.RecogniseAsync(corpus.Bytes(name))).DurationSeconds.Should().Be(decimal.Parse(seconds));

    [Theory]
    [MemberData(nameof(Videos))]
    public async Task ProbeAsync_RealVideo_ReadsLittle(string name)
    {
        var stream = new CountingStream(File.OpenRead(corpus.PathOf(name)));

        await Probes.Alone.ProbeAsync(stream, default);

        stream.Reads.Should().BeLessThan(name.Contains("every-frame", StringComparison.Ordinal) ? 300 : 60);
        stream.BytesRead.Should().BeLessThan(Math.Max(100_000, stream.Length * 3));
    }

    [Fact]
    public async Task ProbeAsync_Rotated_SwapsTheSidesAtQuarterTurnsOnly()
    {
        static (int, int) Size(MediaInfo info) => (info.Width, info.Height);
        Size(await Probes.RecogniseAsync(corpus.Bytes("back.mp4"))).Should().Be((160, 90));
        Size(await Probes.RecogniseAsync(corpus.Bytes("rotated-90.mp4"))).Should().Be((90, 160));
        Size(await Probes.RecogniseAsync(corpus.Bytes("rotated-180.mp4"))).Should().Be((160, 90));
        Size(await Probes.RecogniseAsync(corpus.Bytes("rotated-270.mov"))).Should().Be((90, 160));
    }

    [Fact]
    public async Task ProbeAsync_PixelsThatAreNotSquare_GivesTheSizeAsShown() =>
        (await Probes.RecogniseAsync(corpus.Bytes("anamorphic.mp4"))).Width.Should().Be(320);

    [Fact]
    public async Task ProbeAsync_SoundOnly_IsRefused() =>
        (await Probes.ProbeAsync(corpus.Bytes("sound-only.mp4"))).Should().Be(Refusals.NoVideoTrack);

    [Theory]
    [MemberData(nameof(Videos))]
    public async Task ProbeAsync_CutInHalf_SaysSo(string name)
    {
        var bytes = corpus.Bytes(name);

        (await Probes.ProbeAsync(bytes[..(bytes.Length / 2)])).Should().Be(Refusals.CutOff);
    }

    [Theory]
    [InlineData("back.mp4")]
    [InlineData("front.mp4")]
    [InlineData("back.mov")]
    public async Task ProbeAsync_CutAnywhere_NeverIsAShorterVideo(string name)
    {
        var bytes = corpus.Bytes(name);
        var whole = await Probes.RecogniseAsync(bytes);
        for (var length = 0; length < bytes.Length; length += 499)
        {
            // Cut within the last box, a file may still have all that it needs; what it says must then be true.
            var result = await Probes.ProbeAsync(bytes[..length]);
            if (result is ProbeResult.Recognised recognised)
            {
                recognised.Info.Should().Be(whole);
                length.Should().BeGreaterThan(bytes.Length - 2000);
            }
        }
    }

    [Theory]
    [InlineData("back.mp4")]
    [InlineData("front.mp4")]
    [InlineData("back.mov")]
    public async Task ProbeAsync_TrailerThatIsNoBox_IsIgnored(string name)
    {
        var bytes = corpus.Bytes(name);
        var whole = await Probes.RecogniseAsync(bytes);

        foreach (var trailer in new byte[][] { [0], [0, 0, 0], new byte[100], [.. "SEFT"u8, 0xFF, 0xFE, 1, 2, 3, 4], "trailing text of some tool"u8.ToArray() })
        {
            (await Probes.ProbeAsync([.. bytes, .. trailer])).Should().Be(new ProbeResult.Recognised(whole));
        }
    }

    [Fact]
    public async Task ProbeAsync_DataOfUnstatedLength_IsCutOffWhereItsOffsetsLieBehindTheEnd()
    {
        // A size of zero means "to the end of the file", which then says nothing about what is missing.
        var bytes = corpus.Bytes("front.mp4");
        var data = bytes.AsSpan().IndexOf("mdat"u8) - 4;
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(data), 0);

        (await Probes.ProbeAsync(bytes)).Should().BeOfType<ProbeResult.Recognised>();
        (await Probes.ProbeAsync(bytes[..(data + 9)])).Should().Be(Refusals.CutOff);
    }

    [Fact]
    public async Task ProbeAsync_FileWithoutBrand_IsAMovie()
    {
        // QuickTime's own writers began with the data.
        var bytes = corpus.Bytes("back.mov");
        var brandLength = BinaryPrimitives.ReadInt32BigEndian(bytes);
        "free"u8.CopyTo(bytes.AsSpan(4));

        brandLength.Should().BeGreaterThan(8);
        (await Probes.RecogniseAsync(bytes)).Format.Should().Be(MediaFormat.Mov);
    }

    [Fact]
    public async Task ProbeAsync_HeaderThatUnderstatesItsSamples_CountsTheSamples()
    {
        var bytes = corpus.Bytes("silent.mp4");
        var header = bytes.AsSpan().IndexOf("mdhd"u8);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(header + 20), 1);
        var edits = bytes.AsSpan().IndexOf("edts"u8);
        "free"u8.CopyTo(bytes.AsSpan(edits));

        (await Probes.RecogniseAsync(bytes)).DurationSeconds.Should().Be(3);
    }
}
