using Platform.Domain.Media;
using Platform.Domain.Tenants;

namespace Platform.Media.Tests.Inputs;

/// <summary>The register of uploads, in memory.</summary>
internal sealed class FileRegister : IFileStore
{
    private readonly Dictionary<string, UploadedFile> _files = new(StringComparer.Ordinal);

    public Task AddAsync(UploadedFile file, CancellationToken cancellationToken)
    {
        _files.Add(file.Id, file);
        return Task.CompletedTask;
    }

    public Task<UploadedFile?> FindAsync(string fileId, CancellationToken cancellationToken) => Task.FromResult(_files.GetValueOrDefault(fileId));

    public Task<IReadOnlyList<UploadedFile>> ListAsync(TenantId tenant, DateTimeOffset now, string? after, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> RemoveAsync(TenantId tenant, string fileId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
