using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Api.Tests.Hosting;

/// <summary>Real media: the repository's samples, and what ffmpeg makes on demand, once in a run.</summary>
public sealed class TestMedia : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platform-media-").FullName;
    private readonly ConcurrentDictionary<string, byte[]> _made = new(StringComparer.Ordinal);

    /// <summary>The sample character, a PNG.</summary>
    public byte[] Image { get; } = Sample("character.png");

    /// <summary>The sample clip of 5 s, 640×480, with sound.</summary>
    public byte[] Clip { get; } = Sample("motion.mp4");

    /// <summary>A clip of so many frames at a rate such as <c>30000/1001</c>.</summary>
    public byte[] Video(int frames, string rate, int width = 360, int height = 360) => Make(
        $"{frames}-{rate.Replace('/', '-')}-{width}x{height}.mp4",
        $"-f lavfi -i color=c=gray:size={width}x{height}:rate={rate} -frames:v {frames} -c:v libx264 -preset ultrafast");

    /// <summary>A still picture.</summary>
    public byte[] Picture(int width, int height, string format = "png") =>
        Make($"{width}x{height}.{format}", $"-f lavfi -i color=c=gray:size={width}x{height} -frames:v 1");

    /// <summary>A file of sound without a picture.</summary>
    public byte[] Sound() => Make("sound.mp4", "-f lavfi -i sine=duration=4 -c:a aac");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Sample(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", name));

    private byte[] Make(string name, string arguments) => _made.GetOrAdd(name, _ =>
    {
        var path = Path.Combine(_folder, name);
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", $"-v error -nostdin -y {arguments} \"{path}\"")
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var errors = ffmpeg.StandardError.ReadToEnd();
        ffmpeg.WaitForExit();
        return ffmpeg.ExitCode == 0 ? File.ReadAllBytes(path) : throw new InvalidOperationException($"ffmpeg made no {name}: {errors}");
    });
}
