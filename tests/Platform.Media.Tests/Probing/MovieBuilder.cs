using System.Buffers.Binary;
using System.Text;

namespace Platform.Media.Tests.Probing;

/// <summary>A track as a test wants it.</summary>
internal sealed record TrackPlan
{
    public string Handler { get; init; } = "vide";

    public bool Enabled { get; init; } = true;

    public uint Timescale { get; init; } = 30_000;

    /// <summary>What the media header claims; the samples' sum unless given.</summary>
    public ulong? ClaimedDuration { get; init; }

    /// <summary>Number of samples and the duration of each.</summary>
    public (uint Count, uint Delta) Samples { get; init; } = (150, 1001);

    /// <summary>Duration in the movie's time scale (1000), start in the media's, and rate.</summary>
    public (ulong Duration, long MediaTime, int Rate)[]? Edits { get; init; }

    public (int Width, int Height) ShownSize { get; init; } = (160, 90);

    public (ushort Width, ushort Height) CodedSize { get; init; } = (176, 96);

    public bool QuarterTurn { get; init; }
}

/// <summary>Builds files box by box that no encoder at hand makes.</summary>
internal static class MovieBuilder
{
    /// <summary>A film with these tracks, in boxes of this version (0: 32-bit times, 1: 64-bit times).</summary>
    public static byte[] Film(byte version, bool longSizes, params TrackPlan[] tracks) => Film(version, longSizes, turned: false, tracks);

    public static byte[] Film(byte version, bool longSizes, bool turned, params TrackPlan[] tracks)
    {
        byte[] start = [.. Box("ftyp", false, "isom"u8.ToArray(), U32(0)), .. Box("mdat", longSizes, new byte[1000])];
        var movie = Box("mvhd", longSizes, U32((uint)version << 24), Time(version, 0), Time(version, 0), U32(1000), Time(version, 0), new byte[16], Matrix(turned), new byte[28]);
        return [.. start, .. Box("moov", longSizes, [movie, .. tracks.Select((track, index) => Track(version, longSizes, (uint)index + 1, track))])];
    }

    private static byte[] Track(byte version, bool longSizes, uint id, TrackPlan plan) => Box(
        "trak",
        longSizes,
        Box(
            "tkhd",
            longSizes,
            U32(((uint)version << 24) | (plan.Enabled ? 1u : 0u)), Time(version, 0), Time(version, 0), U32(id), U32(0), Time(version, 0), new byte[16], Matrix(plan.QuarterTurn),
            U32((uint)plan.ShownSize.Width << 16), U32((uint)plan.ShownSize.Height << 16)),
        plan.Edits is null ? [] : Box("edts", longSizes, Box("elst", longSizes, [U32((uint)version << 24), U32((uint)plan.Edits.Length), .. plan.Edits.Select(edit => Edit(version, edit))])),
        Box(
            "mdia",
            longSizes,
            Box(
                "mdhd",
                longSizes,
                U32((uint)version << 24), Time(version, 0), Time(version, 0), U32(plan.Timescale), Time(version, plan.ClaimedDuration ?? (ulong)plan.Samples.Count * plan.Samples.Delta), U32(0)),
            Box("hdlr", longSizes, U32(0), U32(0), Encoding.ASCII.GetBytes(plan.Handler), new byte[13]),
            Box(
                "minf",
                longSizes,
                Box(
                    "stbl",
                    longSizes,
                    Box("stsd", longSizes, U32(0), U32(1), Box("avc1", false, new byte[24], U16(plan.CodedSize.Width), U16(plan.CodedSize.Height), new byte[50])),
                    Box("stts", longSizes, U32(0), U32(1), U32(plan.Samples.Count), U32(plan.Samples.Delta)),
                    longSizes ? Box("co64", true, U32(0), U32(1), Time(1, 100)) : Box("stco", false, U32(0), U32(1), U32(100))))));

    private static byte[] Edit(byte version, (ulong Duration, long MediaTime, int Rate) edit) =>
        [.. Time(version, edit.Duration), .. Time(version, unchecked((ulong)edit.MediaTime)), .. U16((ushort)edit.Rate), .. U16(0)];

    private static byte[] Matrix(bool quarterTurn) => quarterTurn
        ? [.. U32(0), .. U32(0x10000), .. U32(0), .. U32(0xFFFF0000), .. U32(0), .. U32(0), .. U32(0), .. U32(0), .. U32(0x40000000)]
        : [.. U32(0x10000), .. U32(0), .. U32(0), .. U32(0), .. U32(0x10000), .. U32(0), .. U32(0), .. U32(0), .. U32(0x40000000)];

    private static byte[] Box(string type, bool longSize, params byte[][] content)
    {
        var body = content.SelectMany(part => part).ToArray();
        byte[] name = [.. Encoding.ASCII.GetBytes(type)];
        return longSize ? [.. U32(1), .. name, .. Time(1, (ulong)body.Length + 16), .. body] : [.. U32((uint)body.Length + 8), .. name, .. body];
    }

    private static byte[] Time(byte version, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return version == 1 ? bytes : bytes[4..];
    }

    private static byte[] U32(uint value) => Time(0, value);

    private static byte[] U16(ushort value) => U32(value)[2..];
}
