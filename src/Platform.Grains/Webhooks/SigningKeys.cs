using System.Collections.Concurrent;
using Platform.Domain.Secrets;
using Platform.Domain.Webhooks;

namespace Platform.Grains.Webhooks;

/// <summary>
/// Opens the secrets that sign. Opened ones are kept for a while, by their sealed text, which never names another secret; which of
/// them are good is asked of the store for each claim.
/// </summary>
internal sealed class SigningKeys(ISecretBox box)
{
    private const int MaxKept = 10_000;

    private readonly ConcurrentDictionary<string, byte[]> _opened = new(StringComparer.Ordinal);

    public byte[] Open(string sealedSecret)
    {
        if (_opened.TryGetValue(sealedSecret, out var key))
        {
            return key;
        }

        if (_opened.Count >= MaxKept)
        {
            _opened.Clear();
        }

        return _opened.GetOrAdd(sealedSecret, text => WebhookSecret.KeyOf(box.Unprotect(WebhookSecret.Purpose, text)));
    }
}
