namespace Platform.EndToEnd.Tests.Running;

/// <summary>Inputs, drawn once a run.</summary>
internal static class Clips
{
    private static readonly DirectoryInfo Folder = Directory.CreateTempSubdirectory("platform-e2e-clips-");

    private static readonly Lazy<Task<string>> LazyFiveSeconds = Drawn("five.mp4", "30", "150", sound: true);
    private static readonly Lazy<Task<string>> LazyShort = Drawn("short.mp4", "30", "102", sound: false);
    private static readonly Lazy<Task<string>> LazyBroadcast = Drawn("broadcast.mp4", "30000/1001", "150", sound: false);
    private static readonly Lazy<Task<string>> LazyQuick = Drawn("quick.mp4", "10", "30", sound: false);
    private static readonly Lazy<Task<string>> LazyImage = new(() => DrawAsync(
        "image.png", "-f", "lavfi", "-i", "color=0x3366cc:s=300x400", "-frames:v", "1"));

    static Clips() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Folder.Delete(recursive: true);

    /// <summary>5 s at 30 frames a second, with sound.</summary>
    public static Task<string> FiveSeconds => LazyFiveSeconds.Value;

    /// <summary>3.4 s.</summary>
    public static Task<string> Short => LazyShort.Value;

    /// <summary>150 frames at 29.97 a second, which people call 5 s: 5.005 s.</summary>
    public static Task<string> Broadcast => LazyBroadcast.Value;

    /// <summary>3 s that are quick to render.</summary>
    public static Task<string> Quick => LazyQuick.Value;

    /// <summary>300 × 400 pixels.</summary>
    public static Task<string> Image => LazyImage.Value;

    private static Lazy<Task<string>> Drawn(string name, string rate, string frames, bool sound) => new(() => DrawAsync(
        name,
        [
            "-f", "lavfi", "-i", $"testsrc2=s=360x360:r={rate}",
            .. sound ? ["-f", "lavfi", "-i", "sine=d=5", "-c:a", "aac"] : Array.Empty<string>(),
            "-frames:v", frames, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
        ]));

    private static async Task<string> DrawAsync(string name, params string[] arguments)
    {
        var path = Path.Combine(Folder.FullName, name);
        var drawn = await Programs.RunAsync("ffmpeg", ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", .. arguments, path]);
        drawn.ExitCode.Should().Be(0, "ffmpeg said: {0}", drawn.Output);
        return path;
    }
}
