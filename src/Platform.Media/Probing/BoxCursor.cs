using System.Buffers.Binary;

namespace Platform.Media.Probing;

/// <summary>
/// Goes over the boxes that lie side by side in a piece of memory. It never goes deeper by itself, so that the nesting that a
/// parser follows is the one written in its code, whatever the file claims.
/// </summary>
internal ref struct BoxCursor(ReadOnlySpan<byte> bytes)
{
    private const int ShortHeader = 8;
    private const int LongHeader = 16;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Type of the box that <see cref="TryNext"/> has come to.</summary>
    public uint Type { get; private set; }

    /// <summary>Its content, without the header.</summary>
    public ReadOnlySpan<byte> Body { get; private set; }

    /// <summary>Whether a box said that it is larger than what it lies in, or smaller than its own header.</summary>
    public bool Malformed { get; private set; }

    /// <summary>Goes to the next box; false at the end, and where the structure is broken.</summary>
    public bool TryNext()
    {
        // QuickTime ends some lists with four zero bytes; fewer than a header's bytes are no box.
        if (_rest.Length < ShortHeader || Malformed)
        {
            return false;
        }

        ulong size = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        Type = BinaryPrimitives.ReadUInt32BigEndian(_rest[4..]);
        var header = ShortHeader;
        if (size == 1 && _rest.Length >= LongHeader)
        {
            size = BinaryPrimitives.ReadUInt64BigEndian(_rest[ShortHeader..]);
            header = LongHeader;
        }
        else if (size == 0)
        {
            size = (ulong)_rest.Length;
        }

        if (size < (ulong)header || size > (ulong)_rest.Length)
        {
            Malformed = true;
            return false;
        }

        Body = _rest[header..(int)size];
        _rest = _rest[(int)size..];
        return true;
    }
}
