using System.Buffers.Binary;
using Platform.Domain.Media;
using Platform.Media.Probing;

namespace Platform.Media.Tests.Probing;

[Collection(CorpusCollection.Name)]
public sealed class ImageProbeTests(Corpus corpus)
{
    private static readonly MediaInfo Jpeg = new() { Format = MediaFormat.Jpeg, Width = 320, Height = 200 };
    private static readonly MediaInfo Png = new() { Format = MediaFormat.Png, Width = 320, Height = 200 };

    [Fact]
    public async Task ProbeAsync_Jpeg_GivesItsSize() => (await Probes.RecogniseAsync(corpus.Bytes("picture.jpg"))).Should().Be(Jpeg);

    [Fact]
    public async Task ProbeAsync_Png_GivesItsSize() => (await Probes.RecogniseAsync(corpus.Bytes("picture.png"))).Should().Be(Png);

    [Fact]
    public async Task ProbeAsync_ImageInAFileNamedAsVideo_IsTheImageThatItIs()
    {
        using var folder = new TemporaryFolder();
        File.Copy(corpus.PathOf("picture.png"), folder.File("clip.mp4"));
        await using var stream = File.OpenRead(folder.File("clip.mp4"));

        (await Probes.Alone.ProbeAsync(stream, default)).Should().Be(new ProbeResult.Recognised(Png));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    [InlineData(7, true)]
    [InlineData(8, true)]
    [InlineData(0, false)]
    [InlineData(9, false)]
    public async Task ProbeAsync_ExifOrientation_SwapsTheSidesWhereThePictureLies(ushort orientation, bool swapped)
    {
        foreach (var littleEndian in new[] { true, false })
        {
            var info = await Probes.RecogniseAsync(WithSegment(0xE1, Exif(orientation, littleEndian)));
            (info.Width, info.Height).Should().Be(swapped ? (200, 320) : (320, 200));
        }
    }

    [Fact]
    public async Task ProbeAsync_OtherSegmentsAndFillBytesBeforeThePicture_AreSkipped()
    {
        var bytes = WithSegment(0xE2, new byte[60_000]);
        bytes = [.. bytes[..2], 0xFF, 0xFF, .. bytes[2..]];

        (await Probes.RecogniseAsync(bytes)).Should().Be(Jpeg);
    }

    [Theory]
    [InlineData("Exif\0\0")]
    [InlineData("Exif\0\0II")]
    [InlineData("Exif\0\0II*\0\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("Exif\0\0MM\0*\0\0\0\u0008\u00ff\u00ff")]
    [InlineData("http://ns.adobe.com/xap/1.0/\0")]
    public async Task ProbeAsync_BrokenExif_IsTakenAsUpright(string segment) =>
        (await Probes.RecogniseAsync(WithSegment(0xE1, [.. segment.Select(c => (byte)c)]))).Should().Be(Jpeg);

    [Theory]
    [InlineData("picture.jpg")]
    [InlineData("picture.png")]
    public async Task ProbeAsync_CutImage_SaysSo(string name)
    {
        var bytes = corpus.Bytes(name);
        foreach (var length in new[] { bytes.Length / 10, bytes.Length / 2, bytes.Length - 1 })
        {
            (await Probes.ProbeAsync(bytes[..length])).Should().Be(Refusals.CutOff, $"{length} bytes of {bytes.Length}");
        }
    }

    [Theory]
    [InlineData("picture.jpg")]
    [InlineData("picture.png")]
    public async Task ProbeAsync_SomethingBehindTheImage_IsIgnored(string name) =>
        (await Probes.ProbeAsync([.. corpus.Bytes(name), .. new byte[1000]])).Should().BeOfType<ProbeResult.Recognised>();

    [Theory]
    [InlineData("animation.gif", "a GIF image")]
    [InlineData("film.webm", "a WebM or Matroska video")]
    public async Task ProbeAsync_KnownButUnsupportedFormat_IsNamed(string name, string format) =>
        (await Probes.ProbeAsync(corpus.Bytes(name))).Should().Be(Refusals.Known(format));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("hello world, this is a text")]
    [InlineData("ftyp")]
    [InlineData("\0\0\0\0ftyp")]
    [InlineData("\0\0\0\u0008ftyp")]
    [InlineData("\0\0\0\u0008moov")]
    [InlineData("\0\0\0\u0001mdat")]
    [InlineData("\u00ff\u00d8\u00ff")]
    [InlineData("\u0089PNG\r\n\u001a\n")]
    public async Task ProbeAsync_NoMedium_IsRefused(string text) =>
        (await Probes.ProbeAsync([.. text.Select(c => (byte)c)])).Should().BeOfType<ProbeResult.Refused>();

    [Fact]
    public async Task ProbeAsync_ImageWithoutSize_IsRefused()
    {
        var png = corpus.Bytes("picture.png");
        png.AsSpan(16, 4).Clear();
        (await Probes.ProbeAsync(png)).Should().Be(Refusals.NoSize);
    }

    private static byte[] Exif(ushort orientation, bool littleEndian)
    {
        // Header, one directory with a field before the orientation, and no next directory.
        var bytes = new byte[6 + 8 + 2 + (2 * 12) + 4];
        "Exif\0\0"u8.CopyTo(bytes);
        (littleEndian ? "II*\0"u8 : "MM\0*"u8).CopyTo(bytes.AsSpan(6));
        UInt32(10, 8);
        UInt16(14, 2);
        UInt16(16, 0x010F);
        UInt16(18, 2);
        UInt16(28, 0x0112);
        UInt16(30, 3);
        UInt32(32, 1);
        UInt16(36, orientation);
        return bytes;

        void UInt16(int at, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), littleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        void UInt32(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), littleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
    }

    private byte[] WithSegment(byte marker, byte[] content)
    {
        var bytes = corpus.Bytes("picture.jpg");
        var length = content.Length + 2;
        return [.. bytes[..2], 0xFF, marker, (byte)(length >> 8), (byte)length, .. content, .. bytes[2..]];
    }
}
