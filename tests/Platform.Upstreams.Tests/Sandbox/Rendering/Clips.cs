using System.Buffers.Binary;
using Platform.Upstreams.Tests.Sandbox.Fakes;

namespace Platform.Upstreams.Tests.Sandbox.Rendering;

/// <summary>Inputs of renders, made once for all tests.</summary>
public sealed class Clips : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-clips-");

    /// <summary>Folder of the repository.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Platform.sln")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }

    /// <summary>What <see cref="Blue"/> says about its author.</summary>
    public const string Author = "somebody at home";

    /// <summary>Blue, 640 × 480, 4.2 s at 25 frames a second, with sound and an author.</summary>
    public string Blue => Path.Combine(_folder.FullName, "blue.mp4");

    /// <summary>Blue as it stands in <see cref="Blue"/>, but turned by a quarter, and called a QuickTime movie.</summary>
    public string Turned => Path.Combine(_folder.FullName, "turned.mov");

    /// <summary>Without sound, 352 × 352, 12 s at 60 frames a second.</summary>
    public string Fast => Path.Combine(_folder.FullName, "fast.mp4");

    /// <summary>One frame a second for 4 s.</summary>
    public string Slow => Path.Combine(_folder.FullName, "slow.mp4");

    /// <summary>Video of 3 s with sound of 6 s.</summary>
    public string LongSound => Path.Combine(_folder.FullName, "long-sound.mp4");

    /// <summary>Noise whose encoding takes long.</summary>
    public string Noise => Path.Combine(_folder.FullName, "noise.mp4");

    /// <summary>Pure green, 300 × 400.</summary>
    public string Green => Path.Combine(_folder.FullName, "green.png");

    /// <summary>Pure red, 300 × 300.</summary>
    public string Red => Path.Combine(_folder.FullName, "red.jpg");

    /// <summary>A PNG of few bytes and 144 million pixels.</summary>
    public string Bomb => Path.Combine(_folder.FullName, "bomb.png");

    public async Task InitializeAsync()
    {
        await Task.WhenAll(
            VideoAsync(Blue, "color=blue:s=640x480:r=25:d=4.2", "sine=d=4.2"),
            VideoAsync(Fast, "testsrc2=s=352x352:r=60:d=12", null),
            VideoAsync(Slow, "testsrc2=s=640x480:r=1:d=4", null),
            VideoAsync(LongSound, "testsrc2=s=640x480:r=30:d=3", "sine=d=6"),
            VideoAsync(Noise, "color=gray:s=640x360:r=30:d=3,noise=alls=100:allf=t", null),
            Programs.FfmpegAsync("-f", "lavfi", "-i", "color=0x00ff00:s=300x400", "-frames:v", "1", Green),
            Programs.FfmpegAsync("-f", "lavfi", "-i", "color=red:s=300x300", "-frames:v", "1", Red),
            Programs.FfmpegAsync("-f", "lavfi", "-i", "color=black:s=12000x12000,format=monob", "-frames:v", "1", Bomb));
        var bytes = await File.ReadAllBytesAsync(Blue);
        TurnByAQuarter(bytes, height: 480);
        await File.WriteAllBytesAsync(Turned, bytes);
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private static Task<byte[]> VideoAsync(string file, string picture, string? sound) => Programs.FfmpegAsync(
    [
        "-f", "lavfi", "-i", picture, .. sound is null ? Array.Empty<string>() : ["-f", "lavfi", "-i", sound, "-c:a", "aac"],
        "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-metadata", "artist=" + Author, file,
    ]);

    /// <summary>Writes the matrix of a rotation into the first track header, as cameras do that are held upright.</summary>
    private static void TurnByAQuarter(byte[] mp4, int height)
    {
        var header = mp4.AsSpan().IndexOf("tkhd"u8);
        int[] matrix = [0, 0x10000, 0, -0x10000, 0, 0, height << 16, 0, 0x40000000];
        for (var n = 0; n < matrix.Length; n++)
        {
            BinaryPrimitives.WriteInt32BigEndian(mp4.AsSpan(header + 44 + (4 * n)), matrix[n]);
        }
    }
}
