using System.Buffers.Binary;

namespace Platform.Bench.Measure;

/// <summary>
/// Counts the transactions that were committed to a database, whoever wrote them: SQLite keeps a change counter in the index of its
/// log (the <c>-shm</c> file, field <c>iChange</c> of the header), which every commit raises by one. With <c>synchronous=FULL</c>
/// every commit is one flush of the log; checkpoints add two flushes per 4,096 pages.
/// </summary>
internal static class Commits
{
    private const int HeaderLength = 48;
    private const int ChangeOffset = 8;

    /// <summary>The counter, modulo 2^32.</summary>
    public static uint Count(string database)
    {
        Span<byte> headers = stackalloc byte[2 * HeaderLength];
        using var file = new FileStream(database + "-shm", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        do
        {
            file.Position = 0;
            file.ReadExactly(headers);
        }
        while (!headers[..HeaderLength].SequenceEqual(headers[HeaderLength..]));

        // The header is kept twice, so that a reader notices that it is just being written.
        return BinaryPrimitives.ReadUInt32LittleEndian(headers[ChangeOffset..]);
    }
}
