using System.Security.Cryptography;
using Platform.Domain;

namespace Platform.Host.Settings;

/// <summary>Identifiers from the system's source of randomness.</summary>
internal sealed class CryptoIdSource : IIdSource
{
    // No 0/o, 1/i/l confusion: 32 characters, five bits each.
    private const string Alphabet = "23456789abcdefghjkmnpqrstuvwxyz0";

    private const int MaxLength = 64;

    public string Next(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        Span<byte> random = stackalloc byte[length];
        RandomNumberGenerator.Fill(random);
        Span<char> text = stackalloc char[length];
        for (var i = 0; i < length; i++)
        {
            text[i] = Alphabet[random[i] & 31];
        }

        return new(text);
    }
}

/// <summary>Jitter from the system's source of randomness.</summary>
internal sealed class SystemRandomSource : IRandomSource
{
    public double NextDouble() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
