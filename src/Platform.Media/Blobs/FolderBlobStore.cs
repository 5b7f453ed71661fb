using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Platform.Domain;
using Platform.Domain.Media;

namespace Platform.Media.Blobs;

/// <summary>
/// Blobs as files of one directory tree. A blob is written under a temporary name in the same file system, flushed, renamed
/// into place, and the directories are flushed: after a crash it is there whole or not at all. Files are never changed in
/// place, which is why a copy may be a hard link.
/// </summary>
internal sealed partial class FolderBlobStore : IBlobStore
{
    // Keys have no segment that starts with a dot, so no key can name a temporary file.
    private const string TemporaryFolder = ".tmp";
    private const int TemporaryNameLength = 24;
    private const int BufferSize = 128 * 1024;

    // A deletion may remove an empty directory just before a rename into it; each try creates it again.
    private const int PlacementTries = 8;

    private readonly string _root;
    private readonly string _temporary;
    private readonly IIdSource _ids;
    private readonly Func<string, string, bool> _tryLink;
    private readonly ILogger<FolderBlobStore> _logger;

    /// <summary>Opens or creates the store, and removes what a process that died has left half-written.</summary>
    public FolderBlobStore(string root, IIdSource ids, ILogger<FolderBlobStore> logger)
        : this(root, ids, logger, LinuxFiles.TryLink)
    {
    }

    /// <summary>As the other, with another way to give a file a second name, so that a file system without one can be tested.</summary>
    internal FolderBlobStore(string root, IIdSource ids, ILogger<FolderBlobStore> logger, Func<string, string, bool> tryLink)
    {
        _tryLink = tryLink;
        _root = Path.GetFullPath(root);
        _temporary = Path.Combine(_root, TemporaryFolder);
        _ids = ids;
        _logger = logger;
        Directory.CreateDirectory(_temporary);
        RemoveLeftovers();
    }

    /// <inheritdoc/>
    public async Task<BlobInfo> WriteAsync(string key, Stream content, long maxBytes, CancellationToken cancellationToken)
    {
        var target = PathOf(key, nameof(key));
        var temporary = NewTemporaryPath();
        try
        {
            var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await using (file)
            {
                var info = await CopyHashedAsync(content, file, maxBytes, cancellationToken);
                RandomAccess.FlushToDisk(file.SafeFileHandle);

                // Renamed while it is open: the lock on an open file is what keeps RemoveLeftovers of another process off it.
                Place(temporary, target);
                return info;
            }
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream?>(Open(PathOf(key, nameof(key))));
    }

    /// <inheritdoc/>
    public async Task<bool> CopyAsync(string sourceKey, string targetKey, CancellationToken cancellationToken)
    {
        var source = PathOf(sourceKey, nameof(sourceKey));
        var target = PathOf(targetKey, nameof(targetKey));
        cancellationToken.ThrowIfCancellationRequested();

        var temporary = NewTemporaryPath();
        if (_tryLink(source, temporary))
        {
            try
            {
                Place(temporary, target);
                return true;
            }
            finally
            {
                // Renaming one name of a file onto another name of the same file does nothing and leaves both (POSIX).
                File.Delete(temporary);
            }
        }

        // Too many names already (65,000 on ext4: one clip, many tasks), or a file system that knows no second name.
        var content = Open(source);
        if (content is null)
        {
            return false;
        }

        await using (content)
        {
            await WriteAsync(targetKey, content, long.MaxValue, cancellationToken);
            return true;
        }
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key, nameof(key));
        cancellationToken.ThrowIfCancellationRequested();
        if (File.Exists(path))
        {
            File.Delete(path);
            RemoveEmptyParents(path);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<LocalFileLease?> LeaseLocalFileAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key, nameof(key));
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<LocalFileLease?>(File.Exists(path) ? new StoredFileLease(path) : null);
    }

    private static FileStream? Open(string path)
    {
        // Opening a directory fails otherwise than opening nothing does; neither is a blob.
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static async Task<BlobInfo> CopyHashedAsync(Stream content, FileStream file, long maxBytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        long length = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            length += read;
            if (length > maxBytes)
            {
                throw new BlobTooLargeException(maxBytes);
            }

            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return new BlobInfo(length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private void Place(string temporary, string target)
    {
        var directory = Path.GetDirectoryName(target)!;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(directory);
                File.Move(temporary, target, overwrite: true);
                FlushUpToRoot(directory);
                return;
            }
            catch (DirectoryNotFoundException) when (attempt < PlacementTries)
            {
            }
        }
    }

    /// <summary>
    /// Flushes every directory on the way, not only the new ones: another writer may have created one and not flushed its
    /// parent yet. Flushing a clean directory costs next to nothing.
    /// </summary>
    private void FlushUpToRoot(string directory)
    {
        for (var current = directory; current.Length >= _root.Length; current = Path.GetDirectoryName(current)!)
        {
            LinuxFiles.FlushDirectory(current);
        }
    }

    private void RemoveEmptyParents(string path)
    {
        try
        {
            for (var current = Path.GetDirectoryName(path)!; current.Length > _root.Length; current = Path.GetDirectoryName(current)!)
            {
                Directory.Delete(current);
            }
        }
        catch (IOException)
        {
            // Not empty, or another deletion was faster: either way there is nothing left to do.
        }
    }

    private void RemoveLeftovers()
    {
        foreach (var path in Directory.EnumerateFiles(_temporary))
        {
            try
            {
                // Fails where a process that lives is still writing it.
                using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    File.Delete(path);
                }

                LogLeftoverRemoved(Path.GetFileName(path));
            }
            catch (IOException e)
            {
                LogLeftoverKept(Path.GetFileName(path), e.Message);
            }
        }
    }

    private string NewTemporaryPath() => Path.Combine(_temporary, _ids.Next(TemporaryNameLength));

    private string PathOf(string key, string parameterName) => Path.Combine(_root, BlobKey.Require(key, parameterName));

    /// <summary>The stored file itself: nothing to clean up.</summary>
    private sealed class StoredFileLease(string path) : LocalFileLease
    {
        public override string Path { get; } = path;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
