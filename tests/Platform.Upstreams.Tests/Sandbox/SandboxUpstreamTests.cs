using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Sandbox;
using Platform.Upstreams.Sandbox.Rendering;
using Platform.Upstreams.Tests.Sandbox.Fakes;

namespace Platform.Upstreams.Tests.Sandbox;

public sealed class SandboxUpstreamTests
{
    private static readonly SubmitRequest Request = new()
    {
        Account = "sandbox-1",
        Reference = "att_1",
        Model = "kling-v3-motion-control",
        ImageBlobKey = "inputs/image",
        VideoBlobKey = "inputs/video",
        ImageUrl = "https://platform.test/image.png",
        VideoUrl = "https://platform.test/video.mp4",
        CallbackUrl = "https://platform.test/callback",
        Quality = "720p",
        CharacterOrientation = "video",
        KeepSound = true,
        Watermark = true,
    };

    private readonly InMemorySandboxJobs _jobs = new();
    private readonly SandboxSignals _signals = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly SandboxOptions _options = new() { Latency = TimeSpan.FromSeconds(2) };
    private readonly SandboxUpstream _upstream;

    public SandboxUpstreamTests()
    {
        var options = Options.Create(_options);
        _upstream = new SandboxUpstream(
            _jobs, _signals, new RenderPrograms(options), new SequentialIds(), _clock, options, NullLogger<SandboxUpstream>.Instance);
    }

    [Fact]
    public async Task SubmitAsync_Valid_QueuesTheJobForAfterTheLatency()
    {
        var outcome = await _upstream.SubmitAsync(Request, default);

        var id = outcome.Should().BeOfType<SubmitOutcome.Accepted>().Which.UpstreamTaskId;
        id.Should().StartWith("sbx_");
        var job = (await _jobs.FindAsync(id, default))!;
        job.Reference.Should().Be("att_1");
        job.CreatedAt.Should().Be(_clock.GetUtcNow());
        job.ReadyAt.Should().Be(_clock.GetUtcNow().AddSeconds(2));
        SandboxRequest.FromJson(job.RequestJson).Should().Be(new SandboxRequest
        {
            Image = "inputs/image",
            Video = "inputs/video",
            ShortSide = 720,
            MaxSeconds = 30m,
            KeepSound = true,
            Watermark = true,
        });
    }

    [Fact]
    public async Task SubmitAsync_SameReferenceAgain_IsTheSameJobCountedTwice()
    {
        var first = await _upstream.SubmitAsync(Request, default);
        var second = await _upstream.SubmitAsync(Request, default);

        second.Should().Be(first);
        (await _jobs.FindByReferenceAsync("att_1", default))!.Submissions.Should().Be(2);
    }

    [Theory]
    [InlineData("1080p", "image", null, 1080, 10)]
    [InlineData("720p", "video", null, 720, 30)]
    [InlineData("720p", "image", "[sandbox:short=3.4]", 720, 3.4)]
    [InlineData("720p", "image", "[sandbox:short=20]", 720, 10)]
    public async Task SubmitAsync_QualityOrientationAndShort_AreStored(string quality, string orientation, string? prompt, int shortSide, double seconds)
    {
        await _upstream.SubmitAsync(Request with { Quality = quality, CharacterOrientation = orientation, Prompt = prompt }, default);

        var stored = SandboxRequest.FromJson((await _jobs.FindByReferenceAsync("att_1", default))!.RequestJson)!;
        stored.ShortSide.Should().Be(shortSide);
        stored.MaxSeconds.Should().Be((decimal)seconds);
    }

    [Theory]
    [InlineData("4k", "video")]
    [InlineData("720p", "sideways")]
    public async Task SubmitAsync_UnknownQualityOrOrientation_IsRefusedForGood(string quality, string orientation)
    {
        var outcome = await _upstream.SubmitAsync(Request with { Quality = quality, CharacterOrientation = orientation }, default);

        outcome.Should().BeOfType<SubmitOutcome.RefusedEverywhere>().Which.Error.Should().Be(TaskErrorCode.InvalidParameters);
    }

