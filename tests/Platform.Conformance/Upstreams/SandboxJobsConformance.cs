using Platform.Domain.Upstreams;

namespace Platform.Conformance.Upstreams;

/// <summary>What every <see cref="ISandboxJobs"/> must do. Derive, give an empty queue, and the runner finds the tests.</summary>
public abstract class SandboxJobsConformance : IAsyncLifetime
{
    /// <summary>Submits and takes that run at the same time where a test wants a race.</summary>
    private const int Racers = 16;

    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private ISandboxJobs _jobs = null!;

    /// <summary>Opens an empty queue; called once for each test.</summary>
    protected abstract ValueTask<ISandboxJobs> OpenAsync();

    /// <summary>Closes what <see cref="OpenAsync"/> opened.</summary>
    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    async Task IAsyncLifetime.InitializeAsync() => _jobs = await OpenAsync();

    async Task IAsyncLifetime.DisposeAsync() => await CloseAsync();

    [Fact]
    public async Task SubmitAsync_NewReference_StoresTheJobAsItIs()
    {
        var job = Job("sbx_a", "ref-a") with { RequestJson = """{"image":"inputs/é/図","n":1}""", ReadyAt = Noon.AddMilliseconds(1234) };

        var returned = await _jobs.SubmitAsync(job, default);

        returned.Should().Be(job);
        (await _jobs.FindAsync("sbx_a", default)).Should().Be(job);
        (await _jobs.FindByReferenceAsync("ref-a", default)).Should().Be(job);
    }

    [Fact]
    public async Task SubmitAsync_KnownReference_CountsAndChangesNothingElse()
    {
        var first = await _jobs.SubmitAsync(Job("sbx_a", "ref"), default);

        var second = await _jobs.SubmitAsync(Job("sbx_b", "ref") with { RequestJson = "{\"other\":1}", ReadyAt = Noon.AddDays(1) }, default);

        second.Should().Be(first with { Submissions = 2 });
        (await _jobs.FindAsync("sbx_b", default)).Should().BeNull();
        (await _jobs.FindByReferenceAsync("ref", default)).Should().Be(second);
    }

    [Fact]
    public async Task SubmitAsync_KnownReferenceOfAnEndedJob_DoesNotReviveIt()
    {
        await _jobs.SubmitAsync(Job("sbx_a", "ref"), default);
        await _jobs.FailAsync("sbx_a", "service_error", "broken", default);

        var again = await _jobs.SubmitAsync(Job("sbx_b", "ref"), default);

        again.Should().Match<SandboxJob>(j => j.Id == "sbx_a" && j.Submissions == 2 && j.Status == SandboxJobStatus.Failed);
        (await TakeAsync(Noon)).Should().BeNull();
    }

    [Fact]
    public async Task SubmitAsync_SameReferenceAtOnce_MakesOneJobAndCountsEach()
    {
        var answers = await RaceAsync(racer => _jobs.SubmitAsync(Job($"sbx_{racer}", "ref"), default));

        answers.Select(job => job.Id).Distinct().Should().ContainSingle();
        answers.Select(job => job.Submissions).Should().BeEquivalentTo(Enumerable.Range(1, Racers));
        (await _jobs.FindByReferenceAsync("ref", default))!.Submissions.Should().Be(Racers);
    }

    [Fact]
    public async Task Find_Unknown_IsNull()
    {
        await _jobs.SubmitAsync(Job("sbx_a", "ref-a"), default);

        (await _jobs.FindAsync("ref-a", default)).Should().BeNull();
        (await _jobs.FindByReferenceAsync("sbx_a", default)).Should().BeNull();
    }

    [Fact]
    public async Task TakeAsync_NothingReady_IsNull()
    {
        (await TakeAsync(Noon)).Should().BeNull();
        await _jobs.SubmitAsync(Job("sbx_a", "ref-a") with { ReadyAt = Noon.AddMilliseconds(1) }, default);

        (await TakeAsync(Noon)).Should().BeNull();
    }

