using System.Collections.Immutable;
using System.Text;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Conformance.Upstreams;

/// <summary>An upstream, and the hands of its provider.</summary>
public abstract class UpstreamUnderTest : IAsyncDisposable
{
    /// <summary>The upstream.</summary>
    public abstract IUpstream Upstream { get; }

    /// <summary>A configured account of it.</summary>
    public abstract string Account { get; }

    /// <summary>How many jobs the provider has.</summary>
    public abstract int Jobs { get; }

    /// <summary>Has the provider finish a job.</summary>
    public abstract Task SucceedAsync(string upstreamTaskId);

    /// <summary>Has a job fail at the provider.</summary>
    public abstract Task FailAsync(string upstreamTaskId);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>What every <see cref="IUpstream"/> must do. Derive, give one with a provider that behaves, and the runner finds the tests.</summary>
public abstract class UpstreamConformance : IAsyncLifetime
{
    private UpstreamUnderTest _world = null!;

    private IUpstream Upstream => _world.Upstream;

    /// <summary>Opens an upstream whose provider has no jobs; called once for each test.</summary>
    protected abstract ValueTask<UpstreamUnderTest> OpenAsync();

    async Task IAsyncLifetime.InitializeAsync() => _world = await OpenAsync();

    async Task IAsyncLifetime.DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task SubmitAsync_Valid_IsAcceptedAndRuns()
    {
        var id = await AcceptAsync("att_0000000000000001");

        _world.Jobs.Should().Be(1);
        (await QueryAsync(id)).Should().BeOfType<QueryOutcome.Running>();
    }

    [Fact]
    public async Task QueryAsync_Finished_SaysWhereTheOutputIs()
    {
        var id = await AcceptAsync("att_0000000000000001");
        await _world.SucceedAsync(id);

        var output = (await QueryAsync(id)).Should().BeOfType<QueryOutcome.Succeeded>().Which.Output;

        output.Location.Should().MatchRegex("^(https?://|blob:)");
        output.ElementId.Should().BeNull();
        (await QueryAsync(id)).Should().BeOfType<QueryOutcome.Succeeded>("asking changes nothing");
    }

    [Fact]
    public async Task QueryAsync_Failed_SaysWhyAndForWhom()
    {
        var id = await AcceptAsync("att_0000000000000001");
        await _world.FailAsync(id);

        var failed = (await QueryAsync(id)).Should().BeOfType<QueryOutcome.Failed>().Which;

        failed.RetryElsewhere.Should().BeTrue("the provider failed, not the input");
        failed.Error.WireName().Should().NotBe("request_cancelled");
        failed.Fault.Code.Should().NotBeEmpty();
    }

    [Fact]
    public async Task QueryAsync_NeverWas_IsNotFound() =>
        (await QueryAsync("987654321")).Should().BeOfType<QueryOutcome.NotFound>();

    [Fact]
    public async Task CancelAsync_JustTaken_StopsOrSaysThatItCannot()
    {
        var id = await AcceptAsync("att_0000000000000001");

        var outcome = await Upstream.CancelAsync(_world.Account, id, CancellationToken.None);

        if (Upstream.Capabilities.CanCancel)
        {
            outcome.Should().BeOfType<CancelOutcome.Cancelled>();
            (await QueryAsync(id)).Should().NotBeOfType<QueryOutcome.Succeeded>().And.NotBeOfType<QueryOutcome.Running>();
        }
        else
        {
            outcome.Should().BeOfType<CancelOutcome.TooLate>();
            (await QueryAsync(id)).Should().BeOfType<QueryOutcome.Running>();
        }
    }

    [Fact]
    public async Task CancelAsync_Finished_IsTooLateAndTakesNothingBack()
    {
        var id = await AcceptAsync("att_0000000000000001");
        await _world.SucceedAsync(id);

        (await Upstream.CancelAsync(_world.Account, id, CancellationToken.None)).Should().BeOfType<CancelOutcome.TooLate>();

        (await QueryAsync(id)).Should().BeOfType<QueryOutcome.Succeeded>();
    }

    [Fact]
    public async Task FindByReferenceAsync_KnownAndUnknown_TellsThemApart()
    {
        var id = await AcceptAsync("att_0000000000000001");

        var known = await Upstream.FindByReferenceAsync(_world.Account, "att_0000000000000001", CancellationToken.None);
        var unknown = await Upstream.FindByReferenceAsync(_world.Account, "att_0000000000000002", CancellationToken.None);

        if (Upstream.Capabilities.CanFindByReference)
        {
            known.Should().Be(new LookupOutcome.Found(id));
            unknown.Should().BeOfType<LookupOutcome.NotFound>();
        }
        else
        {
            known.Should().BeOfType<LookupOutcome.Unavailable>();
            unknown.Should().BeOfType<LookupOutcome.Unavailable>("who cannot be asked has not said no");
        }
    }

