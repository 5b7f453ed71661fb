using Microsoft.Extensions.Logging.Abstractions;
using Platform.Domain.Media;
using Platform.Media.Blobs;

namespace Platform.Media.Tests.Blobs;

/// <summary>The folder store where files can have one name only, so that a copy copies.</summary>
public sealed class FolderBlobStoreWithoutLinksTests : BlobStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FolderBlobStoreWithoutLinksTests() =>
        Store = new FolderBlobStore(_folder.Path, new TestIds(), NullLogger<FolderBlobStore>.Instance, (_, _) => false);

    protected override IBlobStore Store { get; }

    public void Dispose() => _folder.Dispose();
}
