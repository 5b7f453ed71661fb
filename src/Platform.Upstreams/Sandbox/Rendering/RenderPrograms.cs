using Microsoft.Extensions.Options;

namespace Platform.Upstreams.Sandbox.Rendering;

/// <summary>
/// Finds the programs that a render runs. Looked up on each use, so that an ffmpeg installed later is found without a restart.
/// </summary>
internal sealed class RenderPrograms(IOptions<SandboxOptions> options)
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>What <c>PATH</c> is for the programs, and where they are looked for.</summary>
    internal static string SearchPath =>
        Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } path ? path : "/usr/local/bin:/usr/bin:/bin";

    /// <summary>Path of ffmpeg; null where it is not installed.</summary>
    internal string? Ffmpeg => Find(options.Value.FfmpegPath);

    /// <summary>Path of util-linux's prlimit, which bounds what ffmpeg may take; null where it is not installed.</summary>
    internal static string? Prlimit => Find("prlimit");

    /// <summary>Path of nice: renders give way to the platform's own work. Null where it is not installed.</summary>
    internal static string? Nice => Find("nice");

    private static string? Find(string program)
    {
        if (Path.IsPathRooted(program))
        {
            return IsExecutable(program) ? program : null;
        }

        var file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return SearchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Executable) != UnixFileMode.None);
}
