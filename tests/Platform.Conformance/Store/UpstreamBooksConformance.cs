using System.Collections.Immutable;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;

namespace Platform.Conformance.Store;

/// <summary>What every <see cref="IUpstreamBooks"/> must do, with the commits of tasks that write it.</summary>
public abstract class UpstreamBooksConformance : StoreConformance
{
    private const string Main = "kling/main";
    private static readonly DateTimeOffset Due = Noon.AddMinutes(1);
    private static readonly UpstreamFault Fault = new("test", "It was told to.");
    private static readonly UpstreamOutput Output = new("https://cdn.example.com/v.mp4", 5.04m);

    private Account _account = null!;

    /// <summary>The books of the store that is open.</summary>
    protected abstract IUpstreamBooks Upstreams { get; }

    [Fact]
    public async Task Commit_AttemptWithASlot_TakesItUntilTheAttemptEnds()
    {
        var running = await RunAsync(await ReadyAsync(1), "att_1", 2);

        (await Upstreams.ListSlotsAsync(Main, default)).Should().Equal(
            new HeldSlot(new(Main, 2), new(Ann, running.Id), "att_1", Noon.AddSeconds(1)));
        (await Upstreams.ListSlotsAsync("kling/other", default)).Should().BeEmpty();
        await RestartAsync();
        (await Upstreams.ListSlotsAsync(null, default)).Should().ContainSingle();

        await StepAsync(running, new TaskEvent.AttemptFailed("att_1", TaskErrorCode.ServiceError, Fault) { At = Noon.AddSeconds(9) });

        (await Upstreams.ListSlotsAsync(null, default)).Should().BeEmpty();
    }

    [Fact]
    public async Task Commit_SlotThatIsTaken_LosesAndWritesNothing()
    {
        await RunAsync(await ReadyAsync(1), "att_1", 1);
        var second = await ReadyAsync(2);

        (await TryStepAsync(second, Started("att_2", 1))).Should().Be(Lost(Fence.Slot, $"{Main}#1"));

        (await Store.Tasks.FindAsync(Ann, second.Id, default))!.Attempts.Should().BeEmpty();
        (await Store.Tasks.HistoryAsync(Ann, second.Id, default)).Should().HaveCount(2);
        (await TryStepAsync(second, Started("att_2", 2))).Should().Be(new CommitOutcome.Committed());
        (await Upstreams.ListSlotsAsync(Main, default)).Select(s => (s.Slot.Number, s.AttemptId)).Should().Equal((1, "att_1"), (2, "att_2"));
    }

    [Fact]
    public async Task Commit_StaleTaskAndTakenSlot_LosesByTheTask()
    {
        var running = await RunAsync(await ReadyAsync(1), "att_1", 1);

        (await TryStepAsync(running with { Version = running.Version - 1 }, Started("att_2", 1))).Should().Be(Lost(Fence.TaskVersion, running.Id.Value));
    }

    [Fact]
    public async Task Commit_ManyForOneSlot_OneWins()
    {
        var tasks = new List<GenerationTask>();
        for (var i = 1; i <= 8; i++)
        {
            tasks.Add(await ReadyAsync(i));
        }

        var outcomes = await AtOnceAsync(tasks.Count, i => TryStepAsync(tasks[i], Started($"att_{i}", 1)));

        outcomes.Count(o => o is CommitOutcome.Committed).Should().Be(1);
        outcomes.OfType<CommitOutcome.Lost>().Should().HaveCount(7).And.OnlyContain(l => l.Fence == Fence.Slot);
        var winner = Array.FindIndex(outcomes, o => o is CommitOutcome.Committed);
        (await Upstreams.ListSlotsAsync(Main, default)).Should().ContainSingle().Which.AttemptId.Should().Be($"att_{winner}");
    }

    [Theory]
    [InlineData(AttemptEnding.Refused)]
    [InlineData(AttemptEnding.Busy)]
    [InlineData(AttemptEnding.AccountDead)]
    public async Task Commit_Refusal_FreesTheSlotForTheNext(AttemptEnding ending)
    {
        var task = await StepAsync(await ReadyAsync(1), Started("att_1", 1));

        task = await StepAsync(task, new TaskEvent.AttemptRefused("att_1", ending, Fault, Noon) { At = Noon.AddSeconds(2) });
        await StepAsync(task, Started("att_2", 1));

        (await Upstreams.ListSlotsAsync(Main, default)).Should().ContainSingle().Which.AttemptId.Should().Be("att_2");
    }

