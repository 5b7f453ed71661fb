using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;

namespace Platform.Media.Links;

/// <summary>
/// Links with <c>?expires=&lt;unix seconds&gt;&amp;signature=&lt;base64url&gt;</c>, where the signature is HMAC-SHA256 over a version,
/// the tenant, the expiry and the path. The first key signs and all keys verify, so that a key can be replaced: put the new
/// one first, and drop the old one when the last link that it signed has ended.
/// </summary>
internal sealed class LinkSigner : ILinkSigner
{
    // Bound to the format: another format must never accept these signatures.
    private const string Version = "link-v1";

    // 32 bytes in base64url without padding.
    private const int SignatureLength = 43;

    // Ten digits last until the year 2286.
    private const int MaxExpiresLength = 10;

    private readonly byte[][] _keys;
    private readonly string _publicUrl;
    private readonly TimeProvider _time;

    public LinkSigner(IOptions<MediaOptions> options, TimeProvider time)
    {
        _keys = [.. options.Value.LinkSigningKeys];
        _publicUrl = options.Value.PublicUrl!.TrimEnd('/');
        _time = time;
    }

    /// <inheritdoc/>
    public string Sign(string path, string tenant, DateTimeOffset expiresAt)
    {
        if (!path.StartsWith('/') || path.AsSpan().ContainsAny('?', '#'))
        {
            throw new ArgumentException("A link is signed for an absolute path without query and fragment.", nameof(path));
        }

        if (tenant.Contains('\n', StringComparison.Ordinal))
        {
            throw new ArgumentException("A tenant has no line break: it would end its field in what is signed.", nameof(tenant));
        }

        var expires = expiresAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{_publicUrl}{path}?expires={expires}&signature={Signature(_keys[0], path, tenant, expires)}";
    }

    /// <inheritdoc/>
    public LinkVerdict Verify(string path, string tenant, string? expires, string? signature)
    {
        if (signature is not { Length: SignatureLength } || !TryParseExpires(expires, out var endsAt))
        {
            return LinkVerdict.Forged;
        }

        // Compared as text: only the canonical encoding of the signature is accepted.
        var given = Encoding.UTF8.GetBytes(signature);
        var matches = false;
        foreach (var key in _keys)
        {
            // Every key is tried, so that the time taken does not say which one signed.
            matches |= CryptographicOperations.FixedTimeEquals(given, Encoding.ASCII.GetBytes(Signature(key, path, tenant, expires!)));
        }

        if (!matches)
        {
            return LinkVerdict.Forged;
        }

        return _time.GetUtcNow().ToUnixTimeSeconds() < endsAt ? LinkVerdict.Valid : LinkVerdict.Expired;
    }

    private static bool TryParseExpires(string? text, out long seconds)
    {
        seconds = 0;
        return text is { Length: > 0 and <= MaxExpiresLength }
            && text[0] is >= '1' and <= '9'
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds);
    }

    // The path comes last: it alone could hold a line break, and can thereby shift no other field.
    private static string Signature(byte[] key, string path, string tenant, string expires) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Version}\n{tenant}\n{expires}\n{path}")));
}
