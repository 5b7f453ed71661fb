using System.Security.Cryptography;
using System.Text;
using Platform.Domain.Tenants;

namespace Platform.Domain.Webhooks;

/// <summary>
/// Names a receiver, whose deliveries share a bound and nothing with those of others: an endpoint, or the origin (scheme, host, port)
/// of a tenant's callback URLs. It is the key of the grain that delivers: <c>{tenant}/{receiver}</c>.
/// </summary>
public static class DeliveryLane
{
    private const string CallbackPrefix = "cb_";
    private const int DigestLength = 24;

    /// <summary>The lane of an endpoint.</summary>
    public static string OfEndpoint(TenantId tenant, string endpointId) => $"{tenant.Value}/{endpointId}";

    /// <summary>The lane of a callback URL of a task.</summary>
    public static string OfCallback(TenantId tenant, string url)
    {
        var origin = Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed.GetLeftPart(UriPartial.Authority) : url;
        return $"{tenant.Value}/{CallbackPrefix}{Digest(origin.ToLowerInvariant())}";
    }

    /// <summary>The tenant of a lane.</summary>
    public static TenantId TenantOf(string lane) => new(lane[..lane.IndexOf('/', StringComparison.Ordinal)]);

    /// <summary>The endpoint of a lane; null where it is of callback URLs.</summary>
    public static string? EndpointOf(string lane)
    {
        var receiver = lane[(lane.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return receiver.StartsWith(CallbackPrefix, StringComparison.Ordinal) ? null : receiver;
    }

    /// <summary>The first 96 bits of a SHA-256, lower-case hexadecimal.</summary>
    internal static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..DigestLength];
}
