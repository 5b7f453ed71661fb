using System.Globalization;
using Platform.Domain.Media;
using Platform.Domain.Tenants;

namespace Platform.Storage.Sqlite;

/// <summary>The register of uploaded files on SQLite.</summary>
internal sealed class SqliteFileStore(SqliteEngine engine) : IFileStore
{
    private const string Columns = "id, tenant, file_name, format, width, height, seconds, has_audio, length, sha256, created_at";

    /// <inheritdoc/>
    public Task AddAsync(UploadedFile file, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare($"INSERT INTO files ({Columns}, removed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0)")
                .Bind(1, file.Id)
                .Bind(2, file.Tenant.Value)
                .Bind(3, file.FileName)
                .Bind(4, (int)file.Info.Format)
                .Bind(5, file.Info.Width)
                .Bind(6, file.Info.Height)
                .Bind(7, file.Info.DurationSeconds?.ToString(CultureInfo.InvariantCulture))
                .Bind(8, file.Info.HasAudio)
                .Bind(9, file.Blob.Length)
                .Bind(10, file.Blob.Sha256)
                .Bind(11, file.CreatedAt)
                .Execute(),
            cancellationToken);

    /// <inheritdoc/>
    public Task<UploadedFile?> FindAsync(string fileId, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            fileId,
            static (database, id) => database
                .Prepare($"SELECT {Columns} FROM files WHERE id = ?1 AND removed = 0")
                .Bind(1, id)
                .First(Read),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UploadedFile>> ListAsync(
        TenantId tenant, DateTimeOffset now, string? after, int limit, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            (tenant, Since: now - UploadedFile.Retention, after, limit),
            static (database, wanted) => database
                .Prepare($"""
                    SELECT {Columns} FROM files
                    WHERE tenant = ?1 AND created_at > ?2 AND removed = 0
                    {(wanted.after is null ? "" : "AND (created_at, id) < (SELECT created_at, id FROM files WHERE id = ?4 AND tenant = ?1)")}
                    ORDER BY created_at DESC, id DESC LIMIT ?3
                    """)
                .Bind(1, wanted.tenant.Value)
                .Bind(2, wanted.Since)
                .Bind(3, wanted.limit)
                .BindIf(wanted.after is not null, 4, wanted.after)
                .All(Read),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(TenantId tenant, string fileId, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("UPDATE files SET removed = 1 WHERE id = ?1 AND tenant = ?2 AND removed = 0")
                .Bind(1, fileId)
                .Bind(2, tenant.Value)
                .Execute() == 1,
            cancellationToken);

    private static UploadedFile Read(SqliteStatement row) => new()
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
