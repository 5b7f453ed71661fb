using System.Security.Cryptography;
using Platform.Domain.Media;

namespace Platform.Upstreams.Tests.Sandbox.Fakes;

/// <summary>Blobs as files of a temporary folder.</summary>
internal sealed class FolderBlobs : IBlobStore, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-blobs-");

    public string PathOf(string key) => Path.Combine(_folder.FullName, key);

    public void Put(string key, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(key))!);
        File.WriteAllBytes(PathOf(key), bytes);
    }

    public void Put(string key, string file) => Put(key, File.ReadAllBytes(file));

    public bool Has(string key) => File.Exists(PathOf(key));

    public async Task<BlobInfo> WriteAsync(string key, Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await content.CopyToAsync(buffer, cancellationToken);
        if (buffer.Length > maxBytes)
        {
            throw new BlobTooLargeException(maxBytes);
        }

        Put(key, buffer.ToArray());
        return new BlobInfo(buffer.Length, Convert.ToHexStringLower(SHA256.HashData(buffer.ToArray())));
    }

    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(Has(key) ? File.OpenRead(PathOf(key)) : null);

    public Task<bool> CopyAsync(string sourceKey, string targetKey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(key));
        return Task.CompletedTask;
    }

    public Task<LocalFileLease?> LeaseLocalFileAsync(string key, CancellationToken cancellationToken) =>
        Task.FromResult<LocalFileLease?>(Has(key) ? new Lease(PathOf(key)) : null);

    public void Dispose() => _folder.Delete(recursive: true);

    private sealed class Lease(string path) : LocalFileLease
    {
        public override string Path => path;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
