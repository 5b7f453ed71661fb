using Platform.Api.Auth;
using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Host.Routing;
using Platform.Host.Settings;
using Platform.Storage;

namespace Platform.Host.Startup;

/// <summary>The service, from its settings to its end; the program runs one, and so do tests.</summary>
internal sealed class PlatformApplication : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PlatformApplication(WebApplication app, PlatformSettings settings, string? demoKey)
    {
        _app = app;
        Settings = settings;
        DemoKey = demoKey;
    }

    public PlatformSettings Settings { get; }

    /// <summary>The demo tenant's key, or null where there is no demo tenant.</summary>
    public string? DemoKey { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>A builder with the program's logging; arguments such as <c>--Platform:Role=all</c> are settings.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.AddFilter("Orleans", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);

        // At start it takes the time since the machine booted for a delay.
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // It tells of every request; while anybody may listen, each gets an activity and a scope. The API logs its own failures.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        return builder;
    }

    /// <summary>Starts to serve: returns when requests are answered.</summary>
    public static async Task<PlatformApplication> StartAsync(WebApplicationBuilder builder, PlatformSettings settings, DataDirectory data)
    {
        PlatformHost.AddPlatform(builder, settings, data);
        var app = builder.Build();
        try
        {
            PlatformHost.MapPlatform(app, settings);
            Warnings.Log(app.Logger, settings);
            RouteWarnings.Log(
                app.Logger,
                app.Services.GetRequiredService<IRouteTable>(),
                app.Services.GetRequiredService<ICatalog>(),
                app.Services.GetRequiredService<TimeProvider>().GetUtcNow());

            if (settings.Role == HostRole.All)
            {
                await PrepareStoreAsync(app.Services, settings);
            }

            await app.StartAsync();
            string? demoKey = null;
            if (settings.Demo.Enabled is true && HostRole.ServesApi(settings.Role))
            {
                var ids = app.Services.GetRequiredService<IIdSource>();
                demoKey = settings.Demo.ApiKey ?? data.Secret("demo-api-key", () => KeySecret.New(ids));
                await app.Services.GetRequiredService<DemoTenant>().EnsureAsync(demoKey, settings.Demo.Credits, CancellationToken.None);
            }

            app.Services.GetRequiredService<Readiness>().MarkStarted();
            return new(app, settings, demoKey);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    // Before any grain runs. Of several processes that migrate at once one does, and the others wait for it.
    private static async Task PrepareStoreAsync(IServiceProvider services, PlatformSettings settings)
    {
        await services.GetRequiredService<IStoreMaintenance>().MigrateAsync(CancellationToken.None);
        if (!settings.UsesPostgres)
        {
            // What a predecessor left unfinished is due now, for nobody works on it. Where others may, its own due time tells.
            await services.GetRequiredService<ITaskStore>()
                .MakeUnfinishedDueAsync(services.GetRequiredService<TimeProvider>().GetUtcNow(), CancellationToken.None);
        }
    }

    /// <summary>Waits until the process is asked to end, and has ended its work.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
