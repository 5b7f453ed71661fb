using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Domain.Webhooks;

/// <summary>The headers of a delivery.</summary>
public static class WebhookHeaders
{
    /// <summary>How the platform introduces itself.</summary>
    public const string UserAgent = "Platform-Webhooks/1.0";

    /// <summary>Type of the body.</summary>
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>Name of the header of the signatures; its value is kept nowhere.</summary>
    public const string Signature = "webhook-signature";

    /// <summary>What a try says of itself, beside its signatures: all that the log shows of the request.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="deliveryId">The delivery.</param>
    /// <param name="number">Which try, from 1.</param>
    /// <param name="at">When it began.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(string messageId, string deliveryId, int number, DateTimeOffset at) =>
    [
        new("user-agent", UserAgent),
        new("webhook-id", messageId),
        new("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
        new("traceparent", TraceParent(messageId, deliveryId, number)),
    ];

    // W3C Trace Context. One trace for a message, a span for each try; both follow from the ids, so that the log can name them for ever.
    private static string TraceParent(string messageId, string deliveryId, int number)
    {
        Span<byte> trace = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> span = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(messageId), trace);
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{deliveryId}/{number}")), span);
        return $"00-{Convert.ToHexStringLower(trace[..16])}-{Convert.ToHexStringLower(span[..8])}-01";
    }
}
