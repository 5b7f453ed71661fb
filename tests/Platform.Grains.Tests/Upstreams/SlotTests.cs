using Platform.Domain;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Tests.Cluster;
using Platform.Grains.Tests.Tasks;

namespace Platform.Grains.Tests.Upstreams;

/// <summary>Slots of provider accounts: never more than there are, in turns, and none leaks.</summary>
public sealed class SlotTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private const string Alpha = "alpha/acc-alpha";

    // Only alpha serves it.
    private const string Quality = "1080p";

    [Fact]
    public async Task Submit_FiveSlotsAndTwoHundredTasks_AreUsedToTheLastAndSharedByTurns()
    {
        const int Slots = 5;
        World.Accounts = [Limited(World.Alpha, Slots)];
        Fixture.Configure(o => o.TasksInFlight = 1000);
        var (running, most, over) = (0, 0, new object());
        var sizes = new[] { 150 }.Concat(Enumerable.Range(0, 9).Select(i => i < 5 ? 6 : 5)).ToArray();
        var customers = await Task.WhenAll(sizes.Select(_ => NewCustomerAsync(10_000m)));
        foreach (var customer in customers)
        {
            customer.Script.Alpha.OnSubmit = (_, accept, _) =>
            {
                lock (over)
                {
                    most = Math.Max(most, ++running);
                }

                return Task.FromResult(accept());
            };

            // Every other poll finds a job finished.
            customer.Script.Alpha.OnQuery = (n, _) => Task.FromResult(n % 2 == 1 ? World.Running : Finish());

            QueryOutcome Finish()
            {
                lock (over)
                {
                    running--;
                }

                return World.Succeeded;
            }
        }

        // The big one is there first, all of it.
        var accepted = new List<(Customer Customer, TaskId Task)>();
        for (var c = 0; c < customers.Length; c++)
        {
            var ids = await Task.WhenAll(Enumerable.Range(0, sizes[c]).Select(_ => customers[c].AcceptAsync(customers[c].Command(quality: Quality))));
            accepted.AddRange(ids.Select(id => (customers[c], id)));
        }

        var ended = new List<GenerationTask>();
        foreach (var (customer, id) in accepted)
        {
            ended.Add(await customer.EndAsync(id));
        }

        sizes.Sum().Should().Be(200);
        ended.Should().OnlyContain(t => t.Status == GenerationStatus.Completed && t.Attempts.Length == 1);
        most.Should().Be(Slots);
        (await World.Memory.ListSlotsAsync(Alpha, CancellationToken.None)).Should().BeEmpty();
        ShouldHaveTakenTurns(ended, customers, sizes);
    }

    [Fact]
    public async Task Submit_InDoubt_KeepsItsSlotUntilTheDoubtIsOver()
    {
        World.Accounts = [Limited(World.Alpha, 1)];
        var customer = await NewCustomerAsync();
        var first = new TaskCompletionSource();
        customer.Script.Alpha.OnSubmit = (n, accept, _) => Task.FromResult(n == 1 ? new SubmitOutcome.Unclear(World.Fault) : accept());
        customer.Script.Alpha.OnFind = truth => Task.FromResult(first.Task.IsCompleted ? truth : new LookupOutcome.Unavailable(World.Fault));
        var doubtful = await customer.AcceptAsync(customer.Command(quality: Quality));
        await customer.UntilAsync(doubtful, t => t.Phase is TaskPhase.InDoubt, TimeSpan.Zero);
        var waiting = await customer.AcceptAsync(customer.Command(quality: Quality));
        await customer.UntilAsync(() => customer.Script.Alpha.Finds >= 3);

        (await customer.FindAsync(waiting)).Attempts.Should().BeEmpty();
        first.SetResult();

        (await customer.EndAsync(waiting)).Status.Should().Be(GenerationStatus.Completed);
        (await customer.EndAsync(doubtful)).Status.Should().Be(GenerationStatus.Completed);
    }

    [Fact]
    public async Task Submit_CheapestIsFull_TheNextCheapestWithAFreeSlotServes()
    {
        World.Accounts = [Limited(World.Alpha, 1)];
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        var first = await customer.AcceptAsync();
        await customer.UntilAsync(first, t => t.Phase is TaskPhase.Running, TimeSpan.Zero);

        var second = await customer.EndAsync(await customer.AcceptAsync());

        second.Attempts.Should().ContainSingle().Which.Upstream.Should().Be(World.Beta);
        (await customer.HistoryAsync(second.Id)).OfType<TaskEvent.AttemptStarted>().Single().Rejections
            .Should().Contain(r => r.RouteId == "route-alpha" && r.Reason == "all 1 slots of alpha/acc-alpha are taken");
        await WaitingAsync(0);
        (await Fixture.Account(World.Alpha).View()).Should().BeEquivalentTo(new { Slots = 1, SlotsUsed = 1 });
        customer.Script.Alpha.Query(World.Succeeded);
        await customer.EndAsync(first);
    }

    [Fact]
    public async Task Cancel_WhileItWaits_LeavesTheQueueAndTakesNoSlot()
    {
        World.Accounts = [Limited(World.Alpha, 1)];
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        var first = await customer.AcceptAsync(customer.Command(quality: Quality));
        await customer.UntilAsync(first, t => t.Phase is TaskPhase.Running, TimeSpan.Zero);
        var waiting = await customer.AcceptAsync(customer.Command(quality: Quality));
        await WaitingAsync(1);

        await customer.Task(waiting).Cancel();

        (await customer.FindAsync(waiting)).Status.Should().Be(GenerationStatus.Cancelled);
        await WaitingAsync(0);
        customer.Script.Alpha.Query(World.Succeeded);
        await customer.EndAsync(first);
    }

    [Fact]
    public async Task Commit_SlotWasGivenAwayTwice_TakesAnotherAndSendsOnce()
    {
        World.Accounts = [Limited(World.Alpha, 2)];
        var customer = await NewCustomerAsync();
        var lost = 0;
        customer.Script.OnTaskCommit = (unit, commit) => unit.Events[0] is TaskEvent.AttemptStarted { Slot: not null } && lost++ == 0
            ? Task.FromResult<CommitOutcome>(new CommitOutcome.Lost(Fence.Slot, "alpha/acc-alpha#1"))
            : commit();

        var task = await customer.EndAsync(await customer.AcceptAsync(customer.Command(quality: Quality)));

        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts.Should().ContainSingle();
        customer.Script.Alpha.Submits.Should().Be(1);
    }

    [Fact]
    public async Task Deadline_WhileItRuns_FreesTheSlot()
    {
        World.Accounts = [Limited(World.Alpha, 1)];
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        var id = await customer.AcceptAsync(customer.Command(quality: Quality));

        (await customer.EndAsync(id, TimeSpan.FromSeconds(45))).Should().HaveFailedWith(TaskErrorCode.GenerationTimeout);

        (await World.Memory.ListSlotsAsync(Alpha, CancellationToken.None)).Should().BeEmpty();
        customer.Script.Alpha.Query(World.Succeeded);
        (await customer.EndAsync(await customer.AcceptAsync(customer.Command(quality: Quality)))).Status.Should().Be(GenerationStatus.Completed);
    }

    private static UpstreamAccount Limited(string kind, int slots) => new() { Name = "acc-" + kind, Kind = kind, Slots = slots };

    /// <summary>The n-th task of a small tenant is among the first n rounds: each tenant that waits gets one of every ten slots.</summary>
    private static void ShouldHaveTakenTurns(List<GenerationTask> ended, Customer[] customers, int[] sizes)
    {
        // Those of the big tenant that started before anybody else was there are no turns; two rounds of slots are the margin of a start.
        var order = ended.OrderBy(t => t.Attempts[0].StartedAt).Select(t => t.Tenant).ToList();
        var others = order.FindIndex(t => t != customers[0].Id);
        for (var c = 1; c < customers.Length; c++)
        {
            var places = order.Select((tenant, at) => (tenant, at)).Where(o => o.tenant == customers[c].Id).Select(o => o.at - others).ToList();
            places.Should().HaveCount(sizes[c]);
            places[^1].Should().BeLessThan((sizes[c] + 2) * customers.Length, "a tenant with few tasks does not wait for one with many");
        }
    }

    private async Task WaitingAsync(int expected)
    {
        var found = -1;
        for (var look = 0; found != expected; look++)
        {
            look.Should().BeLessThan(500, $"{expected} should wait, and {found} do");
            found = (await Fixture.Account(World.Alpha).View()).Waiting;
            await Task.Delay(TimeSpan.FromMilliseconds(4), TimeProvider.System);
        }
    }
}
