using OpenTelemetry.Metrics;
using Platform.Host.Settings;

namespace Platform.Host.Telemetry;

/// <summary>
/// Serves <c>/metrics</c> on a port of its own. A listener of the main server would make its addresses a matter of two settings at once;
/// and that the port is taken, as by a second installation on one machine, must not keep the service from starting.
/// </summary>
internal sealed partial class MetricsListener(
    MetricsSettings settings, MeterProvider meters, ILogger<MetricsListener> logger) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls($"http://{(settings.Address.Contains(':', StringComparison.Ordinal) ? $"[{settings.Address}]" : settings.Address)}:{settings.Port}");
        var app = builder.Build();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(
            meters, predicate: null, path: "/metrics", configureBranchedPipeline: null, optionsName: null);
        try
        {
            await app.StartAsync(cancellationToken);
            _app = app;
        }
        catch (IOException taken)
        {
            LogNotServed(logger, settings.Address, settings.Port, taken.Message);
            await app.DisposeAsync();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "No metrics are served at {Address}:{Port}; set Platform:Metrics:Port to a free port. {Reason}")]
    private static partial void LogNotServed(ILogger logger, string address, int port, string reason);
}
