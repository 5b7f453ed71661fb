using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.Domain.Tenants;

namespace Platform.Grains.Webhooks;

/// <summary>Bounds what one tenant has on its way from this silo: many receivers that hang must not take everybody's sockets.</summary>
internal sealed class TenantPlaces(IOptions<WebhookOptions> options)
{
    private readonly ConcurrentDictionary<TenantId, int> _taken = new();

    /// <summary>Takes up to so many places; returns how many.</summary>
    public int Take(TenantId tenant, int wanted)
    {
        while (true)
        {
            var taken = _taken.GetOrAdd(tenant, 0);
            var granted = Math.Clamp(options.Value.PerTenant - taken, 0, wanted);
            if (granted == 0 || _taken.TryUpdate(tenant, taken + granted, taken))
            {
                return granted;
            }
        }
    }

    /// <summary>Gives places back.</summary>
    public void Return(TenantId tenant, int places) => _taken.AddOrUpdate(tenant, 0, (_, taken) => taken - places);
}
