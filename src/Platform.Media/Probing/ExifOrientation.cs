using System.Buffers.Binary;

namespace Platform.Media.Probing;

/// <summary>The one field of EXIF that changes how large a picture is shown (CIPA DC-008: tag 0x0112 of the first directory).</summary>
internal static class ExifOrientation
{
    private const int EntryLength = 12;
    private const ushort OrientationTag = 0x0112;
    private const ushort ShortType = 3;

    /// <summary>Whether a picture with this orientation (1–8) is shown with width and height exchanged.</summary>
    public static bool SwapsSides(int orientation) => orientation is >= 5 and <= 8;

    /// <summary>Reads the orientation from the content of an APP1 segment; 1 (upright) where EXIF has none. False where it is no EXIF.</summary>
    public static bool TryRead(ReadOnlySpan<byte> segment, out int orientation)
    {
        orientation = 1;
        if (!segment.StartsWith("Exif\0\0"u8))
        {
            return false;
        }

        var tiff = segment[6..];
        var littleEndian = tiff.StartsWith("II"u8);
        if (tiff.Length < 8 || (!littleEndian && !tiff.StartsWith("MM"u8)))
        {
            return true;
        }

        var directory = UInt32(tiff[4..], littleEndian);
        if (directory > tiff.Length - 2)
        {
            return true;
        }

        var entries = tiff[(int)directory..];
        var count = UInt16(entries, littleEndian);
        entries = entries[2..];
        for (var i = 0; i < count && entries.Length >= EntryLength; i++, entries = entries[EntryLength..])
        {
            if (UInt16(entries, littleEndian) == OrientationTag && UInt16(entries[2..], littleEndian) == ShortType)
            {
                orientation = UInt16(entries[8..], littleEndian);
                return true;
            }
        }

        return true;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool littleEndian) =>
        littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