    [Fact]
    public async Task Commit_InDoubt_KeepsTheSlot()
    {
        var task = await StepAsync(await ReadyAsync(1), Started("att_1", 1));

        task = await StepAsync(task, new TaskEvent.AttemptUnclear("att_1", Fault) { At = Noon.AddSeconds(2) });
        await StepAsync(task, new TaskEvent.AttemptResent("att_1", Noon.AddMinutes(1)) { At = Noon.AddSeconds(40) });

        (await Upstreams.ListSlotsAsync(Main, default)).Should().ContainSingle();
    }

    [Fact]
    public async Task Commit_WithoutASlot_TakesNone()
    {
        await StepAsync(await ReadyAsync(1), Started("att_1", null));
        await StepAsync(await ReadyAsync(2), Started("att_2", null));

        (await Upstreams.ListSlotsAsync(null, default)).Should().BeEmpty();
    }

    [Fact]
    public async Task Commit_Output_FreesTheSlotAndIsCharged()
    {
        var running = await RunAsync(await ReadyAsync(1), "att_1", 1);

        var storing = await StepAsync(running, new TaskEvent.OutputReady("att_1", Output) { At = Noon.AddSeconds(9) });

        (await Upstreams.ListSlotsAsync(null, default)).Should().BeEmpty();
        await ResolveAsync(storing, 10m);
        (await Upstreams.ListChargesAsync(new(Ann, running.Id), default)).Should().Equal(
            new UpstreamCharge("att_1", new(Ann, running.Id), Main, "cheap", ChargeKind.Made, 0.142632m, Noon.AddSeconds(9), null));
        (await Upstreams.ListChargesAsync(new(Bob, running.Id), default)).Should().BeEmpty();
    }

    [Fact]
    public async Task Commit_TaskEndsWhileItRuns_FreesTheSlotAndIsAskedAfterWhatItCosts()
    {
        var running = await RunAsync(await ReadyAsync(1), "att_1", 1);
        var ended = await ResolveAsync(running, 0m);
        var task = new TaskKey(Ann, running.Id);

        (await Upstreams.ListSlotsAsync(null, default)).Should().BeEmpty();
        var possible = new UpstreamCharge("att_1", task, Main, "cheap", ChargeKind.Possible, 0.1415m, Noon, Noon + UpstreamEffects.FirstCheck);
        (await Upstreams.ListChargesAsync(task, default)).Should().Equal(possible);

        await StepAsync(ended, new TaskEvent.LateOutput("att_1", Output) { At = Noon.AddHours(2) });

        (await Upstreams.ListChargesAsync(task, default)).Should().Equal(
            possible with { Kind = ChargeKind.Late, CostUsd = 0.142632m, At = Noon.AddHours(2), CheckAt = null });
    }

