using Platform.Host.Settings;

namespace Platform.Host.Startup;

/// <summary>What a person who started the program needs: the address, the key, a first call to paste.</summary>
internal static class Banner
{
    public static void Print(TextWriter output, PlatformSettings settings, string? demoKey)
    {
        output.WriteLine();
        output.WriteLine($"Platform is ready at {settings.PublicUrl}");
        if (demoKey is not null)
        {
            output.WriteLine($"Demo key: {demoKey}");
            output.WriteLine();
            output.WriteLine("A first call (in the folder of the repository):");
            output.WriteLine($"  export URL={settings.PublicUrl} KEY={demoKey}");
            output.WriteLine("  samples/first-call.sh");
        }

        output.WriteLine();
        output.Flush();
    }
}
