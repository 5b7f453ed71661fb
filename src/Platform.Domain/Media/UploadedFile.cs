using Platform.Domain.Tenants;

namespace Platform.Domain.Media;

/// <summary>A reference file that a tenant uploaded. It is immutable until it is deleted.</summary>
public sealed record UploadedFile
{
    /// <summary>How long an upload is kept (product.md section 6).</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(72);

    /// <summary>Largest upload, in bytes (100 MB).</summary>
    public const long MaxBytes = 100L * 1024 * 1024;

    /// <summary>Id of the file, <c>file_…</c>, unique over all tenants.</summary>
    public required string Id { get; init; }

    /// <summary>Whose file it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Name as uploaded, made harmless; for display only.</summary>
    public required string FileName { get; init; }

    /// <summary>What the file is.</summary>
    public required MediaInfo Info { get; init; }

    /// <summary>Size and digest of its bytes.</summary>
    public required BlobInfo Blob { get; init; }

    /// <summary>When it was uploaded.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops being usable.</summary>
    public DateTimeOffset ExpiresAt => CreatedAt + Retention;

    /// <summary>Key of its bytes in the blob store.</summary>
    public string BlobKey => $"files/{Tenant.Value}/{Id}";

    /// <summary>Path of its bytes in the API.</summary>
    public string ContentPath => $"/v1/files/{Id}/content";
}

/// <summary>The register of uploaded files.</summary>
public interface IFileStore
{
    /// <summary>Registers a file whose bytes are already stored.</summary>
    Task AddAsync(UploadedFile file, CancellationToken cancellationToken);

    /// <summary>Finds a file by id, whoever owns it: the caller compares the tenant. Null where there is none.</summary>
    Task<UploadedFile?> FindAsync(string fileId, CancellationToken cancellationToken);

    /// <summary>Lists a tenant's files that have not expired at <paramref name="now"/>, newest first.</summary>
    /// <param name="tenant">Whose files.</param>
    /// <param name="now">Files that ended before are left out.</param>
    /// <param name="after">Id of the last file of the page before, or null.</param>
    /// <param name="limit">Most files to return, 1–100.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<IReadOnlyList<UploadedFile>> ListAsync(TenantId tenant, DateTimeOffset now, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>Forgets a file of a tenant; says whether it was there.</summary>
    Task<bool> RemoveAsync(TenantId tenant, string fileId, CancellationToken cancellationToken);
}
