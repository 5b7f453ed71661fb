using Platform.Host.Settings;

namespace Platform.Host.Startup;

/// <summary>Settings that are legal and dangerous say so at start.</summary>
internal static partial class Warnings
{
    public static void Log(ILogger logger, PlatformSettings settings)
    {
        if (settings.Sandbox.Everyone)
        {
            LogEveryone(logger);
        }

        if (settings.Faults.KillAt is { Length: > 0 } point)
        {
            LogKillAt(logger, point);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Platform:Sandbox:Everyone is on: every tenant is charged normal prices for previews. For development only")]
    private static partial void LogEveryone(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Platform:Faults:KillAt is set: this process will kill itself at '{Point}'. For tests only")]
    private static partial void LogKillAt(ILogger logger, string point);
}
