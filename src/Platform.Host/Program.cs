using Microsoft.Extensions.Options;
using Platform.Api.Auth;
using Platform.Domain;
using Platform.Domain.Tasks;
using Platform.Host.Settings;
using Platform.Host.Startup;
using Platform.Host.Verbs;
using Platform.Storage;

// The program: no argument runs the service; the verbs look at its store.
var builder = WebApplication.CreateBuilder(args is ["verify" or "task", ..] ? [] : args);
builder.Logging.AddFilter("Orleans", LogLevel.Warning);
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.Logging.AddFilter("Polly", LogLevel.Warning);

// It tells of every request; while anybody may listen, each request gets an activity and a scope. The API logs its own failures.
builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
var settings = PlatformHost.AddSettings(builder);
var data = new DataDirectory(settings.DataDirectory);
switch (args)
{
    case ["verify"]:
        PlatformHost.AddStore(builder.Services, data);
        await using (var app = builder.Build())
        {
            return await VerifyVerb.RunAsync(app.Services, Console.Out, CancellationToken.None);
        }

    case ["task", var id]:
        PlatformHost.AddStore(builder.Services, data);
        await using (var app = builder.Build())
        {
            return await TaskVerb.RunAsync(app.Services, id, Console.Out, CancellationToken.None);
        }

    case ["verify" or "task", ..]:
        await Console.Error.WriteLineAsync("Usage: platform [verify | task ID]");
        return 2;

    default:
        return await ServeAsync(builder, settings, data);
}

static async Task<int> ServeAsync(WebApplicationBuilder builder, PlatformSettings settings, DataDirectory data)
{
    PlatformHost.AddPlatform(builder, settings, data);
    await using var app = builder.Build();
    PlatformHost.MapPlatform(app, settings);
    Warnings.Log(app.Logger, settings);

    // Before any grain runs: the schema, and everything that a predecessor left unfinished is due now, for nobody works on it.
    await app.Services.GetRequiredService<IStoreMaintenance>().MigrateAsync(CancellationToken.None);
    await app.Services.GetRequiredService<ITaskStore>()
        .MakeUnfinishedDueAsync(app.Services.GetRequiredService<TimeProvider>().GetUtcNow(), CancellationToken.None);
    await app.StartAsync();
    string? demoKey = null;
    if (settings.Demo.Enabled is true)
    {
        var ids = app.Services.GetRequiredService<IIdSource>();
        demoKey = settings.Demo.ApiKey ?? data.Secret("demo-api-key", () => KeySecret.New(ids));
        await app.Services.GetRequiredService<DemoTenant>().EnsureAsync(demoKey, settings.Demo.Credits, CancellationToken.None);
    }

    app.Services.GetRequiredService<Readiness>().MarkStarted();
    Banner.Print(Console.Out, settings, demoKey);
    await app.WaitForShutdownAsync();
    return 0;
}

/// <summary>The program; a class so that tests can start it.</summary>
public partial class Program;
