using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Upstreams.Sandbox;
using Platform.Upstreams.Sandbox.Rendering;
using Platform.Upstreams.Tests.Sandbox.Fakes;

namespace Platform.Upstreams.Tests.Sandbox.Rendering;

/// <summary>Real renders by the real ffmpeg.</summary>
public sealed class SandboxRendererTests : IClassFixture<Clips>, IDisposable
{
    private const string Output = "sandbox/sbx_1.mp4";

    private static readonly SandboxRequest Request = new() { Image = "image", Video = "video", ShortSide = 720, MaxSeconds = 10m, KeepSound = true };

    private readonly Clips _clips;
    private readonly FolderBlobs _blobs = new();
    private readonly FfprobeProbe _probe = new();
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("sandbox-work-");
    private readonly SandboxOptions _options = new();
    private readonly SandboxRenderer _renderer;

    public SandboxRendererTests(Clips clips)
    {
        _clips = clips;
        _options.WorkDirectory = Path.Combine(_work.FullName, "made when needed");
        var options = Options.Create(_options);
        var ffmpeg = new Ffmpeg(new RenderPrograms(options), TimeProvider.System, options, NullLogger<Ffmpeg>.Instance);
        var folders = new WorkFolders(options, new SequentialIds(), TimeProvider.System, NullLogger<WorkFolders>.Instance);
        _renderer = new SandboxRenderer(_blobs, _probe, ffmpeg, folders, options);
    }

    public void Dispose()
    {
        _blobs.Dispose();
        _work.Delete(recursive: true);
    }

    [Fact]
    public async Task RenderAsync_Samples_GivesAFastStartH264PreviewOfTheirLength()
    {
        var facts = await RenderAsync(Path.Combine(Clips.Root, "samples/motion.mp4"), Path.Combine(Clips.Root, "samples/character.png"), Request);

        facts.Video.Should().Be(new Programs.Video("h264", "yuv420p", 960, 720, 0, 5.0m, "30/1", 150));
        facts.Audio!.Codec.Should().Be("aac");
        facts.Audio.Seconds.Should().BeApproximately(5m, 0.1m);
        var bytes = await File.ReadAllBytesAsync(_blobs.PathOf(Output));
        bytes.AsSpan().IndexOf("moov"u8).Should().BeLessThan(bytes.AsSpan().IndexOf("mdat"u8), "a player can start at once");
    }

    [Fact]
    public async Task Samples_AreWhatAFirstCallNeeds()
    {
        var clip = await Programs.FfprobeAsync(Path.Combine(Clips.Root, "samples/motion.mp4"));
        var image = await Programs.FfprobeAsync(Path.Combine(Clips.Root, "samples/character.png"));

        clip.Video.Should().Match<Programs.Video>(v => v.Codec == "h264" && v.Width >= 340 && v.Height >= 340 && v.Seconds == 5.0m);
        clip.Audio!.Codec.Should().Be("aac");
        image.Video.Should().Match<Programs.Video>(v => v.Codec == "png" && v.Width == 720 && v.Height == 960);
        new FileInfo(Path.Combine(Clips.Root, "samples/motion.mp4")).Length.Should().BeLessThan(500_000);
        new FileInfo(Path.Combine(Clips.Root, "samples/character.png")).Length.Should().BeLessThan(200_000);
    }

    [Fact]
    public async Task RenderAsync_1080p_HasThatShortSideAndNoSoundUnlessAsked()
    {
        var facts = await RenderAsync(_clips.Blue, _clips.Green, Request with { ShortSide = 1080, KeepSound = false, MaxSeconds = 2m });

        facts.Video.Should().Match<Programs.Video>(v => v.Width == 1440 && v.Height == 1080 && v.Rate == "25/1" && v.Seconds == 2m);
        facts.Audio.Should().BeNull();
    }

