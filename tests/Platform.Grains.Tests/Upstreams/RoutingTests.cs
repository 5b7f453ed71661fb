using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;
using Platform.Grains.Tests.Cluster;
using Platform.Grains.Tests.Tasks;

namespace Platform.Grains.Tests.Upstreams;

/// <summary>Which upstream gets a task while upstreams fail, heal, run out of funds and are switched off.</summary>
public sealed class RoutingTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private static readonly SubmitOutcome Down = new SubmitOutcome.RefusedHere(World.Fault);

    // The trace in docs/routing.md is of this test.
    [Fact]
    public async Task Submit_CheapestIsDownThenSlowThenOutOfFundsThenHealed_TheNextCheapestServesWithinOneAttempt()
    {
        var customer = await NewCustomerAsync(10_000m);
        (await RunAsync(customer)).Should().Equal("alpha");

        // Down: a refused attempt each, until the breaker knows; then none.
        customer.Script.Alpha.Submit(Down);
        for (var i = 0; i < 20; i++)
        {
            (await RunAsync(customer)).Should().EndWith("beta").And.HaveCountLessThanOrEqualTo(2);
        }

        var refused = await RunTaskAsync(customer);
        refused.Attempts.Should().ContainSingle().Which.Upstream.Should().Be(World.Beta);
        (await RejectionsAsync(customer, refused)).Should().Contain(r => r.RouteId == "route-alpha" && r.Reason.StartsWith("its breaker is open"));
        (await Fixture.Account(World.Alpha).View()).Routes.Should().ContainSingle().Which.Breaker.Should().Be(BreakerState.Open);

        // Healed: one probe, and the cheapest serves again.
        customer.Script.Alpha.OnSubmit = (_, accept, _) => Task.FromResult(accept());
        World.Time.Advance(TimeSpan.FromSeconds(20));
        (await RunAsync(customer)).Should().Equal("alpha");
        (await RunAsync(customer)).Should().Equal("alpha");

        // Slow: no answer in time, and nothing arrives. What is looked up and not found goes to the same account again, then elsewhere.
        customer.Script.Alpha.OnSubmit = (_, _, token) => HangAsync(token);
        var slow = await RunTaskAsync(customer);
        slow.Attempts.Select(a => (a.Upstream, a.Ending)).Should().Equal((World.Alpha, AttemptEnding.Refused), (World.Beta, AttemptEnding.Succeeded));

        // Out of funds: at once and for all, but for a probe now and then.
        customer.Script.Alpha.Submit(new SubmitOutcome.AccountDead(new("429/1102", "Account balance not enough")));
        (await RunAsync(customer)).Should().Equal("alpha", "beta");
        (await RunAsync(customer)).Should().Equal("beta");

        // The account is paid, and the operator says so.
        customer.Script.Alpha.OnSubmit = (_, accept, _) => Task.FromResult(accept());
        await Fixture.Account(World.Alpha).Switch(new() { State = RouteState.Enabled });
        (await RunAsync(customer)).Should().Equal("alpha");
    }

    [Fact]
    public async Task Submit_AccountDead_IsAskedAgainSlowlyWithoutAStormAndComesBackByItself()
    {
        var customer = await NewCustomerAsync(10_000m);
        customer.Script.Alpha.Submit(new SubmitOutcome.AccountDead(new("429/1102", "Account balance not enough")));
        await RunAsync(customer);

        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => customer.AcceptAsync()));
        foreach (var id in ids)
        {
            (await customer.EndAsync(id, TimeSpan.FromMilliseconds(500))).Attempts.Should().ContainSingle().Which.Upstream.Should().Be(World.Beta);
        }

        customer.Script.Alpha.Submits.Should().Be(1, "who is out of funds is not asked by everybody");
        var view = await Fixture.Account(World.Alpha).View();
        view.OutSince.Should().NotBeNull();
        view.LastErrors.Should().Contain(e => e.Fault.Code == "429/1102");

        World.Time.Advance(AccountOutage.FirstPause);
        (await RunAsync(customer)).Should().Equal("alpha", "beta");
        customer.Script.Alpha.Submits.Should().Be(2);
        customer.Script.Alpha.OnSubmit = (_, accept, _) => Task.FromResult(accept());
        (await RunAsync(customer)).Should().Equal("beta");
        World.Time.Advance(2 * AccountOutage.FirstPause);
        (await RunAsync(customer)).Should().Equal("alpha");
        (await Fixture.Account(World.Alpha).View()).OutSince.Should().BeNull();
    }

    [Fact]
    public async Task Submit_TenantsBadInput_NeverOpensTheBreaker()
    {
        var customer = await NewCustomerAsync(10_000m);
        customer.Script.Alpha.Submit(new SubmitOutcome.RefusedEverywhere(TaskErrorCode.ContentPolicyViolation, World.Fault));
        for (var i = 0; i < 30; i++)
        {
            (await RunAsync(customer)).Should().Equal("alpha");
        }

        (await Fixture.Account(World.Alpha).View()).Routes[0].Breaker.Should().Be(BreakerState.Closed);
        customer.Script.Beta.Submits.Should().Be(0);
    }

    [Theory]
    [InlineData(RouteState.Disabled, "disabled")]
    [InlineData(RouteState.Draining, "draining")]
    public async Task Switch_ByTheOperator_TakesTheRouteOutAndBringsItBack(RouteState state, string word)
    {
        var customer = await NewCustomerAsync();
        var account = Fixture.Account(World.Alpha);
        (await account.Switch(new() { RouteId = "route-alpha", State = state }))!.Routes[0].State.Should().Be(state);

        var task = await RunTaskAsync(customer);

        task.Attempts.Should().ContainSingle().Which.Upstream.Should().Be(World.Beta);
        (await RejectionsAsync(customer, task)).Should().Contain(new RouteRejection("route-alpha", $"{word} by the operator", MayPass: true));
        (await World.Memory.ListSwitchesAsync("alpha/acc-alpha", CancellationToken.None)).Should().Contain(s => s.State == state && s.RouteId == "route-alpha");
        await account.Switch(new() { RouteId = "route-alpha", State = RouteState.Enabled });
        (await RunAsync(customer)).Should().Equal("alpha");
        (await account.Switch(new() { RouteId = "route-beta", State = state })).Should().BeNull("it is another account's");
    }

    [Fact]
    public async Task Abandoned_NobodyPolls_IsAskedAfterUntilItsCostIsKnown()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(Down);
        customer.Script.Beta.Query(World.Running);
        var id = await customer.AcceptAsync();
        var task = await customer.EndAsync(id, TimeSpan.FromSeconds(45));
        task.Should().HaveFailedWith(TaskErrorCode.GenerationTimeout);
        var key = new TaskKey(customer.Id, id);
        (await World.Memory.ListChargesAsync(key, CancellationToken.None)).Should().ContainSingle().Which.Kind.Should().Be(ChargeKind.Possible);

        customer.Script.Beta.Query(World.Succeeded);
        task = await customer.UntilAsync(id, t => t.Attempts[1].Ending == AttemptEnding.Succeeded, TimeSpan.FromSeconds(30));

        task.Status.Should().Be(GenerationStatus.Failed);
        (await World.Memory.ListChargesAsync(key, CancellationToken.None)).Should().ContainSingle()
            .Which.Should().BeEquivalentTo(new { Kind = ChargeKind.Late, CostUsd = 5 * 0.07m, CheckAt = (DateTimeOffset?)null });
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Busy_ForLongerThanTheGenerationTimeout_IsNoTimeout()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.Busy(World.Fault, TimeSpan.FromMinutes(4)));
        var id = await customer.AcceptAsync(customer.Command(quality: "1080p"));
        var started = World.Time.GetUtcNow();
        await customer.UntilAsync(id, _ => World.Time.GetUtcNow() - started > TimeSpan.FromMinutes(70), TimeSpan.FromMinutes(1));

        (await customer.FindAsync(id)).IsTerminal.Should().BeFalse("nobody has taken it yet");
        customer.Script.Alpha.OnSubmit = (_, accept, _) => Task.FromResult(accept());
        (await customer.EndAsync(id, TimeSpan.FromSeconds(30))).Status.Should().Be(GenerationStatus.Completed);
    }

    [Fact]
    public async Task Accept_OnlyRoutesThatLoseMoney_IsRefusedBeforeAnyHoldUnlessThatIsAllowed()
    {
        var customer = await NewCustomerAsync();
        World.Routes = [.. World.Usual.Select(r => r with { CostPerSecondUsd = r.CostPerSecondUsd.SetItem("720p", 9m) })];

        (await customer.Grain.Accept(customer.Command())).Outcome.Should().Be(AcceptOutcome.NoAvailableChannel);
        (await customer.LedgerAsync()).Should().ContainSingle("there is no hold");

        World.Routes = [World.Routes[0] with { AllowLoss = true }];
        (await customer.EndAsync(await customer.AcceptAsync())).Status.Should().Be(GenerationStatus.Completed);
    }

    [Fact]
    public async Task Cost_ChangesOnADate_TheCheapestOfTheDayServes()
    {
        var customer = await NewCustomerAsync();
        var change = World.Time.GetUtcNow().AddHours(1);
        World.Routes =
        [
            .. World.Usual.Select(r => r.Upstream == World.Alpha
                ? r with { CostChanges = [new(change, r.CostPerSecondUsd.SetItem("720p", 0.08m))] }
                : r),
        ];

        (await RunAsync(customer)).Should().Equal("alpha");
        World.Time.Advance(change - World.Time.GetUtcNow());

        (await RunAsync(customer)).Should().Equal("beta");
    }

    private static async Task<SubmitOutcome> HangAsync(CancellationToken token)
    {
        var hung = new TaskCompletionSource<SubmitOutcome>();
        await using var end = token.Register(() => hung.TrySetCanceled(token));
        return await hung.Task;
    }

    private static async Task<GenerationTask> RunTaskAsync(Customer customer) => await customer.EndAsync(await customer.AcceptAsync());

    private static async Task<IEnumerable<string>> RunAsync(Customer customer) => (await RunTaskAsync(customer)).Attempts.Select(a => a.Upstream);

    private static async Task<IReadOnlyList<RouteRejection>> RejectionsAsync(Customer customer, GenerationTask task) =>
        (await customer.HistoryAsync(task.Id)).OfType<TaskEvent.AttemptStarted>().Last().Rejections;
}
