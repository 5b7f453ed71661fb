using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Sandbox;
using Platform.Upstreams.Sandbox.Rendering;
using Platform.Upstreams.Tests.Sandbox.Fakes;

namespace Platform.Upstreams.Tests.Sandbox;

public sealed class SandboxWorkerTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly string Request = new SandboxRequest { Image = "i", Video = "v", ShortSide = 720, MaxSeconds = 10m }.ToJson();

    private readonly InMemorySandboxJobs _jobs = new();
    private readonly FakeRenderer _renderer = new();
    private readonly FolderBlobs _blobs = new();
    private readonly SandboxSignals _signals = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("sandbox-work-");
    private readonly SandboxOptions _options = new() { Parallelism = 2 };
    private readonly ListLogger<SandboxWorker> _log = new();
    private readonly SandboxWorker _worker;

    public SandboxWorkerTests()
    {
        _options.WorkDirectory = _work.FullName;
        _worker = NewWorker();
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _worker.StopAsync(default);
        _worker.Dispose();
        _blobs.Dispose();
        _work.Delete(recursive: true);
    }

    [Fact]
    public async Task Worker_JobInTheFuture_RendersItWhenItIsReadyAndNotBefore()
    {
        await _worker.StartAsync(default);
        var ready = await SubmitAsync("sbx_a", after: TimeSpan.FromSeconds(7));

        await Wait.WhileTimePassesAsync(_clock, Step, "the render", () => Task.FromResult(!_renderer.Started.IsEmpty));
        _clock.GetUtcNow().Should().BeOnOrAfter(ready);
        _renderer.End("sbx_a");

        await UntilStatusAsync("sbx_a", SandboxJobStatus.Succeeded);
        var job = await JobAsync("sbx_a");
        job.OutputKey.Should().Be("sandbox/sbx_a.mp4");
        job.OutputSeconds.Should().Be(5m);
    }

    [Fact]
    public async Task Worker_Signal_StartsAReadyJobWithoutTimePassing()
    {
        await _worker.StartAsync(default);

        await SubmitAsync("sbx_a");

        await UntilStartedAsync(1);
    }

    [Fact]
    public async Task Worker_LostSignal_FindsTheJobSoon()
    {
        await _worker.StartAsync(default);
        await SubmitAsync("sbx_a", wake: false);

        await Wait.WhileTimePassesAsync(_clock, Step, "the render", () => Task.FromResult(!_renderer.Started.IsEmpty));
    }

    [Fact]
    public async Task Worker_MoreJobsThanSlots_RendersNoMoreThanItMay()
    {
        await SubmitAsync("sbx_a");
        await SubmitAsync("sbx_b", after: TimeSpan.FromTicks(-1));
        await SubmitAsync("sbx_c");
        await _worker.StartAsync(default);
        await UntilStartedAsync(2);

        (await _jobs.NextReadyAtAsync(default)).Should().BeOnOrBefore(_clock.GetUtcNow(), "the third job waits in the queue");
        var waiting = new[] { "sbx_a", "sbx_b", "sbx_c" }.Except(_renderer.Started).Single();
        (await JobAsync(waiting)).Status.Should().Be(SandboxJobStatus.Queued);

        _renderer.End(_renderer.Started.First());
        await UntilStartedAsync(3);
        _renderer.Started.Last().Should().Be(waiting);
    }

    [Fact]
    public async Task Worker_RenderFails_RecordsWhy()
    {
        await StartRenderAsync("sbx_a");

        _renderer.End("sbx_a", new RenderResult.Failed(TaskErrorCode.ImageProcessingError, "The character image is not an image."));

        await UntilStatusAsync("sbx_a", SandboxJobStatus.Failed);
        (await JobAsync("sbx_a")).Should().Match<SandboxJob>(
            j => j.FailureCode == "image_processing_error" && j.FailureMessage == "The character image is not an image.");
    }

    [Fact]
    public async Task Worker_RendererThrows_IsAServiceErrorAndTheNextJobRuns()
    {
        await StartRenderAsync("sbx_a");

        _renderer.Break("sbx_a", new IOException("disk full"));

        await UntilStatusAsync("sbx_a", SandboxJobStatus.Failed);
        (await JobAsync("sbx_a")).FailureCode.Should().Be("service_error");
        await SubmitAsync("sbx_b");
        await UntilStartedAsync(2);
    }

    [Fact]
    public async Task Worker_PromptAskedForAFailure_FailsWithoutARender()
    {
        await _worker.StartAsync(default);

        await SubmitAsync("sbx_a", request: Request.Replace("{", """{"fail":"quota_exceeded",""", StringComparison.Ordinal));

        await UntilStatusAsync("sbx_a", SandboxJobStatus.Failed);
        (await JobAsync("sbx_a")).FailureCode.Should().Be("quota_exceeded");
        _renderer.Started.Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"image\":\"i\"}")]
    public async Task Worker_DamagedRequest_FailsTheJob(string json)
    {
        await _worker.StartAsync(default);

        await SubmitAsync("sbx_a", request: json);

        await UntilStatusAsync("sbx_a", SandboxJobStatus.Failed);
        (await JobAsync("sbx_a")).FailureCode.Should().Be("service_error");
    }

    [Fact]
    public async Task Worker_OverdueForAnHour_GivesUp()
    {
        await SubmitAsync("sbx_a", after: -SandboxWorker.GiveUpAfter - TimeSpan.FromSeconds(1));

        await _worker.StartAsync(default);

        await UntilStatusAsync("sbx_a", SandboxJobStatus.Failed);
        (await JobAsync("sbx_a")).FailureCode.Should().Be("generation_timeout");
    }

    [Fact]
    public async Task Worker_CancelledInThisProcess_StopsTheRenderAtOnce()
    {
        await StartRenderAsync("sbx_a");
        _blobs.Put("sandbox/sbx_a.mp4", [1]);

        await _jobs.CancelAsync("sbx_a", default);
        _signals.Cancelled("sbx_a");

        await Wait.UntilAsync("the stop", () => !_renderer.Stopped.IsEmpty);
        await Wait.UntilAsync("the removal of an earlier output", () => !_blobs.Has("sandbox/sbx_a.mp4"));
        (await JobAsync("sbx_a")).Status.Should().Be(SandboxJobStatus.Cancelled);
    }

    [Fact]
    public async Task Worker_CancelledByAnotherProcess_StopsTheRenderSoon()
    {
        await StartRenderAsync("sbx_a");
        await _jobs.CancelAsync("sbx_a", default);
        var from = _clock.GetUtcNow();

        await Wait.WhileTimePassesAsync(_clock, Step, "the stop", () => Task.FromResult(!_renderer.Stopped.IsEmpty));

        (_clock.GetUtcNow() - from).Should().BeGreaterThan(Step, "nobody signalled");
    }

    [Fact]
    public async Task Worker_CancelledWhileTheOutputWasStored_RemovesTheOutput()
    {
        await StartRenderAsync("sbx_a");
        _blobs.Put("sandbox/sbx_a.mp4", [1]);
        await _jobs.CancelAsync("sbx_a", default);

        _renderer.End("sbx_a");

        await Wait.UntilAsync("the removal", () => !_blobs.Has("sandbox/sbx_a.mp4"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Worker_JobEndedByAnotherRenderer_KeepsThatOnesOutput(bool noticedWhileRendering)
    {
        await StartRenderAsync("sbx_a");
        _blobs.Put("sandbox/sbx_a.mp4", [1]);
        await _jobs.SucceedAsync("sbx_a", "sandbox/sbx_a.mp4", 5m, default);

        if (noticedWhileRendering)
        {
            await Wait.WhileTimePassesAsync(_clock, Step, "the stop", () => Task.FromResult(!_renderer.Stopped.IsEmpty));
        }
        else
        {
            _renderer.End("sbx_a");
        }

        await Wait.UntilAsync("the end", () => _log.Entries.Any(e => e.Message == "Sandbox job sbx_a was stopped."));
        _blobs.Has("sandbox/sbx_a.mp4").Should().BeTrue();
        (await JobAsync("sbx_a")).Status.Should().Be(SandboxJobStatus.Succeeded);
    }

    [Fact]
    public async Task Worker_HostStops_KillsTheRenderAndLeavesTheJobToItsLease()
    {
        await StartRenderAsync("sbx_a");

        await _worker.StopAsync(default);

        _renderer.Stopped.Should().Equal("sbx_a");
        (await JobAsync("sbx_a")).Status.Should().Be(SandboxJobStatus.Rendering);
    }

    [Fact]
    public async Task Worker_PredecessorDied_TakesTheJobOverWhenItsLeaseHasEnded()
    {
        await SubmitAsync("sbx_a");
        var lease = _clock.GetUtcNow() + _options.Lease;
        await _jobs.TakeAsync(_clock.GetUtcNow(), lease, default);

        await _worker.StartAsync(default);
        await Wait.WhileTimePassesAsync(_clock, TimeSpan.FromSeconds(2), "the take-over", () => Task.FromResult(!_renderer.Started.IsEmpty));

        _clock.GetUtcNow().Should().BeOnOrAfter(lease);
    }

    [Fact]
    public async Task Worker_RendersForLong_KeepsItsLease()
    {
        // Long against the steps of the clock, so that it cannot end while the worker looks.
        _options.Lease = TimeSpan.FromMinutes(30);
        await StartRenderAsync("sbx_a");
        var lease = (await JobAsync("sbx_a")).LeaseUntil;

        await Wait.WhileTimePassesAsync(
            _clock, TimeSpan.FromSeconds(10), "a later lease", async () => (await JobAsync("sbx_a")).LeaseUntil > lease);

        _renderer.Started.Should().Equal("sbx_a");
        _clock.GetUtcNow().Should().BeBefore(lease!.Value, "it is kept before it ends");
    }

    [Fact]
    public async Task Worker_LeaseCannotBeKeptForAWhile_IsKeptLater()
    {
        _options.Lease = TimeSpan.FromMinutes(30);
        await StartRenderAsync("sbx_a");
        var lease = (await JobAsync("sbx_a")).LeaseUntil;
        var failures = 3;
        _jobs.Before = call => _ = call == "keep" && Interlocked.Decrement(ref failures) >= 0 ? throw new IOException("away") : 0;

        await Wait.WhileTimePassesAsync(
            _clock, TimeSpan.FromSeconds(10), "a later lease", async () => (await JobAsync("sbx_a")).LeaseUntil > lease);

        Volatile.Read(ref failures).Should().BeLessThanOrEqualTo(0);
    }

    [Fact]
    public async Task Worker_PredecessorDiedAndNoOtherProcess_RequeuesAtStart()
    {
        _options.RequeueAtStart = true;
        await SubmitAsync("sbx_a");
        await _jobs.TakeAsync(_clock.GetUtcNow(), _clock.GetUtcNow() + _options.Lease, default);

        await _worker.StartAsync(default);

        await UntilStartedAsync(1);
    }

    [Theory]
    [InlineData("requeue")]
    [InlineData("take")]
    [InlineData("next")]
    public async Task Worker_QueueFailsForAWhile_GoesOn(string call)
    {
        _options.RequeueAtStart = true;
        var failures = 3;
        _jobs.Before = c =>
        {
            if (c == call && Interlocked.Decrement(ref failures) >= 0)
            {
                throw new IOException("away");
            }
        };
        await _worker.StartAsync(default);
        await Wait.WhileTimePassesAsync(_clock, Step, "the failures", () => Task.FromResult(Volatile.Read(ref failures) <= 0));

        await SubmitAsync("sbx_a");

        await Wait.WhileTimePassesAsync(_clock, Step, "the render", () => Task.FromResult(!_renderer.Started.IsEmpty));
    }

    [Fact]
    public async Task Worker_SuccessCannotBeRecorded_IsDoneAgainAfterTheLease()
    {
        await StartRenderAsync("sbx_a");
        _jobs.Before = call => _ = call == "succeed" ? throw new IOException("away") : 0;
        _renderer.End("sbx_a");
        await Wait.UntilAsync("the warning", () => _log.Entries.Any(e => e.Message.Contains("could not be recorded", StringComparison.Ordinal)));
        _jobs.Before = _ => { };

        await Wait.WhileTimePassesAsync(_clock, TimeSpan.FromSeconds(2), "the second render", () => Task.FromResult(_renderer.Started.Count == 2));
        _renderer.End("sbx_a");

        await UntilStatusAsync("sbx_a", SandboxJobStatus.Succeeded);
    }

    [Fact]
    public async Task Worker_Disabled_TakesNothing()
    {
        _options.Enabled = false;
        await SubmitAsync("sbx_a");

        await _worker.StartAsync(default);
        await _worker.ExecuteTask!;

        (await JobAsync("sbx_a")).Status.Should().Be(SandboxJobStatus.Queued);
    }

    [Fact]
    public async Task Worker_NoFfmpeg_WarnsAtStart()
    {
        _options.FfmpegPath = "no-such-ffmpeg";

        await _worker.StartAsync(default);

        await Wait.UntilAsync("the warning", () => _log.Entries.Any(
            e => e.Level == LogLevel.Warning && e.Message.StartsWith("ffmpeg is not installed ('no-such-ffmpeg'", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Worker_Start_RemovesFoldersOfDeadProcessesOnly()
    {
        var old = _work.CreateSubdirectory("render-old");
        var young = _work.CreateSubdirectory("render-young");
        var foreign = _work.CreateSubdirectory("foreign");
        old.LastWriteTimeUtc = foreign.LastWriteTimeUtc = _clock.GetUtcNow().AddHours(-2).UtcDateTime;
        young.LastWriteTimeUtc = _clock.GetUtcNow().AddMinutes(-10).UtcDateTime;

        await _worker.StartAsync(default);

        await Wait.UntilAsync("the removal", () => !Directory.Exists(old.FullName));
        Directory.Exists(young.FullName).Should().BeTrue();
        Directory.Exists(foreign.FullName).Should().BeTrue();
    }

    private SandboxWorker NewWorker()
    {
        var options = Options.Create(_options);
        return new SandboxWorker(
            _jobs, _renderer, _blobs, _signals, new RenderPrograms(options),
            new WorkFolders(options, new SequentialIds(), _clock, NullLogger<WorkFolders>.Instance), _clock, options, _log);
    }

    private async Task<DateTimeOffset> SubmitAsync(string id, TimeSpan after = default, string? request = null, bool wake = true)
    {
        var ready = _clock.GetUtcNow() + after;
        await _jobs.SubmitAsync(
            new SandboxJob { Id = id, Reference = "ref-" + id, RequestJson = request ?? Request, CreatedAt = ready, ReadyAt = ready }, default);
        if (wake)
        {
            _signals.Wake();
        }

        return ready;
    }

    private async Task StartRenderAsync(string id)
    {
        await SubmitAsync(id);
        await _worker.StartAsync(default);
        await UntilStartedAsync(1);
    }

    private Task UntilStartedAsync(int count) => Wait.UntilAsync($"render {count}", () => _renderer.Started.Count == count);

    private Task UntilStatusAsync(string id, SandboxJobStatus status) =>
        Wait.UntilAsync($"status {status}", async () => (await JobAsync(id)).Status == status);

    private async Task<SandboxJob> JobAsync(string id) => (await _jobs.FindAsync(id, default))!;
}
