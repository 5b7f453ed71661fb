using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;
using Platform.Grains.Tests.Cluster;
using Platform.Grains.Tests.Tasks;

namespace Platform.Grains.Tests.Tenants;

public sealed class AdmissionTests(ClusterFixture fixture) : GrainTest(fixture)
{
    [Fact]
    public async Task Accept_TwoHundredAtOnceWithMoneyForNine_AcceptsNineInFewCommits()
    {
        var customer = await NewCustomerAsync(40.824m * 9.5m);
        customer.Script.Alpha.Query(World.Running);
        var before = customer.Script.AccountCommits;

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => customer.Grain.Accept(customer.Command())));

        replies.Count(r => r.Outcome == AcceptOutcome.Accepted).Should().Be(9);
        replies.Where(r => r.Outcome != AcceptOutcome.Accepted).Should().OnlyContain(
            r => r.Outcome == AcceptOutcome.InsufficientCredits && r.Credits == Customer.FiveSeconds);
        (customer.Script.AccountCommits - before).Should().BeLessThan(10);
        (await customer.Grain.GetBalance()).Held.Value.Should().Be(40.824m * 9);
    }

    [Fact]
    public async Task Accept_TwoHundredAtOnceWithMoneyForAll_SharesCommits()
    {
        var customer = await NewCustomerAsync(40.824m * 200);
        customer.Script.OnCopy = _ => new TaskCompletionSource<InputCopy>().Task;
        customer.Script.OnAccountCommit = async (_, commit) =>
        {
            // About what a database takes.
            await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System);
            return await commit();
        };
        var before = customer.Script.AccountCommits;

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => customer.Grain.Accept(customer.Command())));

        replies.Should().OnlyContain(r => r.Outcome == AcceptOutcome.Accepted);
        (customer.Script.AccountCommits - before).Should().BeLessThan(100);
        (await customer.Grain.GetBalance()).Available.Should().Be(CreditAmount.Zero);
    }

    [Fact]
    public async Task Accept_OneIdempotencyKeyTwentyTimesAtOnce_MakesOneTask()
    {
        var customer = await NewCustomerAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => customer.Grain.Accept(customer.Command(key: "k"))));

        replies.Select(r => r.TaskId).Distinct().Should().ContainSingle();
        replies.Count(r => r.Outcome == AcceptOutcome.Accepted).Should().Be(1);
        replies.Count(r => r.Outcome == AcceptOutcome.Replayed).Should().Be(19);
        (await customer.Grain.Accept(customer.Command(key: "k", digest: "other"))).Outcome.Should().Be(AcceptOutcome.IdempotencyConflict);
        await customer.EndAsync(replies[0].TaskId!.Value);
        await customer.ShouldHaveAsync(1000m - 40.824m, 40.824m);
    }

    [Fact]
    public async Task Accept_AKeyTakenBehindTheGrainsBack_IsReplayed()
    {
        var customer = await NewCustomerAsync();
        customer.Script.OnCopy = _ => new TaskCompletionSource<InputCopy>().Task;
        var other = new Bank.Outsider(World.Memory, customer.Id);
        var first = await other.AcceptAsync(customer.Command(key: "k"), World.Time.GetUtcNow());

        var reply = await customer.Grain.Accept(customer.Command(key: "k"));

        reply.Outcome.Should().Be(AcceptOutcome.Replayed);
        reply.TaskId.Should().Be(first);
    }

    [Fact]
    public async Task Accept_OneTaskIdTwentyTimesAtOnce_HoldsOnce()
    {
        var customer = await NewCustomerAsync();
        var command = customer.Command();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => customer.Grain.Accept(command)));

        replies.Should().OnlyContain(r => r.Outcome == AcceptOutcome.Accepted && r.CreatedAt == replies[0].CreatedAt);
        (await customer.LedgerAsync()).Count(e => e.Kind == LedgerEntryKind.Hold).Should().Be(1);
        await customer.EndAsync(command.TaskId);
    }

    [Fact]
    public async Task Accept_RepeatedAfterTheEndAndWithoutMoney_IsAnsweredAsItWas()
    {
        var customer = await NewCustomerAsync(40.824m);
        var command = customer.Command();
        var first = await customer.Grain.Accept(command);
        World.Time.Advance(TimeSpan.FromSeconds(3));
        (await customer.Grain.Accept(command)).Should().Be(first with { CreatedAt = first.CreatedAt });
        await customer.EndAsync(command.TaskId);
        await customer.ShouldHaveAsync(0m, 40.824m);

        var again = await customer.Grain.Accept(command);

        again.Should().Be(first);
        await customer.ShouldHaveAsync(0m, 40.824m);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_TheReplyIsLost_AcceptAndEndAreDoneOnce(bool tookEffect)
    {
        var customer = await NewCustomerAsync();
        var faults = 0;
        customer.Script.OnAccountCommit = async (unit, commit) =>
        {
            if (faults++ % 2 == 0)
            {
                if (tookEffect)
                {
                    await commit();
                }

                throw new InvalidOperationException("The connection broke.");
            }

            return await commit();
        };
        var command = customer.Command(key: "k");

        var reply = customer.Grain.Accept(command);
        await customer.UntilAsync(() => reply.IsCompleted);
        (await reply).Outcome.Should().Be(AcceptOutcome.Accepted);
        await customer.EndAsync(command.TaskId);

        (await customer.LedgerAsync()).Select(e => e.Kind).Should().Equal(
            LedgerEntryKind.Grant, LedgerEntryKind.Hold, LedgerEntryKind.Settlement);
        await customer.ShouldHaveAsync(1000m - 40.824m, 40.824m);
    }

    [Fact]
    public async Task Commit_TheStoreIsAwayForLong_TheGrainComesBackWithIt()
    {
        var customer = await NewCustomerAsync();
        customer.Script.OnAccountCommit = (_, _) => throw new InvalidOperationException("The store is away.");
        var reply = customer.Grain.Accept(customer.Command(key: "k"));
        await customer.UntilAsync(() => reply.IsCompleted);
        reply.IsFaulted.Should().BeTrue();

        customer.Script.OnAccountCommit = (_, commit) => commit();
        var id = await customer.AcceptAsync(customer.Command(key: "k"));

        await customer.EndAsync(id);
        await customer.ShouldHaveAsync(1000m - 40.824m, 40.824m);
    }

    [Fact]
    public async Task Queue_PlacesAreGivenInOrderAndTheQueueHasAnEnd()
    {
        Fixture.Configure(o => (o.TasksInFlight, o.QueueLength) = (2, 3));
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        var ids = new List<TaskId>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await customer.AcceptAsync());
        }

        (await customer.Grain.Accept(customer.Command())).Outcome.Should().Be(AcceptOutcome.QueueFull);
        await customer.UntilAsync(ids[1], t => t.Phase is TaskPhase.Running, TimeSpan.FromMilliseconds(1));
        (await customer.FindAsync(ids[2])).Status.Should().Be(GenerationStatus.Pending);

        // The first who waits goes; then the next in flight ends, and so on.
        (await customer.Task(ids[2]).Cancel()).Outcome.Should().Be(TaskCancelOutcome.Cancelled);
        (await customer.Task(ids[0]).Cancel()).Outcome.Should().Be(TaskCancelOutcome.Cancelled);
        await customer.UntilAsync(ids[3], t => t.Phase is TaskPhase.Running, TimeSpan.FromMilliseconds(1));
        (await customer.FindAsync(ids[4])).Status.Should().Be(GenerationStatus.Pending);
        customer.Script.Alpha.Query(World.Succeeded);
        foreach (var id in ids)
        {
            await customer.EndAsync(id);
        }

        await customer.ShouldHaveAsync(1000m - (3 * 40.824m), 3 * 40.824m);
    }

    [Fact]
    public async Task Queue_ManyEndAndAreCancelledAtOnce_NoneIsForgotten()
    {
        Fixture.Configure(o => (o.TasksInFlight, o.QueueLength) = (3, 100));
        var customer = await NewCustomerAsync(10_000m);
        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => customer.AcceptAsync()));

        var cancels = ids.Where((_, i) => i % 2 == 0).Select(id => customer.Task(id).Cancel()).ToList();
        foreach (var id in ids)
        {
            await customer.EndAsync(id);
        }

        await customer.UntilAsync(() => cancels.TrueForAll(c => c.IsCompleted));
        (await World.Memory.LoadAsync(customer.Id, CancellationToken.None)).Holds.Should().BeEmpty();
    }

    [Fact]
    public async Task Queue_NoPlaceInTime_FailsAndGivesEverythingBack()
    {
        Fixture.Configure(o => (o.TasksInFlight, o.QueueLength) = (1, 10));
        var customer = await NewCustomerAsync();
        var copy = new TaskCompletionSource<InputCopy>();
        customer.Script.OnCopy = _ => copy.Task;
        var first = await customer.AcceptAsync();
        var second = await customer.AcceptAsync();

        var task = await customer.EndAsync(second, TimeSpan.FromMinutes(30));

        task.Should().HaveFailedWith(TaskErrorCode.ResourceExhausted);
        task.EndedAt.Should().BeOnOrAfter(task.QueueDeadline);
        copy.SetResult(new InputCopy.Unavailable("too late"));
        (await customer.EndAsync(first)).Status.Should().Be(GenerationStatus.Failed);
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Grant_OneIdTwentyTimesAtOnce_IsBookedOnce()
    {
        var customer = await NewCustomerAsync();
        var command = new GrantCredits { GrantId = "g2", Amount = CreditAmount.From(5m), ExpiresAt = World.Time.GetUtcNow().AddDays(1).AddTicks(7) };

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => customer.Grain.Grant(command)));

        replies.Should().OnlyContain(r => r.Outcome == BookOutcome.Booked);
        (await customer.Grain.Grant(command with { Amount = CreditAmount.From(6m) })).Outcome.Should().Be(BookOutcome.Conflict);
        await customer.ShouldHaveAsync(1005m, 0m);
    }
}
