namespace Platform.Domain.Media;

/// <summary>Size and digest of stored bytes.</summary>
/// <param name="Length">Number of bytes.</param>
/// <param name="Sha256">SHA-256 of the bytes, lower-case hexadecimal.</param>
public sealed record BlobInfo(long Length, string Sha256);

/// <summary>
/// Keeps bytes under keys such as <c>files/ten_x/file_y</c>. A blob is visible whole or not at all: a process that dies while
/// it writes leaves nothing that <see cref="OpenReadAsync"/> would return. Keys are made by the platform, never by a caller:
/// segments of <c>[A-Za-z0-9._-]</c> separated by <c>/</c>; anything else is an <see cref="ArgumentException"/>.
/// </summary>
public interface IBlobStore
{
    /// <summary>Writes a stream under a key, replacing what is there, and flushes it to durable storage before it returns.</summary>
    /// <param name="key">The key.</param>
    /// <param name="content">The bytes, read to the end.</param>
    /// <param name="maxBytes">Most bytes to accept.</param>
    /// <param name="cancellationToken">Ends the write; nothing stays.</param>
    /// <exception cref="BlobTooLargeException">The stream is longer than <paramref name="maxBytes"/>; nothing stays.</exception>
    Task<BlobInfo> WriteAsync(string key, Stream content, long maxBytes, CancellationToken cancellationToken);

    /// <summary>Opens a blob for reading; the stream can seek. Null where there is none.</summary>
    Task<Stream?> OpenReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Copies a blob to another key without the bytes passing through the caller; says whether the source was there.</summary>
    Task<bool> CopyAsync(string sourceKey, string targetKey, CancellationToken cancellationToken);

    /// <summary>Deletes a blob; nothing happens where there is none.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Gives a path of a local file with the blob's bytes, for programs that only read files. The lease must be disposed;
    /// the file must not be changed. Null where there is no such blob.
    /// </summary>
    Task<LocalFileLease?> LeaseLocalFileAsync(string key, CancellationToken cancellationToken);
}

/// <summary>A local file that holds a blob's bytes until disposed.</summary>
public abstract class LocalFileLease : IAsyncDisposable
{
    /// <summary>Absolute path of the file.</summary>
    public abstract string Path { get; }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>More bytes came than were allowed.</summary>
public sealed class BlobTooLargeException : Exception
{
    /// <summary>Says how many bytes were allowed.</summary>
    public BlobTooLargeException(long maxBytes)
        : base($"The content is longer than {maxBytes} bytes.") => MaxBytes = maxBytes;

    /// <summary>Says why.</summary>
    public BlobTooLargeException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what was underneath.</summary>
    public BlobTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error without a text of its own.</summary>
    public BlobTooLargeException()
    {
    }

    /// <summary>Most bytes that were allowed.</summary>
    public long MaxBytes { get; }
}
