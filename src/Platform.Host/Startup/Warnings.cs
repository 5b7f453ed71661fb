using Platform.Host.Settings;

namespace Platform.Host.Startup;

/// <summary>Settings that are legal and dangerous say so at start.</summary>
internal static partial class Warnings
{
    // A full collection of a large heap on a busy machine takes this long.
    private static readonly TimeSpan ShortProbe = TimeSpan.FromSeconds(2);

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

        if (settings.Faults.KillFile is { Length: > 0 } file)
        {
            LogKillFile(logger, file);
        }

        if (settings.UsesPostgres && settings.Silo.ProbeTimeout < ShortProbe)
        {
            LogShortProbe(logger, settings.Silo.ProbeTimeout);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Platform:Silo:ProbeTimeout is {Timeout}: silos that lack processor time for a moment will take each other for dead")]
    private static partial void LogShortProbe(ILogger logger, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Platform:Faults:KillFile is set: this process will kill itself where '{File}' says so. For tests only")]
    private static partial void LogKillFile(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Platform:Sandbox:Everyone is on: every tenant is charged normal prices for previews. For development only")]
    private static partial void LogEveryone(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Platform:Faults:KillAt is set: this process will kill itself at '{Point}'. For tests only")]
    private static partial void LogKillAt(ILogger logger, string point);
}
