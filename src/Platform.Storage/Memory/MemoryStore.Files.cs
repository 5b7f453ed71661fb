using Platform.Domain.Media;
using Platform.Domain.Tenants;

namespace Platform.Storage.Memory;

public partial class MemoryStore : IFileStore
{
    private readonly Dictionary<string, (UploadedFile File, bool Removed)> _files = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task AddAsync(UploadedFile file, CancellationToken cancellationToken) =>
        WithLock(
            () => _files.TryAdd(file.Id, (file with { CreatedAt = UnixTime.Truncate(file.CreatedAt) }, false))
                ? true
                : throw new StorageException($"A file {file.Id} exists."),
            cancellationToken);

    /// <inheritdoc/>
    public Task<UploadedFile?> FindAsync(string fileId, CancellationToken cancellationToken) =>
        WithLock(() => _files.TryGetValue(fileId, out var found) && !found.Removed ? found.File : null, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UploadedFile>> ListAsync(
        TenantId tenant, DateTimeOffset now, string? after, int limit, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<UploadedFile>>(
            () =>
            [
                .. _files.Values
                    .Where(f => f.File.Tenant == tenant && f.File.CreatedAt > UnixTime.Truncate(now - UploadedFile.Retention))
                    .OrderByDescending(f => f.File.CreatedAt)
                    .ThenByDescending(f => f.File.Id, StringComparer.Ordinal)
                    .Where(f => !f.Removed && (after is null || IsBehind(f.File, after)))
                    .Select(f => f.File)
                    .Take(limit),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(TenantId tenant, string fileId, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                if (!_files.TryGetValue(fileId, out var found) || found.Removed || found.File.Tenant != tenant)
                {
                    return false;
                }

                _files[fileId] = (found.File, true);
                return true;
            },
            cancellationToken);

    private bool IsBehind(UploadedFile file, string after)
    {
        if (!_files.TryGetValue(after, out var place) || place.File.Tenant != file.Tenant)
        {
            return false;
        }

        var byTime = file.CreatedAt.CompareTo(place.File.CreatedAt);
        return byTime < 0 || (byTime == 0 && string.CompareOrdinal(file.Id, after) < 0);
    }
}
