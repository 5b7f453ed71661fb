namespace Platform.Domain.Secrets;

/// <summary>A key that seals secrets, as its maker writes it.</summary>
/// <param name="Name">Its name, unique.</param>
/// <param name="Xml">The key as XML.</param>
public sealed record StoredKey(string Name, string Xml);

/// <summary>
/// Keeps the keys that seal secrets, for all processes of an installation. Keys are only ever added: what an old one has sealed must
/// stay readable.
/// </summary>
public interface IKeyRingStore
{
    /// <summary>All keys, in the order in which they were added.</summary>
    Task<IReadOnlyList<StoredKey>> LoadKeysAsync(CancellationToken cancellationToken);

    /// <summary>Adds a key, durably. A key whose name is there already stays as it is.</summary>
    Task AddKeyAsync(StoredKey key, DateTimeOffset now, CancellationToken cancellationToken);
}
