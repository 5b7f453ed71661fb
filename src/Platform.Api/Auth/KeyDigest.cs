using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Api.Auth;

/// <summary>The SHA-256 of a secret, as a key to look up by without making text of it for every request.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeyDigest(ulong A, ulong B, ulong C, ulong D)
{
    private const int MaxOnStack = 1024;

    public static KeyDigest Of(string secret)
    {
        var length = Encoding.UTF8.GetMaxByteCount(secret.Length);
        Span<byte> bytes = length <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[length];
        bytes = bytes[..Encoding.UTF8.GetBytes(secret, bytes)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new(
            BinaryPrimitives.ReadUInt64BigEndian(hash),
            BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));
    }

    /// <summary>As <see cref="KeySecret.Hash"/> writes it.</summary>
    public string ToHex() => $"{A:x16}{B:x16}{C:x16}{D:x16}";
}
