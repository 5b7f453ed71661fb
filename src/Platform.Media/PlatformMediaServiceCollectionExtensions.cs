using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain;
using Platform.Domain.Media;
using Platform.Domain.Upstreams;
using Platform.Media.Blobs;
using Platform.Media.Cuts;
using Platform.Media.Egress;
using Platform.Media.Inputs;
using Platform.Media.Links;
using Platform.Media.Probing;
using Platform.Media.Results;

namespace Platform.Media;

/// <summary>The face of this project.</summary>
public static class PlatformMediaServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IBlobStore"/> (a folder, unless one is registered already), <see cref="IMediaProbe"/>,
    /// <see cref="ILinkSigner"/>, <see cref="IUpstreamLinks"/>, <see cref="IInputMedia"/>, <see cref="IResultMedia"/>, <see cref="ISceneCuts"/>,
    /// <see cref="EgressGuard"/> (also as <see cref="IOutboundUrls"/>), and the
    /// guarded HTTP client of the name <see cref="EgressHttp.ClientName"/>. Needs <see cref="IFileStore"/> and
    /// <see cref="IIdSource"/> from others; the clock is the system's unless one is registered. Bad settings stop the start.
    /// </summary>
    /// <param name="services">Where to add them.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddPlatformMedia(this IServiceCollection services, Action<MediaOptions> configure)
    {
        services.AddOptions<MediaOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MediaOptions>, MediaOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);

        services.TryAddSingleton<IBlobStore>(provider => new FolderBlobStore(
            provider.GetRequiredService<IOptions<MediaOptions>>().Value.RootDirectory
                ?? throw new InvalidOperationException($"{nameof(MediaOptions)}.{nameof(MediaOptions.RootDirectory)} must be set."),
            provider.GetRequiredService<IIdSource>(),
            provider.GetRequiredService<ILogger<FolderBlobStore>>()));

        services.TryAddSingleton<Ffprobe>();
        services.TryAddSingleton<ISecondOpinion>(provider => provider.GetRequiredService<Ffprobe>());
        services.TryAddSingleton<IMediaProbe, MediaProbe>();
        services.TryAddSingleton<ILinkSigner, LinkSigner>();
        services.TryAddSingleton<IUpstreamLinks, UpstreamLinks>();

        services.TryAddSingleton<EgressGuard>();
        services.TryAddSingleton<IOutboundUrls>(provider => provider.GetRequiredService<EgressGuard>());
        services.TryAddSingleton<IHostResolver, SystemHostResolver>();
        services.TryAddSingleton<IOutboundConnector, TcpConnector>();
        services.TryAddSingleton<EgressConnector>();
        services.TryAddSingleton(provider => new EgressHttp(
            provider.GetRequiredService<EgressGuard>(),
            provider.GetRequiredService<EgressConnector>(),
            provider.GetRequiredService<IOptions<MediaOptions>>()));
        services.TryAddSingleton<GuardedHttp>();
        services.AddHttpClient(EgressHttp.ClientName)
            .RemoveAllLoggers() // They would write URLs, which can hold secrets of their receivers.
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<EgressHttp>().CreateHandler());

        services.TryAddSingleton<OwnLinks>();
        services.TryAddSingleton<StoredMedia>();
        services.TryAddSingleton<ForeignMedia>();
        services.TryAddSingleton<IInputMedia, InputMedia>();
        services.TryAddSingleton<IResultMedia, ResultMedia>();
        services.TryAddSingleton<SceneCutFinder>();
        services.TryAddSingleton<ISceneCuts, UploadedSceneCuts>();
        services.AddHostedService<MediaStartup>();
        return services;
    }
}