    [Fact]
    public async Task SubmitAsync_UnknownInstruction_IsRefusedForGoodAndMakesNoJob()
    {
        var outcome = await _upstream.SubmitAsync(Request with { Prompt = "[sandbox:explode]" }, default);

        var refused = outcome.Should().BeOfType<SubmitOutcome.RefusedEverywhere>().Which;
        refused.Error.Should().Be(TaskErrorCode.InvalidParameters);
        refused.Fault.Message.Should().Contain("'explode'").And.Contain(SandboxScript.Allowed);
        (await _jobs.FindByReferenceAsync("att_1", default)).Should().BeNull();
    }

    [Fact]
    public async Task SubmitAsync_ToldToRefuse_RefusesThatWayAndMakesNoJob()
    {
        _options.AllowAccountRefusal = true;

        (await Submit("busy")).Should().BeOfType<SubmitOutcome.Busy>().Which.RetryAfter.Should().BePositive();
        (await Submit("here")).Should().BeOfType<SubmitOutcome.RefusedHere>().Which.Fault.Code.Should().Be("scripted/here");
        (await Submit("account")).Should().BeOfType<SubmitOutcome.AccountDead>();
        (await Submit("policy")).Should().BeOfType<SubmitOutcome.RefusedEverywhere>().Which.Error.Should().Be(TaskErrorCode.ContentPolicyViolation);
        (await _jobs.FindByReferenceAsync("att_1", default)).Should().BeNull();

        Task<SubmitOutcome> Submit(string how) => _upstream.SubmitAsync(Request with { Prompt = $"[sandbox:refuse={how}]" }, default);
    }

    [Fact]
    public async Task SubmitAsync_ToldToBeUnclear_MakesTheJobThatALookUpFinds()
    {
        var outcome = await _upstream.SubmitAsync(Request with { Prompt = "[sandbox:unclear]" }, default);

        outcome.Should().BeOfType<SubmitOutcome.Unclear>();
        var found = await _upstream.FindByReferenceAsync("sandbox-1", "att_1", default);
        var id = found.Should().BeOfType<LookupOutcome.Found>().Which.UpstreamTaskId;
        (await _upstream.QueryAsync("sandbox-1", id, default)).Should().BeOfType<QueryOutcome.Running>();
    }

    [Theory]
    [InlineData("[sandbox:late=30s]", 32)]
    [InlineData("[sandbox:hang]", 3650 * 86400)]
    public async Task SubmitAsync_LateOrHang_IsReadyLaterOrNever(string prompt, int seconds)
    {
        await _upstream.SubmitAsync(Request with { Prompt = prompt }, default);

        (await _jobs.FindByReferenceAsync("att_1", default))!.ReadyAt.Should().Be(_clock.GetUtcNow().AddSeconds(seconds));
    }

    [Fact]
    public async Task SubmitAsync_NoFfmpeg_SaysSoAsADeadAccount()
    {
        _options.FfmpegPath = "no-such-ffmpeg";

        (await _upstream.SubmitAsync(Request, default))
            .Should().BeOfType<SubmitOutcome.AccountDead>().Which.Fault.Message.Should().Be("ffmpeg is not installed");
    }

    [Fact]
    public async Task SubmitAsync_Disabled_IsADeadAccount()
    {
        _options.Enabled = false;

        (await _upstream.SubmitAsync(Request, default)).Should().BeOfType<SubmitOutcome.AccountDead>();
    }

    [Fact]
    public async Task Calls_QueueThrows_AreAnsweredNotThrown()
    {
        _jobs.Before = _ => throw new IOException("disk");

        (await _upstream.SubmitAsync(Request, default)).Should().BeOfType<SubmitOutcome.Unclear>();
        (await _upstream.QueryAsync("sandbox-1", "sbx_1", default)).Should().BeOfType<QueryOutcome.Unavailable>();
        (await _upstream.CancelAsync("sandbox-1", "sbx_1", default)).Should().BeOfType<CancelOutcome.Unclear>();
        (await _upstream.FindByReferenceAsync("sandbox-1", "att_1", default)).Should().BeOfType<LookupOutcome.Unavailable>();
    }

    [Fact]
    public async Task SubmitAsync_CallerLosesPatience_IsUnclear() =>
        (await _upstream.SubmitAsync(Request, new CancellationToken(canceled: true))).Should().BeOfType<SubmitOutcome.Unclear>();