    [Fact]
    public async Task TakeAsync_Ready_ReturnsItAsRenderingUntilTheLease()
    {
        var job = await _jobs.SubmitAsync(Job("sbx_a", "ref-a"), default);

        var taken = await _jobs.TakeAsync(Noon, Noon.AddMinutes(5), default);

        taken.Should().Be(job with { Status = SandboxJobStatus.Rendering, LeaseUntil = Noon.AddMinutes(5) });
        (await _jobs.FindAsync("sbx_a", default)).Should().Be(taken);
    }

    [Fact]
    public async Task TakeAsync_SeveralReady_TakesTheOldestFirst()
    {
        foreach (var (id, second) in new[] { ("sbx_b", 2), ("sbx_c", 3), ("sbx_a", 1) })
        {
            await _jobs.SubmitAsync(Job(id, "ref-" + id) with { CreatedAt = Noon.AddSeconds(second), ReadyAt = Noon.AddSeconds(second + 2) }, default);
        }

        var now = Noon.AddMinutes(1);

        (await TakeAsync(now))!.Id.Should().Be("sbx_a");
        (await TakeAsync(now))!.Id.Should().Be("sbx_b");
        (await TakeAsync(now))!.Id.Should().Be("sbx_c");
        (await TakeAsync(now)).Should().BeNull();
    }

    [Fact]
    public async Task TakeAsync_AtOnce_GivesEachJobToOneTaker()
    {
        for (var n = 0; n < Racers / 2; n++)
        {
            await _jobs.SubmitAsync(Job($"sbx_{n}", $"ref-{n}"), default);
        }

        var taken = await RaceAsync(_ => TakeAsync(Noon));

        taken.Where(job => job is not null).Select(job => job!.Id)
            .Should().BeEquivalentTo(Enumerable.Range(0, Racers / 2).Select(n => $"sbx_{n}"));
    }

    [Fact]
    public async Task TakeAsync_LeaseEnded_IsTakenOver()
    {
        await _jobs.SubmitAsync(Job("sbx_a", "ref-a"), default);
        await _jobs.TakeAsync(Noon, Noon.AddMinutes(5), default);

        (await TakeAsync(Noon.AddMinutes(5).AddMilliseconds(-1))).Should().BeNull();
        var taken = await _jobs.TakeAsync(Noon.AddMinutes(6), Noon.AddMinutes(11), default);

        taken!.Id.Should().Be("sbx_a");
        taken.LeaseUntil.Should().Be(Noon.AddMinutes(11));
        (await TakeAsync(Noon.AddMinutes(7))).Should().BeNull();
    }

    [Fact]
    public async Task KeepAsync_Rendering_MovesTheLease()
    {
        await _jobs.SubmitAsync(Job("sbx_a", "ref-a"), default);
        await _jobs.TakeAsync(Noon, Noon.AddMinutes(5), default);

        (await _jobs.KeepAsync("sbx_a", Noon.AddMinutes(8), default)).Should().BeTrue();

        (await _jobs.FindAsync("sbx_a", default))!.LeaseUntil.Should().Be(Noon.AddMinutes(8));
        (await TakeAsync(Noon.AddMinutes(6))).Should().BeNull();
        (await TakeAsync(Noon.AddMinutes(8)))!.Id.Should().Be("sbx_a");
    }

    [Fact]
    public async Task KeepAsync_NotRendering_ChangesNothing()
    {
        await _jobs.SubmitAsync(Job("sbx_a", "ref-a"), default);

        (await _jobs.KeepAsync("sbx_a", Noon.AddMinutes(8), default)).Should().BeFalse("nobody has taken it");
        (await _jobs.KeepAsync("sbx_b", Noon.AddMinutes(8), default)).Should().BeFalse("there is no such job");
        await _jobs.TakeAsync(Noon, Noon.AddMinutes(5), default);
        await _jobs.CancelAsync("sbx_a", default);

        (await _jobs.KeepAsync("sbx_a", Noon.AddMinutes(8), default)).Should().BeFalse("it has ended");
        (await _jobs.FindAsync("sbx_a", default))!.Status.Should().Be(SandboxJobStatus.Cancelled);
    }

