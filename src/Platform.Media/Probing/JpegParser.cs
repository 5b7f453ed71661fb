using System.Buffers.Binary;
using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>JPEG: the size is in the frame header, and EXIF says whether the picture is shown lying (ITU-T T.81, CIPA DC-008).</summary>
internal static class JpegParser
{
    // Segments before the frame header: colour profiles and previews come in pieces of 64 KiB.
    private const int MaxSegments = 512;

    // How far behind the frame header the end of the picture is looked for where the file does not end with it.
    private const int EndSearchChunk = 64 * 1024;

    private const byte MarkerStart = 0xFF;
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;
    private const byte App1 = 0xE1;

    public static bool Recognises(ReadOnlySpan<byte> head) => head is [0xFF, 0xD8, 0xFF, ..];

    public static async Task<ProbeResult> ParseAsync(BoundedSource source, CancellationToken cancellationToken)
    {
        long offset = 2;
        var lying = false;
        var seenExif = false;
        (int Width, int Height)? size = null;
        var marker = new byte[4];
        for (var count = 0; count < MaxSegments; count++)
        {
            if (!await source.TryReadAsync(offset, marker, cancellationToken))
            {
                return source.Failure;
            }

            if (marker[0] != MarkerStart)
            {
                return Refusals.Damaged;
            }

            if (marker[1] == MarkerStart)
            {
                // Any number of fill bytes may stand before a marker.
                offset++;
                continue;
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(marker.AsSpan(2));
            if (IsStandalone(marker[1]) || length < 2)
            {
                return Refusals.Damaged;
            }

            if (IsFrameHeader(marker[1]))
            {
                var frame = new byte[5];
                if (!await source.TryReadAsync(offset + 4, frame, cancellationToken))
                {
                    return source.Failure;
                }

                size ??= (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(3)), BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(1)));
            }
            else if (marker[1] == App1 && !seenExif)
            {
                var segment = new byte[length - 2];
                if (!await source.TryReadAsync(offset + 4, segment, cancellationToken))
                {
                    return source.Failure;
                }

                if (ExifOrientation.TryRead(segment, out var orientation))
                {
                    seenExif = true;
                    lying = ExifOrientation.SwapsSides(orientation);
                }
            }
            else if (marker[1] == StartOfScan)
            {
                return size is { Width: > 0, Height: > 0 } known
                    ? await FindEndAsync(source, offset, cancellationToken) ?? Recognised(known, lying)
                    : Refusals.NoSize;
            }

            offset += 2 + length;
        }

        return Refusals.TooComplicated;
    }

    private static ProbeResult.Recognised Recognised((int Width, int Height) size, bool lying) => new ProbeResult.Recognised(new MediaInfo
    {
        Format = MediaFormat.Jpeg,
        Width = lying ? size.Height : size.Width,
        Height = lying ? size.Width : size.Height,
    });

    // SOF0–SOF15 without DHT, JPG and DAC, which share the range.
    private static bool IsFrameHeader(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    // RST0–RST7, SOI, EOI and TEM have no length; none belongs before the first scan.
    private static bool IsStandalone(byte marker) => marker is 0x00 or 0x01 or (>= 0xD0 and <= EndOfImage);

    /// <summary>
    /// A picture that is whole has its end marker, nearly always as the last bytes. Where something follows the picture (some
    /// cameras append a film), it is searched for; a search that reaches its bound says nothing against the file.
    /// </summary>
    private static async Task<ProbeResult?> FindEndAsync(BoundedSource source, long offset, CancellationToken cancellationToken)
    {
        var last = new byte[2];
        if (await source.TryReadAsync(source.Length - 2, last, cancellationToken) && last is [MarkerStart, EndOfImage])
        {
            return null;
        }

        var buffer = new byte[EndSearchChunk];
        while (offset + 1 < source.Length)
        {
            var piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, source.Length - offset));
            if (!await source.TryReadAsync(offset, piece, cancellationToken))
            {
                return ReferenceEquals(source.Failure, Refusals.TooComplicated) ? null : source.Failure;
            }

            if (piece.Span.IndexOf([MarkerStart, EndOfImage]) >= 0)
            {
                return null;
            }

            // One byte of overlap: the marker may lie across two pieces.
            offset += piece.Length - 1;
        }

        return Refusals.CutOff;
    }
}