    [Fact]
    public async Task Commit_AbandonedCameToNothing_CostsNothingAndIsNotAskedAfterAgain()
    {
        var ended = await ResolveAsync(await RunAsync(await ReadyAsync(1), "att_1", 1), 0m);

        await StepAsync(ended, new TaskEvent.AbandonedCleared("att_1", Fault) { At = Noon.AddHours(2) });

        (await Upstreams.ListChargesAsync(new(Ann, ended.Id), default)).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Kind = ChargeKind.None, CostUsd = 0m, CheckAt = (DateTimeOffset?)null });
        (await Upstreams.ClaimChecksAsync(Noon.AddDays(1), Noon, 10, default)).Should().BeEmpty();
    }

    [Fact]
    public async Task ClaimChecksAsync_Due_IsTakenOnceAndEverMoreSeldom()
    {
        for (var i = 1; i <= 3; i++)
        {
            await ResolveAsync(await RunAsync(await ReadyAsync(i), $"att_{i}", i), 0m);
        }

        (await ClaimAsync(Noon.AddSeconds(59), 10)).Should().BeEmpty();
        (await ClaimAsync(Noon.AddSeconds(60), 2)).Should().Equal("att_1", "att_2");
        (await ClaimAsync(Noon.AddSeconds(60), 2)).Should().Equal("att_3");
        (await ClaimAsync(Noon.AddSeconds(119), 10)).Should().BeEmpty();
        (await ClaimAsync(Noon.AddSeconds(120), 10)).Should().Equal("att_1", "att_2", "att_3");
        (await ClaimAsync(Noon.AddSeconds(239), 10)).Should().BeEmpty("they were given up two minutes before");
        (await ClaimAsync(Noon.AddSeconds(240), 10)).Should().HaveCount(3);
    }

    [Fact]
    public async Task ClaimChecksAsync_GivenUpTooLongAgo_IsLeftForGood()
    {
        await ResolveAsync(await RunAsync(await ReadyAsync(1), "att_1", 1), 0m);

        (await Upstreams.ClaimChecksAsync(Noon.AddDays(2), Noon.AddDays(1), 10, default)).Should().BeEmpty();
        (await Upstreams.ClaimChecksAsync(Noon.AddDays(2), Noon, 10, default)).Should().BeEmpty();
        (await Upstreams.ListChargesAsync(new(Ann, Samples.TaskId(1)), default)).Should().ContainSingle().Which.Kind.Should().Be(ChargeKind.Possible);
    }

    [Fact]
    public async Task SpendAsync_ManyCharges_AreSummedByRouteAndKindInTheTime()
    {
        for (var i = 1; i <= 2; i++)
        {
            await StepAsync(await RunAsync(await ReadyAsync(i), $"att_{i}", i), new TaskEvent.OutputReady($"att_{i}", Output) { At = Noon.AddMinutes(i) });
        }

        await ResolveAsync(await RunAsync(await ReadyAsync(3), "att_3", 3), 0m);

        (await Upstreams.SpendAsync(Noon, Noon.AddHours(1), default)).Should().Equal(
            new RouteSpend(Main, "cheap", ChargeKind.Made, 2, 0.285264m),
            new RouteSpend(Main, "cheap", ChargeKind.Possible, 1, 0.1415m));
        (await Upstreams.SpendAsync(Noon.AddMinutes(1), Noon.AddMinutes(2), default)).Should().Equal(
            new RouteSpend(Main, "cheap", ChargeKind.Made, 1, 0.142632m));
    }

    [Fact]
    public async Task SetSwitchAsync_Again_ReplacesTheOneBefore()
    {
        await Upstreams.SetSwitchAsync(new(Main, null, RouteState.Disabled, Noon), default);
        await Upstreams.SetSwitchAsync(new(Main, "cheap", RouteState.Draining, Noon), default);
        await Upstreams.SetSwitchAsync(new("fal/main", null, RouteState.Disabled, Noon), default);
        await Upstreams.SetSwitchAsync(new(Main, null, RouteState.Enabled, Noon.AddHours(1)), default);
        await RestartAsync();

        (await Upstreams.ListSwitchesAsync(Main, default)).Should().Equal(
            new OperatorSwitch(Main, null, RouteState.Enabled, Noon.AddHours(1)),
            new OperatorSwitch(Main, "cheap", RouteState.Draining, Noon));
    }

    private static TaskEvent.AttemptStarted Started(string attempt, int? slot) =>
        new TaskEvent.AttemptStarted(attempt, "cheap", "kling", "main", 0.0283m, Noon.AddSeconds(30), [], slot) { At = Noon.AddSeconds(1) };

    private async Task<GenerationTask> ReadyAsync(int number)
    {
        _account ??= await GrantAsync(Ann);
        var unit = Units.Accept(_account, Samples.TaskId(number), 10m, Noon);
        _account = await CommitAsync(unit);
        return await StepAsync(unit.Accepted[0].Task, new TaskEvent.InputsCopied([]) { At = Noon });
    }

    private async Task<GenerationTask> RunAsync(GenerationTask task, string attempt, int slot) =>
        await StepAsync(task, Started(attempt, slot), new TaskEvent.AttemptAccepted(attempt, "up-1") { At = Noon.AddSeconds(2) });

    private async Task<GenerationTask> ResolveAsync(GenerationTask task, decimal settle)
    {
        var unit = Units.Resolve(_account, task, settle, Noon);
        _account = await CommitAsync(unit);
        return unit.Resolved[0].Task;
    }

    private async Task<GenerationTask> StepAsync(GenerationTask task, params ImmutableArray<TaskEvent> events)
    {
        (await TryStepAsync(task, events)).Should().Be(new CommitOutcome.Committed());
        return TaskDecider.Apply(task, events);
    }

    private Task<CommitOutcome> TryStepAsync(GenerationTask task, params ImmutableArray<TaskEvent> events) =>
        Store.Tasks.CommitAsync(Units.Step(task, Due, events), default);

    private async Task<IEnumerable<string>> ClaimAsync(DateTimeOffset now, int limit) =>
        (await Upstreams.ClaimChecksAsync(now, Noon, limit, default)).Select(c => c.AttemptId);
}
