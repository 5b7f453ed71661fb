using System.Security.Cryptography;
using System.Text;
using Platform.Domain;

namespace Platform.Api.Auth;

/// <summary>Secrets of API keys: made once, shown once, kept as their hash.</summary>
public static class KeySecret
{
    /// <summary>What every secret starts with.</summary>
    public const string Prefix = "sk-";

    // Five bits each: 160 bits.
    private const int RandomLength = 32;

    /// <summary>What the secret of a test key starts with.</summary>
    public const string TestPrefix = "sk-test-";

    /// <summary>Makes a secret.</summary>
    public static string New(IIdSource ids) => Prefix + ids.Next(RandomLength);

    /// <summary>Makes the secret of a test key.</summary>
    public static string NewTest(IIdSource ids) => TestPrefix + ids.Next(RandomLength);

    /// <summary>Whether a secret is a test key's; the hash covers the prefix, so that it cannot be put on or taken off.</summary>
    public static bool IsTest(string secret) => secret.StartsWith(TestPrefix, StringComparison.Ordinal);

    /// <summary>The hash that is stored: SHA-256, lower-case hexadecimal.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Compares secrets without telling by the time taken how much of them is right.</summary>
    public static bool Equal(string given, string expected) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
