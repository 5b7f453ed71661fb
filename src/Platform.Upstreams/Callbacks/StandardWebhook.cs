using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Platform.Domain.Upstreams;

namespace Platform.Upstreams.Callbacks;

/// <summary>
/// Verifies Standard Webhooks 1.0: HMAC-SHA256 over id, timestamp and body by one of the account's secrets, at most five minutes old or
/// early. Repeats are harmless and so are not kept count of.
/// </summary>
internal sealed class StandardWebhook
{
    private const string SecretPrefix = "whsec_";
    private const string SignaturePrefix = "v1,";
    private const int MaxHeaderLength = 2048;
    private static readonly long Tolerance = (long)TimeSpan.FromMinutes(5).TotalSeconds;

    private readonly byte[][] _secrets;
    private readonly TimeProvider _time;

    public StandardWebhook(IEnumerable<string> secrets, TimeProvider time)
    {
        _secrets = [.. secrets.Select(s => TryRead(s) ?? throw new ArgumentException("A webhook secret is 'whsec_' and base64.", nameof(secrets)))];
        _time = time;
    }

    /// <summary>Whether there is a secret to verify by.</summary>
    public bool CanVerify => _secrets.Length > 0;

    /// <summary>The bytes of a secret, or null where it is none.</summary>
    public static byte[]? TryRead(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], bytes, out var length) && length > 0 ? bytes[..length] : null;
    }

    /// <summary>Why a callback is not to be believed; null where it is.</summary>
    public string? Refuse(UpstreamCallback callback)
    {
        if (Header(callback, "webhook-id") is not { } id
            || Header(callback, "webhook-timestamp") is not { } timestamp
            || Header(callback, "webhook-signature") is not { } signatures)
        {
            return "A header of the signature is missing.";
        }

        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(_time.GetUtcNow().ToUnixTimeSeconds() - seconds) > Tolerance)
        {
            return "The timestamp is more than five minutes off.";
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. callback.Body.Span];
        var given = signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(s => s.StartsWith(SignaturePrefix, StringComparison.Ordinal))
            .Select(s => Encoding.UTF8.GetBytes(s[SignaturePrefix.Length..]))
            .ToList();
        var matches = false;
        foreach (var secret in _secrets)
        {
            // All are tried, so that the time taken does not say which one signed.
            var expected = Encoding.ASCII.GetBytes(Convert.ToBase64String(HMACSHA256.HashData(secret, signed)));
            foreach (var signature in given)
            {
                matches |= CryptographicOperations.FixedTimeEquals(signature, expected);
            }
        }

        return matches ? null : "None of the account's secrets signed it.";
    }

    private static string? Header(UpstreamCallback callback, string name) =>
        callback.Headers.TryGetValue(name, out var value) && value.Length is > 0 and <= MaxHeaderLength ? value : null;
}
