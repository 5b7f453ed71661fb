using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Domain.Webhooks;

/// <summary>Signatures as of Standard Webhooks 1.0: HMAC-SHA256 over id, timestamp and body, joined by full stops.</summary>
public static class WebhookSignature
{
    private const string Version = "v1,";

    /// <summary>The value of <c>webhook-signature</c>: one signature for each key, separated by spaces; a receiver accepts any.</summary>
    /// <param name="keys">Keys of the secrets that are good now; at least one.</param>
    /// <param name="messageId">The <c>webhook-id</c>.</param>
    /// <param name="timestamp">The <c>webhook-timestamp</c>; whole seconds count.</param>
    /// <param name="body">The body as it is sent.</param>
    public static string Sign(IReadOnlyCollection<byte[]> keys, string messageId, DateTimeOffset timestamp, ReadOnlySpan<byte> body)
    {
        if (keys.Count == 0)
        {
            throw new ArgumentException("There is no key to sign with.", nameof(keys));
        }

        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{messageId}.{timestamp.ToUnixTimeSeconds()}."));
        var content = new byte[head.Length + body.Length];
        head.CopyTo(content, 0);
        body.CopyTo(content.AsSpan(head.Length));
        return string.Join(' ', keys.Select(key => Version + Convert.ToBase64String(HMACSHA256.HashData(key, content))));
    }
}
