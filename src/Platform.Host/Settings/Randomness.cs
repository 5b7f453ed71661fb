using System.Security.Cryptography;
using Platform.Domain;

namespace Platform.Host.Settings;

/// <summary>Identifiers from the system's source of randomness.</summary>
internal sealed class CryptoIdSource : IIdSource
{
    // No 0/o, 1/i/l confusion: 32 characters, five bits each.
    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz0";

    private const int MaxLength = 64;

    // Asking the system costs a few microseconds however little is asked for, and every request needs an id.
    private const int DrawLength = 4096;

    [ThreadStatic]
    private static byte[]? _drawn;

    [ThreadStatic]
    private static int _left;

    public string Next(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        var random = Draw(length);
        Span<char> text = stackalloc char[length];
        for (var i = 0; i < length; i++)
        {
            text[i] = Alphabet[random[i] & 31];
        }

        // An id may be a secret: what it was made of is used once and not kept.
        random.Clear();
        return new(text);
    }

    private static Span<byte> Draw(int length)
    {
        var drawn = _drawn ??= new byte[DrawLength];
        if (_left < length)
        {
            RandomNumberGenerator.Fill(drawn);
            _left = DrawLength;
        }

        _left -= length;
        return drawn.AsSpan(_left, length);
    }
}

/// <summary>Jitter from the system's source of randomness.</summary>
internal sealed class SystemRandomSource : IRandomSource
{
    public double NextDouble() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
