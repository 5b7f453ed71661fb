using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Upstreams.Sandbox;
using Platform.Upstreams.Sandbox.Rendering;
using Platform.Upstreams.Tests.Sandbox.Fakes;

namespace Platform.Upstreams.Tests.Sandbox.Rendering;

/// <summary>How the process is started, bounded and killed; a shell script stands for ffmpeg.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FfmpegTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-ffmpeg-");
    private readonly FakeTimeProvider _clock = new();
    private readonly SandboxOptions _options = new()
    {
        MaxProcessorTime = TimeSpan.FromSeconds(77),
        MaxMemoryBytes = 1L << 30,
        MaxOutputBytes = 1L << 20,
    };

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task RunAsync_Any_HasNoEnvironmentNoInputAndBounds()
    {
        var ffmpeg = Scripted("""
            tr '\0' '\n' < /proc/$$/environ > environment
            ulimit -t > cpu; ulimit -v > memory; ulimit -f > file; ulimit -c > core
            read line || echo closed > input
            nice > nice
            echo "$@" > arguments
            """);

        var run = await ffmpeg.RunAsync(["-i", "a b"], _folder.FullName, default);

        run.Should().Be(new FfmpegRun.Ended(0));
        Written("environment").Should().Be("PATH=" + RenderPrograms.SearchPath);
        Written("cpu").Should().Be("77");
        Written("memory").Should().Be("1048576", "it is counted in KiB");
        Written("file").Should().Be("2048", "it is counted in blocks of 512 bytes");
        Written("core").Should().Be("0");
        Written("input").Should().Be("closed");
        int.Parse(Written("nice"), provider: null).Should().BeGreaterThanOrEqualTo(10);
        Written("arguments").Should().Be("-i a b");
    }

    [Fact]
    public async Task RunAsync_Fails_GivesItsExitCode() =>
        (await Scripted("exit 3").RunAsync([], _folder.FullName, default)).Should().Be(new FfmpegRun.Ended(3));

    [Fact]
    public async Task RunAsync_FloodsItsErrors_IsReadToTheEndAndKeptShort()
    {
        var log = new ListLogger<Ffmpeg>();
        var ffmpeg = Scripted("head -c 3000000 /dev/zero | tr '\\0' 'x' >&2; printf 'the\\033[1mend\\n' >&2; head -c 3000000 /dev/zero; exit 1", log);

        (await ffmpeg.RunAsync([], _folder.FullName, default)).Should().Be(new FfmpegRun.Ended(1));

        var message = log.Entries.Should().ContainSingle().Which.Message;
        message.Length.Should().BeLessThan(2200);
        message.Should().EndWith("the [1mend");
    }

    [Fact]
    public async Task RunAsync_TakesTooLong_IsKilled()
    {
        var run = Scripted("echo $$ > pid.new; mv pid.new pid; exec sleep 300").RunAsync([], _folder.FullName, default);
        var pid = await PidAsync();

        _clock.Advance(_options.RenderTimeout - TimeSpan.FromSeconds(1));
        run.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await run).Should().BeOfType<FfmpegRun.TimedOut>();
        Directory.Exists($"/proc/{pid}").Should().BeFalse();
    }

    [Fact]
    public async Task RunAsync_Cancelled_IsKilled()
    {
        using var cancel = new CancellationTokenSource();
        var run = Scripted("echo $$ > pid.new; mv pid.new pid; exec sleep 300").RunAsync([], _folder.FullName, cancel.Token);
        var pid = await PidAsync();

        await cancel.CancelAsync();

        await run.Invoking(r => r).Should().ThrowAsync<OperationCanceledException>();
        Directory.Exists($"/proc/{pid}").Should().BeFalse();
    }

    [Fact]
    public async Task RunAsync_TakesTooMuchProcessorTime_IsKilledByTheSystem()
    {
        _options.MaxProcessorTime = TimeSpan.FromSeconds(1);

        var run = await Scripted("while :; do :; done").RunAsync([], _folder.FullName, default);

        run.Should().BeOfType<FfmpegRun.Ended>().Which.ExitCode.Should().NotBe(0);
    }

    [Theory]
    [InlineData("no-such-ffmpeg")]
    [InlineData("/no/such/ffmpeg")]
    [InlineData("/etc/passwd")]
    public async Task RunAsync_NotInstalled_IsNotStarted(string path)
    {
        _options.FfmpegPath = path;

        (await New(NullLogger<Ffmpeg>.Instance).RunAsync([], _folder.FullName, default)).Should().BeOfType<FfmpegRun.NotStarted>();
    }

    private Ffmpeg Scripted(string script, Microsoft.Extensions.Logging.ILogger<Ffmpeg>? log = null)
    {
        _options.FfmpegPath = Path.Combine(_folder.FullName, "ffmpeg");
        File.WriteAllText(_options.FfmpegPath, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(_options.FfmpegPath, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return New(log ?? NullLogger<Ffmpeg>.Instance);
    }

    private Ffmpeg New(Microsoft.Extensions.Logging.ILogger<Ffmpeg> log)
    {
        var options = Options.Create(_options);
        return new Ffmpeg(new RenderPrograms(options), _clock, options, log);
    }

    private async Task<string> PidAsync()
    {
        await Wait.UntilAsync("the start", () => File.Exists(Path.Combine(_folder.FullName, "pid")));
        return Written("pid");
    }

    private string Written(string file) => File.ReadAllText(Path.Combine(_folder.FullName, file)).Trim();
}