    [Fact]
    public async Task NextReadyAtAsync_QueuedRenderingAndEnded_IsTheEarliestThatCanBeTaken()
    {
        (await _jobs.NextReadyAtAsync(default)).Should().BeNull();
        await _jobs.SubmitAsync(Job("sbx_a", "ref-a") with { ReadyAt = Noon }, default);
        await _jobs.SubmitAsync(Job("sbx_b", "ref-b") with { ReadyAt = Noon.AddMinutes(9) }, default);
        (await _jobs.NextReadyAtAsync(default)).Should().Be(Noon);

        await _jobs.TakeAsync(Noon, Noon.AddMinutes(5), default);
        (await _jobs.NextReadyAtAsync(default)).Should().Be(Noon.AddMinutes(5));

        await _jobs.SucceedAsync("sbx_a", "sandbox/sbx_a.mp4", 5m, default);
        (await _jobs.NextReadyAtAsync(default)).Should().Be(Noon.AddMinutes(9));

        await _jobs.CancelAsync("sbx_b", default);
        (await _jobs.NextReadyAtAsync(default)).Should().BeNull();
    }

    [Fact]
    public async Task NextReadyAtAsync_JobThatNeverComes_SurvivesTheRoundTrip()
    {
        var never = Noon.AddDays(3650);
        await _jobs.SubmitAsync(Job("sbx_a", "ref-a") with { ReadyAt = never }, default);

        (await _jobs.NextReadyAtAsync(default)).Should().Be(never);
    }

    [Fact]
    public async Task SucceedAsync_Rendering_RecordsTheOutputOnce()
    {
        var taken = await TakenAsync("sbx_a");

        (await _jobs.SucceedAsync("sbx_a", "sandbox/sbx_a.mp4", 5.005m, default)).Should().BeTrue();
        (await _jobs.SucceedAsync("sbx_a", "sandbox/other.mp4", 9m, default)).Should().BeFalse();
        (await _jobs.FailAsync("sbx_a", "service_error", "late", default)).Should().BeFalse();
        (await _jobs.CancelAsync("sbx_a", default)).Should().BeFalse();

        (await _jobs.FindAsync("sbx_a", default)).Should().BeEquivalentTo(
            taken with { Status = SandboxJobStatus.Succeeded, OutputKey = "sandbox/sbx_a.mp4", OutputSeconds = 5.005m },
            ignoring => ignoring.Excluding(job => job.LeaseUntil));
        (await TakeAsync(Noon.AddDays(1))).Should().BeNull();
    }

    [Fact]
    public async Task SucceedAsync_NotRendering_IsFalse()
    {
        await _jobs.SubmitAsync(Job("sbx_a", "ref-a"), default);

        (await _jobs.SucceedAsync("sbx_a", "key", 5m, default)).Should().BeFalse();
        (await _jobs.SucceedAsync("sbx_unknown", "key", 5m, default)).Should().BeFalse();

        (await _jobs.FindAsync("sbx_a", default))!.Status.Should().Be(SandboxJobStatus.Queued);
    }

    [Fact]
    public async Task FailAsync_Rendering_RecordsWhyOnce()
    {
        var taken = await TakenAsync("sbx_a");

        (await _jobs.FailAsync("sbx_a", "service_error", "ffmpeg ended with 1.", default)).Should().BeTrue();
        (await _jobs.FailAsync("sbx_a", "unknown_error", "again", default)).Should().BeFalse();
        (await _jobs.SucceedAsync("sbx_a", "key", 5m, default)).Should().BeFalse();

        (await _jobs.FindAsync("sbx_a", default)).Should().BeEquivalentTo(
            taken with { Status = SandboxJobStatus.Failed, FailureCode = "service_error", FailureMessage = "ffmpeg ended with 1." },
            ignoring => ignoring.Excluding(job => job.LeaseUntil));
        (await TakeAsync(Noon.AddDays(1))).Should().BeNull();
    }