    [Fact]
    public async Task QueryAsync_EachStatus_IsClassified()
    {
        (await Query("sbx_unknown")).Should().BeOfType<QueryOutcome.NotFound>();

        var id = await AcceptAsync();
        (await Query(id)).Should().BeOfType<QueryOutcome.Running>();
        await TakeAsync();
        (await Query(id)).Should().BeOfType<QueryOutcome.Running>();
        await _jobs.SucceedAsync(id, "sandbox/x.mp4", 5.005m, default);
        (await Query(id)).Should().Be(new QueryOutcome.Succeeded(new UpstreamOutput("blob:sandbox/x.mp4", 5.005m)));
    }

    [Theory]
    [InlineData("service_error", TaskErrorCode.ServiceError, true)]
    [InlineData("resource_not_found", TaskErrorCode.ResourceNotFound, true)]
    [InlineData("image_processing_error", TaskErrorCode.ImageProcessingError, false)]
    [InlineData("invalid_parameters", TaskErrorCode.InvalidParameters, false)]
    [InlineData("of a later version", TaskErrorCode.UnknownError, true)]
    public async Task QueryAsync_Failed_SaysWhatAndWhetherElsewhereHelps(string code, TaskErrorCode expected, bool elsewhere)
    {
        var id = await AcceptAsync();
        await _jobs.FailAsync(id, code, "ffmpeg ended with 1.", default);

        var failed = (await Query(id)).Should().BeOfType<QueryOutcome.Failed>().Which;

        failed.Error.Should().Be(expected);
        failed.RetryElsewhere.Should().Be(elsewhere);
        failed.Fault.Message.Should().Be("ffmpeg ended with 1.");
    }

    [Fact]
    public async Task QueryAsync_FailedAsThePromptSaid_IsFinal()
    {
        var id = await AcceptAsync("[sandbox:fail=service_error]");
        await _jobs.FailAsync(id, "service_error", "The prompt asked for it.", default);

        var failed = (await Query(id)).Should().BeOfType<QueryOutcome.Failed>().Which;

        failed.Error.Should().Be(TaskErrorCode.ServiceError);
        failed.RetryElsewhere.Should().BeFalse();
        failed.Fault.Code.Should().Be("scripted/service_error");
    }

    [Fact]
    public async Task CancelAsync_Running_StopsTheJobAndItsRenderer()
    {
        var id = await AcceptAsync();
        await TakeAsync();
        var told = _signals.RenderStarts(id);

        (await _upstream.CancelAsync("sandbox-1", id, default)).Should().BeOfType<CancelOutcome.Cancelled>();

        told.IsCompletedSuccessfully.Should().BeTrue();
        (await Query(id)).Should().BeOfType<QueryOutcome.Cancelled>();
        (await _upstream.CancelAsync("sandbox-1", id, default)).Should().BeOfType<CancelOutcome.Cancelled>("a repeat is harmless");
    }

    [Fact]
    public async Task CancelAsync_EndedOrUnknown_IsTooLate()
    {
        var id = await AcceptAsync();
        await _jobs.FailAsync(id, "service_error", "broken", default);

        (await _upstream.CancelAsync("sandbox-1", id, default)).Should().BeOfType<CancelOutcome.TooLate>();
        (await _upstream.CancelAsync("sandbox-1", "sbx_unknown", default)).Should().BeOfType<CancelOutcome.TooLate>();
    }

    [Fact]
    public async Task FindByReferenceAsync_Unknown_IsNotFound() =>
        (await _upstream.FindByReferenceAsync("sandbox-1", "att_unknown", default)).Should().BeOfType<LookupOutcome.NotFound>();

    private async Task<string> AcceptAsync(string? prompt = null) =>
        ((SubmitOutcome.Accepted)await _upstream.SubmitAsync(Request with { Prompt = prompt }, default)).UpstreamTaskId;

    private Task<QueryOutcome> Query(string id) => _upstream.QueryAsync("sandbox-1", id, default);

    private Task<SandboxJob?> TakeAsync() =>
        _jobs.TakeAsync(_clock.GetUtcNow().AddMinutes(1), _clock.GetUtcNow().AddMinutes(6), default);
}
