using System.Buffers.Binary;
using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>PNG: the size is in the first chunk, and the last chunk says that the file is whole (ISO/IEC 15948).</summary>
internal static class PngParser
{
    private const int SignatureLength = 8;
    private const int ChunkOverhead = 12;
    private const int HeaderLength = 13;

    // Encoders of large images write chunks of 8 KiB: this is room for one of 32 MiB.
    private const int MaxChunks = 4096;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(Signature);

    public static async Task<ProbeResult> ParseAsync(BoundedSource source, CancellationToken cancellationToken)
    {
        var header = new byte[8 + HeaderLength];
        if (!await source.TryReadAsync(SignatureLength, header, cancellationToken))
        {
            return source.Failure;
        }

        if (!IsHeader(header))
        {
            return Refusals.Damaged;
        }

        var width = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8));
        var height = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(12));
        if (width <= 0 || height <= 0)
        {
            return Refusals.NoSize;
        }

        return await FindEndAsync(source, cancellationToken) is { } refused
            ? refused
            : new ProbeResult.Recognised(new MediaInfo { Format = MediaFormat.Png, Width = width, Height = height });
    }

    private static bool IsHeader(ReadOnlySpan<byte> chunk) =>
        BinaryPrimitives.ReadInt32BigEndian(chunk) == HeaderLength && chunk[4..8].SequenceEqual("IHDR"u8);

    private static async Task<ProbeResult.Refused?> FindEndAsync(BoundedSource source, CancellationToken cancellationToken)
    {
        // Nearly every file ends with its last chunk; only one with something behind it has to be walked through.
        var last = new byte[8];
        if (await source.TryReadAsync(source.Length - ChunkOverhead, last, cancellationToken) && last.AsSpan().SequenceEqual("\0\0\0\0IEND"u8))
        {
            return null;
        }

        long offset = SignatureLength;
        var chunk = new byte[8];
        for (var count = 0; count < MaxChunks; count++)
        {
            if (!await source.TryReadAsync(offset, chunk, cancellationToken))
            {
                return source.Failure;
            }

            if (chunk.AsSpan(4).SequenceEqual("IEND"u8))
            {
                return offset + ChunkOverhead <= source.Length ? null : Refusals.CutOff;
            }

            offset += ChunkOverhead + BinaryPrimitives.ReadUInt32BigEndian(chunk);
        }

        return Refusals.TooComplicated;
    }
}
