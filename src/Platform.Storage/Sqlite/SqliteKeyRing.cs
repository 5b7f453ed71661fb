using Platform.Domain.Secrets;

namespace Platform.Storage.Sqlite;

/// <summary>The keys that seal secrets, on SQLite.</summary>
internal sealed class SqliteKeyRing(SqliteEngine engine) : IKeyRingStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredKey>> LoadKeysAsync(CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            0,
            static (database, _) => database
                .Prepare("SELECT name, xml FROM key_ring ORDER BY position")
                .All(static row => new StoredKey(row.Text(0), row.Text(1))),
            cancellationToken);

    /// <inheritdoc/>
    public Task AddKeyAsync(StoredKey key, DateTimeOffset now, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("INSERT INTO key_ring (name, xml, added_at) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO NOTHING")
                .Bind(1, key.Name)
                .Bind(2, key.Xml)
                .Bind(3, now)
                .Execute(),
            cancellationToken);
}
