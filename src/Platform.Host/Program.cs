using Microsoft.Extensions.Options;
using Platform.Host.Settings;
using Platform.Host.Startup;
using Platform.Host.Verbs;
using Platform.Storage;

// The program: no argument runs the service, by its role; the verbs look at its store.
var builder = PlatformApplication.CreateBuilder(args is ["verify" or "task", ..] ? [] : args);
PlatformSettings settings;
try
{
    settings = PlatformHost.AddSettings(builder, serves: args is not ["verify" or "task", ..]);
}
catch (OptionsValidationException wrong)
{
    foreach (var failure in wrong.Failures)
    {
        await Console.Error.WriteLineAsync(failure);
    }

    return 2;
}

var data = new DataDirectory(settings.DataDirectory);
switch (args)
{
    case ["verify"]:
        PlatformHost.AddStore(builder, settings, data);
        await using (var app = builder.Build())
        {
            return await VerifyVerb.RunAsync(app.Services, Console.Out, CancellationToken.None);
        }

    case ["task", var id]:
        PlatformHost.AddStore(builder, settings, data);
        await using (var app = builder.Build())
        {
            return await TaskVerb.RunAsync(app.Services, id, Console.Out, CancellationToken.None);
        }

    case ["verify" or "task", ..]:
        await Console.Error.WriteLineAsync("Usage: platform [verify | task ID]");
        return 2;

    default:
        if (settings.Role == HostRole.Migrate)
        {
            PlatformHost.AddStore(builder, settings, data);
            await using var app = builder.Build();
            await app.Services.GetRequiredService<IStoreMaintenance>().MigrateAsync(CancellationToken.None);
            return 0;
        }

        await using (var platform = await PlatformApplication.StartAsync(builder, settings, data))
        {
            Banner.Print(Console.Out, settings, platform.DemoKey);
            await platform.WaitForShutdownAsync();
            return 0;
        }
}

/// <summary>The program; a class so that tests can start it.</summary>
public partial class Program;
