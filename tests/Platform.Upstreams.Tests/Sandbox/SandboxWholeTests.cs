using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Domain;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Sandbox;
using Platform.Upstreams.Tests.Sandbox.Fakes;
using Platform.Upstreams.Tests.Sandbox.Rendering;

namespace Platform.Upstreams.Tests.Sandbox;

/// <summary>The sandbox as the host wires it, from submit to video.</summary>
public sealed class SandboxWholeTests : IAsyncLifetime
{
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("sandbox-work-");
    private IHost _host = null!;

    private IUpstream Upstream => _host.Services.GetRequiredService<IUpstream>();

    private FolderBlobs Blobs => (FolderBlobs)_host.Services.GetRequiredService<IBlobStore>();

    public async Task InitializeAsync()
    {
        _host = new HostBuilder().ConfigureServices(services => services
            .AddSingleton<ISandboxJobs, InMemorySandboxJobs>()
            .AddSingleton<IBlobStore, FolderBlobs>()
            .AddSingleton<IMediaProbe, FfprobeProbe>()
            .AddSingleton<IIdSource, SequentialIds>()
            .AddSandboxUpstream(options =>
            {
                options.Latency = TimeSpan.Zero;
                options.WorkDirectory = _work.FullName;
                options.RequeueAtStart = true;
            })).Build();
        Blobs.Put("tasks/t/video", Path.Combine(Clips.Root, "samples/motion.mp4"));
        Blobs.Put("tasks/t/image", Path.Combine(Clips.Root, "samples/character.png"));
        await _host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _work.Delete(recursive: true);
    }

    [Fact]
    public async Task Sandbox_ShortPrompt_EndsWithAVideoOfThatLength()
    {
        var outcome = await RunAsync("a knight dances [sandbox:short=1.5]");

        var output = outcome.Should().BeOfType<QueryOutcome.Succeeded>().Which.Output;
        output.Location.Should().StartWith("blob:sandbox/sbx_").And.EndWith(".mp4");
        Blobs.Has(output.Location["blob:".Length..]).Should().BeTrue();
        output.DurationSeconds.Should().BeApproximately(1.5m, 0.1m);
    }

    [Fact]
    public async Task Sandbox_FailingPrompt_EndsWithThatError() =>
        (await RunAsync("[sandbox:fail=quota_exceeded]"))
            .Should().BeOfType<QueryOutcome.Failed>().Which.Error.Should().Be(TaskErrorCode.QuotaExceeded);

    [Fact]
    public async Task Sandbox_HangingPrompt_RunsUntilItIsCancelled()
    {
        var id = await SubmitAsync("[sandbox:hang]");
        (await Upstream.QueryAsync("sandbox", id, default)).Should().BeOfType<QueryOutcome.Running>();

        (await Upstream.CancelAsync("sandbox", id, default)).Should().BeOfType<CancelOutcome.Cancelled>();

        (await Upstream.QueryAsync("sandbox", id, default)).Should().BeOfType<QueryOutcome.Cancelled>();
    }

    private async Task<QueryOutcome> RunAsync(string prompt)
    {
        var id = await SubmitAsync(prompt);
        QueryOutcome outcome = new QueryOutcome.Running();
        await Wait.UntilAsync("the end of the job", async () =>
            (outcome = await Upstream.QueryAsync("sandbox", id, default)) is not QueryOutcome.Running);
        return outcome;
    }

    private async Task<string> SubmitAsync(string prompt)
    {
        var outcome = await Upstream.SubmitAsync(
            new SubmitRequest
            {
                Account = "sandbox",
                Reference = "att_1",
                Model = "kling-v3-motion-control",
                ImageBlobKey = "tasks/t/image",
                VideoBlobKey = "tasks/t/video",
                ImageUrl = "https://platform.test/image.png",
                VideoUrl = "https://platform.test/video.mp4",
                CallbackUrl = "https://platform.test/callback",
                Prompt = prompt,
                Quality = "720p",
                CharacterOrientation = "video",
                KeepSound = true,
                Watermark = false,
            },
            default);
        return outcome.Should().BeOfType<SubmitOutcome.Accepted>().Which.UpstreamTaskId;
    }
}
