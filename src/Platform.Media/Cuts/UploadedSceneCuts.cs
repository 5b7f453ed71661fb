using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Domain.Tenants;
using Platform.Media.Inputs;

namespace Platform.Media.Cuts;

/// <summary>
/// Knows the cuts of uploaded clips. One clip is looked at at a time, and what was found is kept by the digest of its bytes; a caller
/// waits a moment only, and a later one finds what came too late for it.
/// </summary>
internal sealed class UploadedSceneCuts(
    OwnLinks links, IFileStore files, IBlobStore blobs, SceneCutFinder finder, IOptions<MediaOptions> options, TimeProvider time) : ISceneCuts, IDisposable
{
    private const int MaxKept = 10_000;
    private const int MaxWaiting = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<ImmutableArray<decimal>?>> _found = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestFirst = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _end = new();
    private int _waiting;

    /// <inheritdoc/>
    public async Task<ImmutableArray<decimal>?> FindAsync(TenantId tenant, string url, CancellationToken cancellationToken)
    {
        if (!finder.IsInstalled
            || links.Classify(url) is not OwnLink.UploadedFile link
            || await files.FindAsync(link.FileId, cancellationToken) is not { } file
            || file.Tenant != tenant
            || file.Info.Kind != MediaKind.Video
            || !TryStart(file, out var look))
        {
            return null;
        }

        try
        {
            return await look.WaitAsync(options.Value.SceneCutPatience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    // Not where too many wait already.
    private bool TryStart(UploadedFile file, [NotNullWhen(true)] out Task<ImmutableArray<decimal>?>? look)
    {
        lock (_lock)
        {
            if (_found.TryGetValue(file.Blob.Sha256, out look))
            {
                return true;
            }

            if (_waiting >= MaxWaiting)
            {
                return false;
            }

            if (_found.Count >= MaxKept)
            {
                _found.Remove(_oldestFirst.Dequeue());
            }

            _waiting++;
            look = Task.Run(() => LookAsync(file.BlobKey, _end.Token));
            _found.Add(file.Blob.Sha256, look);
            _oldestFirst.Enqueue(file.Blob.Sha256);
            return true;
        }
    }

    private async Task<ImmutableArray<decimal>?> LookAsync(string blobKey, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                await using var lease = await blobs.LeaseLocalFileAsync(blobKey, cancellationToken);
                return lease is null ? null : await finder.FindAsync(lease.Path, cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // Warnings are a courtesy: what cannot be told is not warned of.
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
