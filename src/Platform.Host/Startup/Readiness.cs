using Platform.Api.Health;
using Platform.Domain.Tenants;

namespace Platform.Host.Startup;

/// <summary>Ready once everything has started and while the store answers.</summary>
internal sealed class Readiness(ITenantStore tenants, IHostApplicationLifetime lifetime) : IReadiness
{
    private static readonly TenantId Probe = new("readiness-probe");

    private volatile bool _started;

    public void MarkStarted() => _started = true;

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        if (!_started || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }

        try
        {
            await tenants.FindTenantAsync(Probe, cancellationToken);
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException and not OperationCanceledException)
        {
            return false;
        }
    }
}
