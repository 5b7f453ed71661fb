using Microsoft.Extensions.Logging.Abstractions;
using Platform.Domain.Media;
using Platform.Media.Blobs;

namespace Platform.Media.Tests.Blobs;

public sealed class FolderBlobStoreTests : BlobStoreConformance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FolderBlobStoreTests() => Store = Open();

    protected override IBlobStore Store { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteAsync_Blob_IsAFileUnderTheRootAndNothingElseStays()
    {
        await WriteAsync("files/ten_x/file_y", [1, 2, 3]);

        Files().Should().Equal("files/ten_x/file_y");
    }

    [Fact]
    public async Task WriteAsync_Refused_LeavesNoTemporaryFile()
    {
        await FluentActions.Awaiting(() => Store.WriteAsync("k", new MemoryStream(new byte[100]), 99, default)).Should().ThrowAsync<BlobTooLargeException>();

        Files().Should().BeEmpty();
    }

    [Fact]
    public async Task CopyAsync_Blob_SharesItsBytesAndLeavesNoTemporaryFile()
    {
        await WriteAsync("a", new byte[1000]);
        await Store.CopyAsync("a", "b", default);
        await Store.CopyAsync("a", "b", default);

        Files().Should().BeEquivalentTo("a", "b");
    }

    [Fact]
    public async Task DeleteAsync_LastBlobOfADirectory_RemovesTheDirectory()
    {
        await WriteAsync("inputs/ten_x/task/clip", [1]);

        await Store.DeleteAsync("inputs/ten_x/task/clip", default);

        Directory.Exists(_folder.File("inputs")).Should().BeFalse();
    }

    [Fact]
    public async Task LeaseLocalFileAsync_Blob_IsTheStoredFileItself()
    {
        await WriteAsync("a/b", [1]);

        await using var lease = await Store.LeaseLocalFileAsync("a/b", default);

        lease!.Path.Should().Be(_folder.File("a/b"));
    }

    [Fact]
    public void Open_LeftoverOfAStoppedProcess_RemovesIt()
    {
        File.WriteAllText(_folder.File(".tmp/left"), "half");

        Open();

        Files().Should().BeEmpty();
    }

    [Fact]
    public void Open_FileThatIsStillBeingWritten_KeepsIt()
    {
        using var writer = new FileStream(_folder.File(".tmp/busy"), FileMode.CreateNew, FileAccess.Write, FileShare.None);

        Open();

        Files().Should().Equal(".tmp/busy");
    }

    private FolderBlobStore Open() => new(_folder.Path, new TestIds(), NullLogger<FolderBlobStore>.Instance);

    private IEnumerable<string> Files() => Directory
        .EnumerateFiles(_folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .Select(path => Path.GetRelativePath(_folder.Path, path));
}
