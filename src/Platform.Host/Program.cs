using Platform.Host.Settings;
using Platform.Host.Startup;
using Platform.Host.Verbs;

// The program: no argument runs the service; the verbs look at its store.
var builder = PlatformApplication.CreateBuilder(args is ["verify" or "task", ..] ? [] : args);
var settings = PlatformHost.AddSettings(builder);
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
        await using (var platform = await PlatformApplication.StartAsync(builder, settings, data))
        {
            Banner.Print(Console.Out, settings, platform.DemoKey);
            await platform.WaitForShutdownAsync();
            return 0;
        }
}

/// <summary>The program; a class so that tests can start it.</summary>
public partial class Program;
