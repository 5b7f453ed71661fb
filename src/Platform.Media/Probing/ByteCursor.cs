using System.Buffers.Binary;

namespace Platform.Media.Probing;

/// <summary>
/// Reads big-endian numbers from bytes that are not trusted. Reading past the end gives zero and is remembered in
/// <see cref="Overrun"/>, so that a parser checks once, after it has read all its fields.
/// </summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether something was asked for that is not there.</summary>
    public bool Overrun { get; private set; }

    /// <summary>Number of bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    public byte UInt8() => Take(sizeof(byte)) is [var value] ? value : (byte)0;

    public ushort UInt16() => Take(sizeof(ushort)) is { IsEmpty: false } taken ? BinaryPrimitives.ReadUInt16BigEndian(taken) : (ushort)0;

    public short Int16() => unchecked((short)UInt16());

    public uint UInt32() => Take(sizeof(uint)) is { IsEmpty: false } taken ? BinaryPrimitives.ReadUInt32BigEndian(taken) : 0;

    public int Int32() => unchecked((int)UInt32());

    public ulong UInt64() => Take(sizeof(ulong)) is { IsEmpty: false } taken ? BinaryPrimitives.ReadUInt64BigEndian(taken) : 0;

    public long Int64() => unchecked((long)UInt64());

    public void Skip(int count) => Take(count);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Overrun = true;
            _rest = default;
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
