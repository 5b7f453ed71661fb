using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Fal;
using Platform.Upstreams.Http;
using Platform.Upstreams.Kling;
using Platform.Upstreams.PlatformApi;
using Platform.Upstreams.Replicate;

namespace Platform.Upstreams;

/// <summary>Registers the providers that need an account.</summary>
public static class UpstreamServiceCollectionExtensions
{
    /// <summary>
    /// Adds each provider as an <see cref="IUpstream"/> and <see cref="IUpstreamAccounts"/>, by the settings; bad ones stop the start. A
    /// provider without accounts is there and is asked for nothing. Takes the system's <see cref="TimeProvider"/> where none is registered.
    /// </summary>
    /// <param name="services">Where to add them.</param>
    /// <param name="configure">Sets the accounts.</param>
    public static IServiceCollection AddUpstreams(this IServiceCollection services, Action<UpstreamOptions> configure)
    {
        services.AddOptions<UpstreamOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<UpstreamOptions>, UpstreamOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<UpstreamHttp>();
        services.AddSingleton<IUpstreamAccounts>(provider => new ConfiguredAccounts(provider.GetRequiredService<IOptions<UpstreamOptions>>().Value));
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IUpstream, KlingUpstream>(),
            ServiceDescriptor.Singleton<IUpstream, FalUpstream>(),
            ServiceDescriptor.Singleton<IUpstream, ReplicateUpstream>(),
            ServiceDescriptor.Singleton<IUpstream, PlatformUpstream>(),
        ]);
        return services;
    }
}
