using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;

namespace Platform.Media.Links;

/// <summary>
/// Links to inputs are signed like all links to bytes. A callback URL has no end, since a callback may come whenever it likes; its MAC
/// is HMAC-SHA256 over a version, tenant, task and attempt, by the first of the keys that sign links, and all keys verify.
/// </summary>
internal sealed class UpstreamLinks(ILinkSigner signer, IOptions<MediaOptions> options) : IUpstreamLinks
{
    // Bound to the format: no other signature of these keys must pass for this one.
    private const string Version = "callback-v1";

    // 32 bytes in base64url without padding.
    private const int MacLength = 43;

    private readonly byte[][] _keys = [.. options.Value.LinkSigningKeys];
    private readonly string _publicUrl = options.Value.PublicUrl!.TrimEnd('/');

    /// <inheritdoc/>
    public string Input(TenantId tenant, TaskId task, CopiedInput input, DateTimeOffset expiresAt)
    {
        // With an ending: some providers go by the name.
        var name = (input.Kind == MediaKind.Image ? "image" : "video") + input.Info.FileExtension;
        return signer.Sign($"/v1/media/inputs/{tenant.Value}/{task.Value}/{name}", tenant.Value, expiresAt);
    }

    /// <inheritdoc/>
    public string Callback(CallbackAddress address) =>
        $"{_publicUrl}/v1/upstream-callbacks/{address.Tenant.Value}/{address.Task.Value}/{address.AttemptId}/{Mac(_keys[0], address)}";

    /// <inheritdoc/>
    public bool IsOurs(CallbackAddress address, string mac)
    {
        if (mac.Length != MacLength)
        {
            return false;
        }

        var given = Encoding.UTF8.GetBytes(mac);
        var matches = false;
        foreach (var key in _keys)
        {
            // Every key is tried, so that the time taken does not say which one signed.
            matches |= CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(Mac(key, address)));
        }

        return matches;
    }

    // The attempt comes last: it alone could hold a line break, and can thereby shift no other field.
    private static string Mac(byte[] key, CallbackAddress address) => Base64Url.EncodeToString(HMACSHA256.HashData(
        key, Encoding.UTF8.GetBytes($"{Version}\n{address.Tenant.Value}\n{address.Task.Value}\n{address.AttemptId}")));
}
