using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platform.UpstreamSimulators;

/// <summary>Signs as Standard Webhooks 1.0 asks for (<c>https://www.standardwebhooks.com</c>).</summary>
public static class WebhookSignature
{
    /// <summary>The three headers of a callback.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(string secret, string id, DateTimeOffset at, string body)
    {
        var timestamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var mac = HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}"));
        return [("webhook-id", id), ("webhook-timestamp", timestamp), ("webhook-signature", "v1," + Convert.ToBase64String(mac))];
    }
}
