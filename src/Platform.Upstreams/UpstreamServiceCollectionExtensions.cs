using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Domain.Upstreams;

namespace Platform.Upstreams;

/// <summary>Registers the providers that need an account.</summary>
public static class UpstreamServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IUpstreamAccounts"/> by the settings.</summary>
    /// <param name="services">Where to add them.</param>
    /// <param name="configure">Sets the accounts.</param>
    public static IServiceCollection AddUpstreams(this IServiceCollection services, Action<UpstreamOptions> configure)
    {
        services.AddOptions<UpstreamOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IUpstreamAccounts>(provider => new ConfiguredAccounts(provider.GetRequiredService<IOptions<UpstreamOptions>>().Value));
        return services;
    }
}
