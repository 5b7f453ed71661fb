using System.Collections.Concurrent;
using Platform.Domain.Media;
using Platform.Domain.Tenants;

namespace Platform.Api.Videos.Batches;

/// <summary>
/// Looks at the inputs of a batch: each URL once, few at a time, and none any more when the caller has waited long enough. What was not
/// looked at is as if it could not be told; the copy decides.
/// </summary>
internal sealed class BatchLooks(IInputMedia media, TenantId tenant, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    private const int AtOnce = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(string Url, long MaxBytes), Lazy<Task<InputInspection>>> _looks = [];
    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly CancellationTokenSource _patience = new(Patience, time);

    /// <inheritdoc cref="InputLook"/>
    public Task<InputInspection> LookAsync(string url, long maxBytes) =>
        _looks.GetOrAdd((url, maxBytes), key => new(() => InspectAsync(key.Url, key.MaxBytes))).Value;

    public void Dispose()
    {
        _places.Dispose();
        _patience.Dispose();
    }

    private async Task<InputInspection> InspectAsync(string url, long maxBytes)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token, cancellationToken);
        try
        {
            await _places.WaitAsync(either.Token);
            try
            {
                return await media.InspectAsync(tenant, url, maxBytes, either.Token);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new InputInspection.Undetermined("The batch has no time left to look at it.");
        }
    }
}