    [Fact]
    public async Task RenderAsync_Any_ShowsClipCharacterAndPreviewBadge()
    {
        await RenderAsync(_clips.Blue, _clips.Green, Request with { MaxSeconds = 1m });
        var frame = new Picture(await Programs.FrameAsync(_blobs.PathOf(Output), 0.5m), 960);

        frame.At(480, 360).Should().Be(Colour.Blue, "the clip fills the picture");
        frame.At(960 - 20 - 8 - 60, 720 - 20 - 8 - 60).Should().Be(Colour.Green, "the character stands at the lower right");
        frame.At(960 - 20 - 4, 720 - 20 - 60).Should().Be(Colour.White, "it has a frame");

        // The first letter is a P: its stem and its bowl are white, what the bowl encloses is dark.
        var (scale, left) = (Mark.BadgeScale(720), 20 + Mark.BadgePadding(720));
        frame.At(left + (scale / 2), left + (6 * scale) + (scale / 2)).Should().Be(Colour.White);
        frame.At(left + (2 * scale), left + (scale / 2)).Should().Be(Colour.White);
        frame.At(left + (2 * scale) + (scale / 2), left + (2 * scale)).Should().Be(Colour.Dark);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RenderAsync_Watermark_IsDrawnIfAsked(bool watermark)
    {
        await RenderAsync(_clips.Blue, _clips.Green, Request with { Watermark = watermark, MaxSeconds = 1m });
        var frame = new Picture(await Programs.FrameAsync(_blobs.PathOf(Output), 0.5m), 960);

        var mark = Mark.Watermark(960, 720);
        var lighter = Enumerable.Range(0, mark.Width).Count(x => frame.At(((960 - mark.Width) / 2) + x, (720 - mark.Height) / 2) == Colour.Light);
        lighter.Should().BeInRange(watermark ? mark.Width / 4 : 0, watermark ? mark.Width : 0, "the top row of the letters shows through");
    }

    [Fact]
    public async Task RenderAsync_TurnedClip_IsShownUpright()
    {
        var facts = await RenderAsync(_clips.Turned, _clips.Red, Request);

        facts.Video.Should().Match<Programs.Video>(v => v.Width == 720 && v.Height == 960 && v.Rotation == 0 && v.Seconds == 4.2m);
        var frame = new Picture(await Programs.FrameAsync(_blobs.PathOf(Output), 1m), 720);
        frame.At(360, 300).Should().Be(Colour.Blue);
        frame.At(720 - 20 - 8 - 60, 960 - 20 - 8 - 60).Should().Be(Colour.Red);
    }

    [Theory]
    [InlineData("short", 3.4, 3.4)]
    [InlineData("image", 10, 10)]
    [InlineData("video", 30, 12)]
    public async Task RenderAsync_Bounds_CutTheLengthExactlyAt30FramesASecond(string why, double cap, double expected)
    {
        var facts = await RenderAsync(_clips.Fast, _clips.Green, Request with { MaxSeconds = (decimal)cap });

        facts.Video!.Seconds.Should().BeApproximately((decimal)expected, 0.1m, "of {0}", why);
        facts.Video.Rate.Should().Be("30/1");
        facts.Audio.Should().BeNull("the clip has no sound");
    }

    [Fact]
    public async Task RenderAsync_SlowClip_IsStillExact()
    {
        var facts = await RenderAsync(_clips.Slow, _clips.Green, Request with { MaxSeconds = 3.4m });

        facts.Video!.Seconds.Should().BeApproximately(3.4m, 0.1m);
    }

    [Fact]
    public async Task RenderAsync_SoundLongerThanTheVideo_EndsWithTheVideo()
    {
        var facts = await RenderAsync(_clips.LongSound, _clips.Green, Request);

        facts.Video!.Seconds.Should().BeApproximately(3m, 0.1m);
        facts.Audio!.Seconds.Should().BeApproximately(3m, 0.1m);
    }

    [Fact]
    public async Task RenderAsync_Again_GivesTheSameBytesUnderTheSameKey()
    {
        await RenderAsync(_clips.Blue, _clips.Green, Request with { MaxSeconds = 1m });
        var first = await File.ReadAllBytesAsync(_blobs.PathOf(Output));

        await RenderAsync(_clips.Blue, _clips.Green, Request with { MaxSeconds = 1m });

        (await File.ReadAllBytesAsync(_blobs.PathOf(Output))).Should().Equal(first);
    }

    [Fact]
    public async Task RenderAsync_ClipWithMetadata_LeavesItBehind()
    {
        (await File.ReadAllTextAsync(_clips.Blue, Encoding.Latin1)).Should().Contain(Clips.Author);

        await RenderAsync(_clips.Blue, _clips.Green, Request with { MaxSeconds = 1m });

        (await File.ReadAllTextAsync(_blobs.PathOf(Output), Encoding.Latin1)).Should().NotContain(Clips.Author);
    }

    [Fact]
    public async Task RenderAsync_ThreeSeconds_StartsAnewEachSecond()
    {
        await RenderAsync(_clips.Fast, _clips.Green, Request with { MaxSeconds = 3m });

        var keys = await Programs.FfmpegAsync(
            "-discard", "nokey", "-i", _blobs.PathOf(Output), "-map", "0:v", "-c", "copy", "-f", "framecrc", "pipe:1");

        Encoding.ASCII.GetString(keys).Split('\n').Count(line => line.StartsWith("0,", StringComparison.Ordinal)).Should().Be(3);
    }

    [Theory]
    [InlineData("video", "The motion clip is no longer stored.")]
    [InlineData("image", "The character image is no longer stored.")]
    public async Task RenderAsync_InputGone_SaysWhich(string key, string message)
    {
        Put(_clips.Blue, _clips.Green);
        await _blobs.DeleteAsync(key, default);

        (await RenderAsync()).Should().Be(new RenderResult.Failed(TaskErrorCode.ResourceNotFound, message));
    }

    [Fact]
    public async Task RenderAsync_InputsExchanged_AreRefusedByKind()
    {
        Put(_clips.Green, _clips.Green);
        (await RenderAsync()).Should().BeOfType<RenderResult.Failed>().Which.Error.Should().Be(TaskErrorCode.InvalidParameters);

        Put(_clips.Blue, _clips.Blue);
        (await RenderAsync()).Should().BeOfType<RenderResult.Failed>().Which.Error.Should().Be(TaskErrorCode.ImageProcessingError);
    }

    [Fact]
    public async Task RenderAsync_ImageOfTooManyPixels_IsRefusedBeforeItIsDecoded()
    {
        Put(_clips.Blue, _clips.Bomb);

        var failed = (await RenderAsync()).Should().BeOfType<RenderResult.Failed>().Which;

        failed.Error.Should().Be(TaskErrorCode.ImageProcessingError);
        failed.Message.Should().Contain("100000000 pixels");
    }

    public static TheoryData<string, string> HostileVideos => new()
    {
        { "noise", "\u0001\u0002 no video at all" },
        { "a list of other files", "ffconcat version 1.0\nfile '/etc/hostname'\n" },
        { "a playlist", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n" },
        { "an endless box", "\0\0\0\u0001ftypmp42\u007f\u007f\u007f\u007f\u007f\u007f\u007f\u007fisom" },
        { "empty", "" },
    };

    [Theory]
    [MemberData(nameof(HostileVideos))]
    public async Task RenderAsync_HostileClipThatTheProbeBelieved_FailsAndLeavesNothing(string what, string content)
    {
        _blobs.Put("video", Encoding.Latin1.GetBytes(content));
        _blobs.Put("image", _clips.Green);
        Believe("video", MediaFormat.Mp4, 640, 480, 5m);

        var result = await RenderAsync();

        result.Should().BeOfType<RenderResult.Failed>("it is {0}", what).Which.Error.Should().Be(TaskErrorCode.ServiceError);
        Nothing();
    }

    [Fact]
    public async Task RenderAsync_TruncatedClip_FailsOrIsAsLongAsWhatWasThere()
    {
        var whole = await File.ReadAllBytesAsync(_clips.Blue);
        _blobs.Put("video", whole[..(whole.Length / 2)]);
        _blobs.Put("image", _clips.Green);
        Believe("video", MediaFormat.Mp4, 640, 480, 4.2m);

        (await RenderAsync()).Should().BeOfType<RenderResult.Failed>("the index is at the end of the file, which is missing");
        Nothing();
    }

    [Theory]
    [InlineData(MediaFormat.Png)]
    [InlineData(MediaFormat.Jpeg)]
    public async Task RenderAsync_HostileImageThatTheProbeBelieved_FailsAndLeavesNothing(MediaFormat format)
    {
        Put(_clips.Blue, _clips.Bomb);
        Believe("image", format, 300, 300, null);

        (await RenderAsync()).Should().BeOfType<RenderResult.Failed>().Which.Error.Should().Be(TaskErrorCode.ServiceError);
        Nothing();
    }

    [Fact]
    public async Task RenderAsync_OutputLargerThanAllowed_FailsAndLeavesNothing()
    {
        Put(_clips.Noise, _clips.Green);
        _options.MaxOutputBytes = 64 * 1024;

        (await RenderAsync()).Should().BeOfType<RenderResult.Failed>().Which.Error.Should().Be(TaskErrorCode.ServiceError);
        Nothing();
    }

    [Fact]
    public async Task RenderAsync_TakesTooLong_IsKilledAndLeavesNothing()
    {
        Put(_clips.Noise, _clips.Green);
        _options.RenderTimeout = TimeSpan.FromMilliseconds(300);

        var failed = (await _renderer.RenderAsync("sbx_1", Request with { ShortSide = 1080 }, default)).Should().BeOfType<RenderResult.Failed>().Which;

        failed.Message.Should().Contain("took longer");
        Nothing();
        Renderers().Should().BeEmpty();
    }

    [Fact]
    public async Task RenderAsync_Cancelled_KillsFfmpegAndLeavesNothing()
    {
        Put(_clips.Noise, _clips.Green);
        using var cancel = new CancellationTokenSource();
        var render = _renderer.RenderAsync("sbx_1", Request with { ShortSide = 1080 }, cancel.Token);
        await Wait.UntilAsync("a running ffmpeg", () => Renderers().Count > 0);

        await cancel.CancelAsync();

        await render.Invoking(r => r).Should().ThrowAsync<OperationCanceledException>();
        Renderers().Should().BeEmpty();
        Nothing();
    }

    private async Task<Programs.Facts> RenderAsync(string video, string image, SandboxRequest request)
    {
        Put(video, image, request);
        var result = await _renderer.RenderAsync("sbx_1", Stored(video, request), default);

        var rendered = result.Should().BeOfType<RenderResult.Rendered>().Which;
        rendered.OutputKey.Should().Be(Output);
        var facts = await Programs.FfprobeAsync(_blobs.PathOf(Output));
        rendered.Seconds.Should().Be(facts.Video!.Seconds);
        Directory.EnumerateFileSystemEntries(_options.WorkDirectory).Should().BeEmpty();
        return facts;
    }

    private Task<RenderResult> RenderAsync() => _renderer.RenderAsync("sbx_1", Request, default);

    private void Put(string video, string image, SandboxRequest? request = null)
    {
        _blobs.Put(Stored(video, request ?? Request).Video, video);
        _blobs.Put("image", image);
    }

    // The test's probe tells a QuickTime movie by its name.
    private static SandboxRequest Stored(string video, SandboxRequest request) =>
        video.EndsWith(".mov", StringComparison.Ordinal) ? request with { Video = "video.mov" } : request;

    private void Believe(string key, MediaFormat format, int width, int height, decimal? seconds) =>
        _probe.Lies[key] = new ProbeResult.Recognised(new MediaInfo { Format = format, Width = width, Height = height, DurationSeconds = seconds });

    private void Nothing()
    {
        _blobs.Has(Output).Should().BeFalse();
        (Directory.Exists(_options.WorkDirectory) ? Directory.EnumerateFileSystemEntries(_options.WorkDirectory) : []).Should().BeEmpty();
    }

    /// <summary>The processes that work in this test's folder.</summary>
    private List<string> Renderers() => [.. Directory.EnumerateDirectories("/proc").Where(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Contains(_options.WorkDirectory, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    })];

    private enum Colour
    {
        Other,
        Red,
        Green,
        Blue,
        White,
        Light,
        Dark,
    }

    private sealed class Picture(byte[] rgb, int width)
    {
        public Colour At(int x, int y)
        {
            var at = ((y * width) + x) * 3;
            return (rgb[at], rgb[at + 1], rgb[at + 2]) switch
            {
                ( > 200, > 200, > 200) => Colour.White,
                ( > 200, < 60, < 60) => Colour.Red,
                ( < 60, > 200, < 60) => Colour.Green,
                ( < 60, < 60, > 200) => Colour.Blue,
                ( > 70 and < 140, > 70 and < 140, > 200) => Colour.Light,
                ( < 60, < 60, < 140) => Colour.Dark,
                _ => Colour.Other,
            };
        }
    }
}