    [Fact]
    public async Task FailAsync_Queued_EndsIt()
    {
        await _jobs.SubmitAsync(Job("sbx_a", "ref-a"), default);

        (await _jobs.FailAsync("sbx_a", "service_error", "no", default)).Should().BeTrue();
        (await _jobs.FailAsync("sbx_unknown", "service_error", "no", default)).Should().BeFalse();

        (await TakeAsync(Noon)).Should().BeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CancelAsync_NotEnded_StopsItOnce(bool rendering)
    {
        await _jobs.SubmitAsync(Job("sbx_a", "ref-a"), default);
        if (rendering)
        {
            await TakeAsync(Noon);
        }

        (await _jobs.CancelAsync("sbx_a", default)).Should().BeTrue();
        (await _jobs.CancelAsync("sbx_a", default)).Should().BeFalse();
        (await _jobs.CancelAsync("sbx_unknown", default)).Should().BeFalse();

        (await _jobs.FindAsync("sbx_a", default))!.Status.Should().Be(SandboxJobStatus.Cancelled);
        (await _jobs.SucceedAsync("sbx_a", "key", 5m, default)).Should().BeFalse();
        (await _jobs.FailAsync("sbx_a", "service_error", "late", default)).Should().BeFalse();
        (await TakeAsync(Noon.AddDays(1))).Should().BeNull();
    }

    [Fact]
    public async Task End_SucceedFailAndCancelAtOnce_OneWins()
    {
        await TakenAsync("sbx_a");

        var won = await RaceAsync(racer => (racer % 3) switch
        {
            0 => _jobs.SucceedAsync("sbx_a", "key", 5m, default),
            1 => _jobs.FailAsync("sbx_a", "service_error", "no", default),
            _ => _jobs.CancelAsync("sbx_a", default),
        });

        won.Count(w => w).Should().Be(1);
        var winner = Array.IndexOf(won, true) % 3;
        (await _jobs.FindAsync("sbx_a", default))!.Status.Should().Be(
            winner switch { 0 => SandboxJobStatus.Succeeded, 1 => SandboxJobStatus.Failed, _ => SandboxJobStatus.Cancelled });
    }

    [Fact]
    public async Task RequeueRenderingAsync_SomeRendering_GivesBackOnlyThose()
    {
        foreach (var (id, second) in new[] { ("sbx_done", 0), ("sbx_a", 1), ("sbx_b", 2), ("sbx_waits", 3600) })
        {
            await _jobs.SubmitAsync(Job(id, "ref-" + id) with { CreatedAt = Noon.AddSeconds(second), ReadyAt = Noon.AddSeconds(second) }, default);
        }

        var now = Noon.AddMinutes(1);
        await TakeAsync(now);
        await _jobs.SucceedAsync("sbx_done", "key", 5m, default);
        await TakeAsync(now);
        await TakeAsync(now);

        (await _jobs.RequeueRenderingAsync(default)).Should().Be(2);
        (await _jobs.RequeueRenderingAsync(default)).Should().Be(0);

        (await _jobs.FindAsync("sbx_a", default)).Should().Match<SandboxJob>(j => j.Status == SandboxJobStatus.Queued && j.LeaseUntil == null);
        (await TakeAsync(now))!.Id.Should().Be("sbx_a");
        (await TakeAsync(now))!.Id.Should().Be("sbx_b");
        (await TakeAsync(now)).Should().BeNull();
        (await _jobs.FindAsync("sbx_done", default))!.Status.Should().Be(SandboxJobStatus.Succeeded);
    }

    private static SandboxJob Job(string id, string reference) => new()
    {
        Id = id,
        Reference = reference,
        RequestJson = "{}",
        CreatedAt = Noon.AddSeconds(-2),
        ReadyAt = Noon,
    };

    private static async Task<T[]> RaceAsync<T>(Func<int, Task<T>> act)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var racers = Enumerable.Range(0, Racers).Select(racer => Task.Run(async () =>
        {
            await start.Task;
            return await act(racer);
        })).ToArray();
        start.SetResult();
        return await Task.WhenAll(racers);
    }

    private Task<SandboxJob?> TakeAsync(DateTimeOffset now) => _jobs.TakeAsync(now, now.AddMinutes(5), default);

    private async Task<SandboxJob> TakenAsync(string id)
    {
        await _jobs.SubmitAsync(Job(id, "ref-" + id), default);
        return (await TakeAsync(Noon))!;
    }
}
