using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Sandbox.Rendering;

namespace Platform.Upstreams.Sandbox;

/// <summary>Registers the sandbox upstream.</summary>
public static class SandboxServiceCollectionExtensions
{
    /// <summary>
    /// Adds the sandbox as an <see cref="IUpstream"/> of kind <c>sandbox</c>, with the hosted service that renders its jobs.
    /// Needs <see cref="ISandboxJobs"/>, <see cref="Domain.Media.IBlobStore"/>, <see cref="Domain.Media.IMediaProbe"/>,
    /// <see cref="Domain.IIdSource"/> and logging to be registered; takes the system's <see cref="TimeProvider"/> where none is.
    /// </summary>
    public static IServiceCollection AddSandboxUpstream(this IServiceCollection services, Action<SandboxOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);

        services.AddOptions<SandboxOptions>().Configure(configure).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SandboxSignals>();
        services.TryAddSingleton<RenderPrograms>();
        services.TryAddSingleton<WorkFolders>();
        services.TryAddSingleton<Ffmpeg>();
        services.TryAddSingleton<ISandboxRenderer, SandboxRenderer>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUpstream, SandboxUpstream>());
        services.AddHostedService<SandboxWorker>();
        return services;
    }
}
