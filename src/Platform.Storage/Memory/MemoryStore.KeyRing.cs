using Platform.Domain.Secrets;

namespace Platform.Storage.Memory;

public partial class MemoryStore : IKeyRingStore
{
    private readonly List<StoredKey> _keyRing = [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredKey>> LoadKeysAsync(CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<StoredKey>>(() => [.. _keyRing], cancellationToken);

    /// <inheritdoc/>
    public Task AddKeyAsync(StoredKey key, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                if (!_keyRing.Exists(k => string.Equals(k.Name, key.Name, StringComparison.Ordinal)))
                {
                    _keyRing.Add(key);
                }

                return true;
            },
            cancellationToken);
}
