using Platform.Domain.Catalog;
using Platform.Domain.ServiceLevels;

namespace Platform.Api.ServiceLevels;

/// <summary>
/// Keeps the status for half a minute: anybody may ask for it, and however many do, the store is asked once. Callers that come while it
/// is being read wait for the same answer.
/// </summary>
internal sealed class ServiceStatusCache(IServiceLevelReader levels, ICatalog catalog, TimeProvider time)
{
    /// <summary>How old an answer may be.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private Task<ServiceStatusObject>? _status;
    private long _read;

    public Task<ServiceStatusObject> GetAsync()
    {
        lock (_lock)
        {
            if (_status is null || _status.IsFaulted || time.GetElapsedTime(_read) >= Lifetime)
            {
                _read = time.GetTimestamp();

                // Not the caller's token: others wait for it too.
                _status = Task.Run(ReadAsync);
            }

            return _status;
        }
    }

    private async Task<ServiceStatusObject> ReadAsync()
    {
        var now = time.GetUtcNow();
        var (from, to) = ServiceStatusView.RangeAt(now);
        return ServiceStatusView.Of(catalog.Models.Select(m => m.Id), await levels.CountEndsAsync(from, to, CancellationToken.None), now);
    }
}
