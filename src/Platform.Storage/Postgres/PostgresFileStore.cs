using Platform.Domain.Media;
using Platform.Domain.Tenants;

namespace Platform.Storage.Postgres;

/// <summary>The register of uploaded files on PostgreSQL.</summary>
internal sealed class PostgresFileStore(PostgresEngine engine) : IFileStore
{
    private const string Columns = "id, tenant, file_name, format, width, height, seconds, has_audio, length, sha256, created_at";

    /// <inheritdoc/>
    public Task AddAsync(UploadedFile file, CancellationToken cancellationToken) =>
        engine.ExecuteAsync(
            new PostgresStatement($"INSERT INTO files ({Columns}, removed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, false)")
                .Bind(file.Id)
                .Bind(file.Tenant.Value)
                .Bind(file.FileName)
                .Bind((int)file.Info.Format)
                .Bind(file.Info.Width)
                .Bind(file.Info.Height)
                .Bind(file.Info.DurationSeconds)
                .Bind(file.Info.HasAudio)
                .Bind(file.Blob.Length)
                .Bind(file.Blob.Sha256)
                .Bind(file.CreatedAt),
            cancellationToken);

    /// <inheritdoc/>
    public Task<UploadedFile?> FindAsync(string fileId, CancellationToken cancellationToken) =>
        engine.FirstAsync(
            new PostgresStatement($"SELECT {Columns} FROM files WHERE id = $1 AND NOT removed").Bind(fileId), Read, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UploadedFile>> ListAsync(
        TenantId tenant, DateTimeOffset now, string? after, int limit, CancellationToken cancellationToken)
    {
        var behind = after is null ? "" : "AND (created_at, id) < (SELECT created_at, id FROM files WHERE id = $4 AND tenant = $1)";
        var statement = new PostgresStatement($"""
            SELECT {Columns} FROM files WHERE tenant = $1 AND created_at > $2 AND NOT removed {behind}
            ORDER BY created_at DESC, id DESC LIMIT $3
            """)
            .Bind(tenant.Value)
            .Bind(now - UploadedFile.Retention)
            .Bind(limit);
        return await engine.AllAsync(after is null ? statement : statement.Bind(after), Read, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(TenantId tenant, string fileId, CancellationToken cancellationToken) =>
        await engine.ExecuteAsync(
            new PostgresStatement("UPDATE files SET removed = true WHERE id = $1 AND tenant = $2 AND NOT removed").Bind(fileId).Bind(tenant.Value),
            cancellationToken) == 1;

    private static UploadedFile Read(PostgresRow row) => new()
    {
        Id = row.Text(0),
        Tenant = new TenantId(row.Text(1)),
        FileName = row.Text(2),
        Info = new()
        {
            Format = (MediaFormat)row.Int32(3),
            Width = row.Int32(4),
            Height = row.Int32(5),
            DurationSeconds = row.DecimalOrNull(6),
            HasAudio = row.Boolean(7),
        },
        Blob = new(row.Int64(8), row.Text(9)),
        CreatedAt = row.Time(10),
    };
}
