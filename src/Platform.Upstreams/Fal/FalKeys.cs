using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;
using Platform.Upstreams.Http;

namespace Platform.Upstreams.Fal;

/// <summary>
/// fal's keys of callbacks: fetched when first needed, kept for a day, and fetched again where none of them fits, at most once a minute,
/// so that a change of keys is noticed and a flood of forgeries is not passed on.
/// </summary>
internal sealed class FalKeys(UpstreamHttp http, Uri url, TimeProvider time)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromHours(24);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Task<ImmutableArray<byte[]>> _fetch = Task.FromResult(ImmutableArray<byte[]>.Empty);
    private ImmutableArray<byte[]> _keys = [];
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;

    /// <summary>Says whether one of the keys signed the message; null where there are no keys to judge by.</summary>
    public async Task<bool?> VerifyAsync(string message, string signatureHex, CancellationToken cancellationToken)
    {
        if (signatureHex.Length != 2 * Ed25519.SignatureSize || !signatureHex.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        var signature = Convert.FromHexString(signatureHex);
        var bytes = Encoding.UTF8.GetBytes(message);
        var keys = await KeysAsync(KeepFor, cancellationToken);
        if (keys.IsEmpty)
        {
            return null;
        }

        return Fits(keys, bytes, signature)
            || (await KeysAsync(AskAgainAfter, cancellationToken) is var fresh && fresh != keys && Fits(fresh, bytes, signature));
    }

    private static bool Fits(ImmutableArray<byte[]> keys, byte[] message, byte[] signature) =>
        keys.Any(key => Ed25519.Verify(signature, 0, key, 0, message, 0, message.Length));

    private Task<ImmutableArray<byte[]>> KeysAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now - _askedAt >= (_keys.IsEmpty ? AskAgainAfter : maxAge) && _fetch.IsCompleted)
            {
                _askedAt = now;
                _fetch = FetchAsync();
            }

            return _fetch.WaitAsync(cancellationToken);
        }
    }

    // Of nobody's token: who waits for it may leave, and others go on to wait.
    private async Task<ImmutableArray<byte[]>> FetchAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        var keys = await http.SendAsync(request, CallLimits.Query, CancellationToken.None) is HttpReply.Answered { IsSuccess: true } answered
            ? Read(answered.Read(FalJson.Default.FalKeySet))
            : [];
        lock (_gate)
        {
            // What was good before an outage of the key server is good during it.
            return keys.IsEmpty ? _keys : _keys = keys;
        }
    }

    private static ImmutableArray<byte[]> Read(FalKeySet? set) =>
    [
        .. (set?.Keys ?? [])
            .Where(k => k is { Kty: "OKP", Crv: null or "Ed25519", X.Length: 43 } && Base64Url.IsValid(k.X))
            .Select(k => Base64Url.DecodeFromChars(k.X))
            .Where(k => k.Length == Ed25519.PublicKeySize),
    ];
}
