using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Media.Probing;

namespace Platform.Media;

/// <summary>Opens the blob store at start (which removes what a stopped process left), and warns of settings that are legal but dangerous.</summary>
internal sealed partial class MediaStartup(IBlobStore blobs, IOptions<MediaOptions> options, Ffprobe ffprobe, ILogger<MediaStartup> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogStore(blobs.GetType().Name);
        if (options.Value.Egress.AllowPrivateNetworks)
        {
            LogPrivateNetworksAllowed();
        }

        if (options.Value.Egress.AllowHttp)
        {
            LogHttpAllowed();
        }

        if (!ffprobe.IsInstalled)
        {
            LogNoFfprobe();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Debug, "Media are kept in {Store}.")]
    private partial void LogStore(string store);

    [LoggerMessage(LogLevel.Warning, "Egress.AllowPrivateNetworks is on: tenants can make the platform read from private addresses. For development only.")]
    private partial void LogPrivateNetworksAllowed();

    [LoggerMessage(LogLevel.Warning, "Egress.AllowHttp is on: media and callbacks may go over plain HTTP. For development only.")]
    private partial void LogHttpAllowed();

    [LoggerMessage(LogLevel.Information, "ffprobe is not installed: the few files that our own parser cannot tell are refused.")]
    private partial void LogNoFfprobe();
}