    [Fact]
    public async Task SubmitAsync_SameReferenceAgain_MakesNoSecondJobWhereAResendIsAllowed()
    {
        var id = await AcceptAsync("att_0000000000000001");
        if (!Upstream.Capabilities.NotFoundAllowsResend)
        {
            return;
        }

        var again = await Upstream.SubmitAsync(Request("att_0000000000000001"), CancellationToken.None);

        _world.Jobs.Should().Be(1);
        (again is SubmitOutcome.Unclear || again.Equals(new SubmitOutcome.Accepted(id))).Should().BeTrue("it is the same job, or it is to be looked up");
    }

    [Fact]
    public async Task SubmitAsync_QualityThatNobodyMakes_IsRefusedAndMakesNothing()
    {
        var outcome = await Upstream.SubmitAsync(Request("att_0000000000000001") with { Quality = "4320p" }, CancellationToken.None);

        (outcome is SubmitOutcome.RefusedHere or SubmitOutcome.RefusedEverywhere).Should().BeTrue();
        _world.Jobs.Should().Be(0);
    }

    [Fact]
    public async Task EveryCall_GivenUp_IsAnOutcomeAndNoException()
    {
        var id = await AcceptAsync("att_0000000000000001");
        using var over = new CancellationTokenSource();
        await over.CancelAsync();

        var submit = await Upstream.SubmitAsync(Request("att_0000000000000002"), over.Token);
        var query = await Upstream.QueryAsync(_world.Account, id, over.Token);
        var cancel = await Upstream.CancelAsync(_world.Account, id, over.Token);
        var find = await Upstream.FindByReferenceAsync(_world.Account, "att_0000000000000001", over.Token);

        (submit is SubmitOutcome.Unclear or SubmitOutcome.Accepted).Should().BeTrue("nobody knows what came of it");
        (query is QueryOutcome.Unavailable or QueryOutcome.Running).Should().BeTrue();
        cancel.Should().NotBeNull();
        (find is LookupOutcome.Unavailable or LookupOutcome.Found).Should().BeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,2,3]")]
    [InlineData("{\"status\":\"succeeded\",\"id\":\"x\",\"request_id\":\"x\"}")]
    public async Task ReadCallbackAsync_WithoutProof_IsNotBelieved(string body)
    {
        var reading = await Upstream.ReadCallbackAsync(
            new()
            {
                Account = _world.Account,
                Reference = "att_0000000000000001",
                Headers = ImmutableDictionary<string, string>.Empty,
                Body = Encoding.UTF8.GetBytes(body),
            },
            CancellationToken.None);

        (reading is CallbackReading.Refused or CallbackReading.AskNow).Should().BeTrue();
    }

    [Fact]
    public void Capabilities_Bounds_MakeSense()
    {
        var capabilities = Upstream.Capabilities;

        Upstream.Kind.Should().MatchRegex("^[a-z][a-z0-9-]*$");
        capabilities.CallTimeout.Should().BeGreaterThan(TimeSpan.Zero).And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
        capabilities.SendWindow.Should().BeGreaterThan(TimeSpan.Zero);
        capabilities.MaxPollInterval.Should().BeGreaterThanOrEqualTo(capabilities.MinPollInterval);
        (capabilities.CanFindByReference || capabilities.DoubtPatience > TimeSpan.Zero).Should().BeTrue("a doubt must end");
    }

    private SubmitRequest Request(string reference) => new()
    {
        Account = _world.Account,
        Reference = reference,
        Model = "kling-v3-motion-control",
        ImageBlobKey = "inputs/t/x/image",
        VideoBlobKey = "inputs/t/x/video",
        ImageUrl = "https://platform.test/image.png?expires=1&signature=a",
        VideoUrl = "https://platform.test/video.mp4?expires=1&signature=b",
        CallbackUrl = "https://platform.test/v1/upstream-callbacks/t/x/att/mac",
        Quality = "720p",
        CharacterOrientation = "video",
        KeepSound = true,
        Watermark = false,
    };

    private async Task<string> AcceptAsync(string reference) =>
        (await Upstream.SubmitAsync(Request(reference), CancellationToken.None)).Should().BeOfType<SubmitOutcome.Accepted>().Which.UpstreamTaskId;

    private Task<QueryOutcome> QueryAsync(string id) => Upstream.QueryAsync(_world.Account, id, CancellationToken.None);
}
