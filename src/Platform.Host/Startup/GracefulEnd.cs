using Platform.Host.Settings;

namespace Platform.Host.Startup;

/// <summary>
/// The end of a process that is asked to end: it says that it is not ready and still serves for a while, then takes no more requests,
/// ends those in flight, and leaves the cluster, whose other silos take over its grains. All within a bounded time.
/// </summary>
internal static class GracefulEnd
{
    public static void AddGracefulEnd(this IServiceCollection services, ShutdownSettings settings)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Delay + settings.Timeout);
        services.AddHostedService(p => new Farewell(settings.Delay, p.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Waits before anything is stopped; readiness is false from the first moment (<see cref="Readiness"/>).</summary>
    private sealed class Farewell(TimeSpan delay, TimeProvider time) : IHostedLifecycleService
    {
        public Task StoppingAsync(CancellationToken cancellationToken) =>
            delay > TimeSpan.Zero ? Task.Delay(delay, time, cancellationToken) : Task.CompletedTask;

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
