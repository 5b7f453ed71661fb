using System.Net;
using System.Text;
using Microsoft.Extensions.Options;

namespace Platform.Media.Egress;

/// <summary>
/// The rules of which URLs may be fetched. A URL is judged by its text here, which gives early and clear refusals; what counts
/// is the judgement of every address on connecting, since a name can resolve to anything.
/// </summary>
public sealed class EgressGuard
{
    /// <summary>Longest URL, in characters.</summary>
    public const int MaxUrlLength = 2048;

    // Below are the well-known services that one could be made to talk to by a crafted request; the web uses two of them.
    private const int FirstUnprivilegedPort = 1024;

    // Names that by their meaning are of the network that one is in (RFC 6761, 6762, 8375, and long-standing habit).
    private static readonly string[] InternalSuffixes = ["localhost", "local", "localdomain", "internal", "intranet", "home.arpa", "onion"];

    private readonly EgressOptions _options;

    /// <summary>Takes the settings.</summary>
    public EgressGuard(IOptions<MediaOptions> options)
        : this(options.Value.Egress)
    {
    }

    internal EgressGuard(EgressOptions options) => _options = options;

    internal static EgressRefusal NotPublic { get; } = new("The URL's host is not a public address.");

    private static EgressRefusal Credentials { get; } = new("The URL must not contain a user name or a password.");

    private static EgressRefusal OddNumber { get; } = new("The URL's host is a number that is not a plain address.");

    /// <summary>
    /// Judges a URL by its text: absolute, HTTPS (HTTP where that is allowed), no user or password, a plain host, port 80, 443
    /// or from 1024 on. Null where nothing speaks against it.
    /// </summary>
    public EgressRefusal? Check(string? url)
    {
        if (string.IsNullOrWhiteSpace(url) || url.Length > MaxUrlLength)
        {
            return new($"A URL has 1 to {MaxUrlLength} characters.");
        }

        foreach (var c in url)
        {
            // Uri drops or escapes these; others that read the same text would not, so nobody shall have to guess.
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c == '\\')
            {
                return new("The URL contains white space, a control character or a backslash.");
            }
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed))
        {
            return new("The URL cannot be read.");
        }

        return CheckAuthority(AuthorityAsWritten(url), parsed) ?? Check(parsed);
    }

    /// <summary>Judges a URL that is already parsed, as <see cref="Check(string?)"/> does.</summary>
    public EgressRefusal? Check(Uri url)
    {
        if (!url.IsAbsoluteUri || !IsAllowedScheme(url.Scheme))
        {
            return new(_options.AllowHttp ? "The URL must start with https:// or http://." : "The URL must start with https://.");
        }

        if (url.UserInfo.Length > 0)
        {
            return Credentials;
        }

        if (url.Port is not (80 or 443) and < FirstUnprivilegedPort)
        {
            return new($"The URL's port must be 80, 443 or at least {FirstUnprivilegedPort}.");
        }

        return CheckHost(url);
    }

    /// <summary>Judges the address of a connection about to be made.</summary>
    internal bool IsAllowed(IPAddress address) => AddressRules.ScopeOf(address) switch
    {
        AddressScope.Public => true,
        AddressScope.Private => _options.AllowPrivateNetworks,
        _ => false,
    };

    private bool IsAllowedScheme(string scheme) => scheme == Uri.UriSchemeHttps || (_options.AllowHttp && scheme == Uri.UriSchemeHttp);

    /// <summary>What lies between the slashes and the path, before <see cref="Uri"/> has put it in order.</summary>
    private static ReadOnlySpan<char> AuthorityAsWritten(string url)
    {
        var start = url.IndexOf("//", StringComparison.Ordinal);
        var rest = start < 0 ? default : url.AsSpan(start + 2);
        var end = rest.IndexOfAny('/', '?', '#');
        return end < 0 ? rest : rest[..end];
    }

    private static EgressRefusal? CheckAuthority(ReadOnlySpan<char> authority, Uri parsed)
    {
        if (authority.Contains('@'))
        {
            return Credentials;
        }

        if (!Ascii.IsValid(authority))
        {
            // Mapping other scripts takes tables that this process runs without (InvariantGlobalization); guessing would be worse.
            return new("The URL's host must be written in ASCII (xn--…).");
        }

        // Octal and short forms were turned into an address: perhaps not into the one that was meant.
        return parsed.HostNameType == UriHostNameType.IPv4 && !authority.StartsWith(parsed.Host, StringComparison.Ordinal) ? OddNumber : null;
    }

    private EgressRefusal? CheckHost(Uri url)
    {
        var host = url.IdnHost.TrimEnd('.');
        if (host.Length == 0 || url.IdnHost.EndsWith("..", StringComparison.Ordinal))
        {
            return new("The URL has no host.");
        }

        if (url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
        {
            return IPAddress.TryParse(host, out var address) && IsAllowed(address) ? null : NotPublic;
        }

        if (url.HostNameType != UriHostNameType.Dns || !IsPlainName(host))
        {
            return new("The URL's host is not a plain name.");
        }

        // 2130706433, 0x7f.1, 127.1, 0177.0.0.1: different programs read different addresses out of these.
        var last = host[(host.LastIndexOf('.') + 1)..];
        if (char.IsAsciiDigit(last[0]) && (last.All(char.IsAsciiDigit) || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase)))
        {
            return OddNumber;
        }

        return !_options.AllowPrivateNetworks && IsInternalName(host) ? NotPublic : null;
    }

    private static bool IsPlainName(string host) =>
        host.Length <= 253 && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') && !host.Contains("..", StringComparison.Ordinal) && host[0] != '.';

    private static bool IsInternalName(string host) =>
        !host.Contains('.', StringComparison.Ordinal)
        || Array.Exists(InternalSuffixes, suffix => $".{host}".EndsWith($".{suffix}", StringComparison.OrdinalIgnoreCase));
}
