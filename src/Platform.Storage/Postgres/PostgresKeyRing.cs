using Platform.Domain.Secrets;

namespace Platform.Storage.Postgres;

/// <summary>The keys that seal secrets, on PostgreSQL.</summary>
internal sealed class PostgresKeyRing(PostgresEngine engine) : IKeyRingStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredKey>> LoadKeysAsync(CancellationToken cancellationToken) =>
        await engine.AllAsync(
            new PostgresStatement("SELECT name, xml FROM key_ring ORDER BY position"),
            static row => new StoredKey(row.Text(0), row.Text(1)),
            cancellationToken);

    /// <inheritdoc/>
    public Task AddKeyAsync(StoredKey key, DateTimeOffset now, CancellationToken cancellationToken) =>
        engine.ExecuteAsync(
            new PostgresStatement("INSERT INTO key_ring (name, xml, added_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING")
                .Bind(key.Name)
                .Bind(key.Xml)
                .Bind(now),
            cancellationToken);
}
