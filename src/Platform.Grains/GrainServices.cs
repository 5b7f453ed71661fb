using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Hosting;
using Platform.Grains.Faults;
using Platform.Grains.Sweeping;
using Platform.Grains.Tasks;
using Platform.Grains.Telemetry;
using Platform.Grains.Upstreams;
using Platform.Grains.Webhooks;

namespace Platform.Grains;

/// <summary>Adds the grains to a silo.</summary>
public static class GrainServices
{
    /// <summary>
    /// Adds what the grains need besides the ports of the domain (stores, upstreams, media, catalogue, routes, webhooks, secrets, ids, randomness), which
    /// the host adds, and starts the sweepers with the silo. Clustering and reminders are the host's to choose.
    /// </summary>
    public static ISiloBuilder AddPlatformGrains(this ISiloBuilder silo, Action<GrainOptions> configure)
    {
        silo.Services.AddOptions<GrainOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        silo.Services.AddMetrics();
        silo.Services.TryAddSingleton<GrainMetrics>();
        silo.Services.TryAddSingleton<UpstreamRegistry>();
        silo.Services.TryAddSingleton<UpstreamMetrics>();
        silo.Services.TryAddSingleton<IFaultPoints, NoFaultPoints>();
        silo.Services.AddOptions<WebhookOptions>().ValidateDataAnnotations().ValidateOnStart();
        silo.Services.TryAddSingleton<OutboxSignal>();
        silo.Services.TryAddSingleton<TenantPlaces>();
        silo.Services.TryAddSingleton<SigningKeys>();
        silo.Services.TryAddSingleton<DeliveryRecorder>();
        silo.Services.TryAddSingleton<DeliveryAttempts>();
        silo.Services.TryAddSingleton<WebhookFanOut>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, WebhookDispatcher>();
        silo.Services.AddHostedService<SweeperStarter>();
        return silo;
    }
}
