using Platform.Domain;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Tasks;

/// <summary>Single activation is not a lock: what another activation commits meanwhile.</summary>
public sealed class DuplicateActivationTests(ClusterFixture fixture) : GrainTest(fixture)
{
    [Fact]
    public async Task Resend_AnotherActivationResentMeanwhile_OnlyThatOneSends()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.OnSubmit = (n, accept, _) => Task.FromResult(n == 1 ? new SubmitOutcome.Unclear(World.Fault) : accept());
        var id = await customer.AcceptAsync();
        customer.Script.Alpha.OnFind = async truth =>
        {
            if (customer.Script.Alpha.Finds == 1)
            {
                await CommitAsync(customer, id, (a, now) => new TaskCommand.RecordNotFound(a, now + TimeSpan.FromSeconds(10)) { Now = now });
            }

            return truth;
        };

        var task = await customer.EndAsync(id);

        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts.Should().ContainSingle().Which.Sends.Should().Be(3, "the second send belongs to the other activation, which never sends it");
        customer.Script.Alpha.Submits.Should().Be(2, "this activation sends the first and the third");
    }

    [Fact]
    public async Task Submit_AnOldRefusalComesAfterTheResend_SaysNothingAboutIt()
    {
        var customer = await NewCustomerAsync();
        var old = new TaskCompletionSource<SubmitOutcome>();
        customer.Script.Alpha.OnSubmit = (n, accept, _) => n == 1 ? old.Task : Task.FromResult(accept());
        var id = await customer.AcceptAsync();
        await customer.UntilAsync(() => customer.Script.Alpha.Submits == 1, TimeSpan.Zero);
        await CommitAsync(customer, id, (a, now) => new TaskCommand.RecordUnclear(a, World.Fault) { Now = now });

        // 'Not found' counts once the send-by time, 10 s, has passed.
        await CommitAsync(customer, id, (a, now) =>
            new TaskCommand.RecordNotFound(a, now + TimeSpan.FromSeconds(21)) { Now = now + TimeSpan.FromSeconds(11) });

        old.SetResult(new SubmitOutcome.RefusedHere(World.Fault));
        var task = await customer.EndAsync(id);

        task.Attempts.Should().ContainSingle("the second send may have arrived").Which.Sends.Should().Be(3);
        customer.Script.Beta.Submits.Should().Be(0);
    }

    [Fact]
    public async Task Start_AnotherActivationStartedFirst_NothingIsSentByThisOne()
    {
        var customer = await NewCustomerAsync();
        customer.Script.OnTaskCommit = async (unit, commit) =>
        {
            if (unit.Events[0] is TaskEvent.AttemptStarted started && customer.Script.Alpha.Submits == 0)
            {
                customer.Script.OnTaskCommit = (_, inner) => inner();
                await World.Memory.CommitAsync(
                    unit with { Task = TaskDecider.Apply((await customer.FindAsync(unit.Task.Id)), [started with { AttemptId = "att_other" }]) },
                    CancellationToken.None);
            }

            return await commit();
        };
        var id = await customer.AcceptAsync();

        var task = await customer.EndAsync(id);

        var attempt = task.Attempts.Should().ContainSingle().Subject;
        attempt.Id.Should().Be("att_other");
        attempt.Sends.Should().Be(2, "the other activation never sends it, so that it is looked up and sent again");
        customer.Script.Alpha.Submits.Should().Be(1, "what was recorded first by another is not sent by this one");
    }

    [Fact]
    public async Task Deactivated_InTheMiddle_GoesOnFromWhatIsCommitted()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => customer.AcceptAsync()));
        foreach (var id in ids)
        {
            await customer.UntilAsync(id, t => t.Phase is TaskPhase.Running, TimeSpan.FromMilliseconds(1));
            await Fixture.Cluster.DeactivateAsync(customer.Task(id));
        }

        await Fixture.Cluster.DeactivateAsync(customer.Grain);
        customer.Script.Alpha.Query(World.Succeeded);
        foreach (var id in ids)
        {
            (await customer.EndAsync(id)).Attempts.Should().ContainSingle().Which.Sends.Should().Be(1);
        }

        await customer.ShouldHaveAsync(1000m - (6 * 40.824m), 6 * 40.824m);
    }

    [Fact]
    public async Task Drive_TheHoldIsGoneForGood_DoesNotSpin()
    {
        // Books that contradict themselves: the account has no such hold any more. The task cannot end, but it must not burn a core.
        var customer = await NewCustomerAsync();
        var calls = 0;
        customer.Script.OnFindTask = async find =>
        {
            Interlocked.Increment(ref calls);
            var task = await find();
            return task is { Phase: TaskPhase.Storing } ? task with { Version = task.Version + 100 } : task;
        };
        customer.Script.Alpha.Query(World.Succeeded);
        var id = await customer.AcceptAsync();
        await customer.UntilAsync(id, t => t.Phase is TaskPhase.Storing, TimeSpan.Zero);
        var before = calls;

        // The clock stands still. While ten tasks of another go all the way to their upstream, this one has nothing to do but to wait.
        var other = await NewCustomerAsync();
        for (var i = 0; i < 10; i++)
        {
            await other.UntilAsync(await other.AcceptAsync(), t => t.Attempts is [{ UpstreamTaskId: not null }], TimeSpan.Zero);
        }

        (calls - before).Should().BeLessThan(20);
        customer.Script.OnFindTask = find => find();
        await Fixture.Cluster.DeactivateAsync(customer.Task(id));
        (await customer.EndAsync(id)).Status.Should().Be(GenerationStatus.Completed);
    }

    [Fact]
    public async Task Sweep_WakesEachDueTaskOncePerLeaseAndAtABoundedRate()
    {
        Fixture.Configure(o => o.SweepBatch = 2);
        var customer = await NewCustomerAsync();
        customer.Script.OnCopy = _ => new TaskCompletionSource<Domain.Media.InputCopy>().Task;
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => customer.AcceptAsync()));
        World.Stores.Claims.Clear();

        await customer.UntilAsync(() => ids.All(id => World.Stores.Claims.Any(c => c.Tasks.Any(t => t.Id == id))));

        World.Stores.Claims.Should().OnlyContain(c => c.Tasks.Count <= 2);
        foreach (var times in World.Stores.Claims.SelectMany(c => c.Tasks.Select(t => (t.Id, c.At))).GroupBy(c => c.Id, c => c.At))
        {
            var claims = times.Order().ToList();
            claims.Zip(claims.Skip(1), (a, b) => b - a).Should().OnlyContain(gap => gap >= TimeSpan.FromSeconds(30));
        }

        Fixture.Configure(o => o.SweepBatch = 200);
        await Task.WhenAll(ids.Select(id => customer.Task(id).Cancel()));
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    private async Task CommitAsync(Customer customer, TaskId id, Func<string, DateTimeOffset, TaskCommand> command)
    {
        var task = await customer.FindAsync(id);
        var now = World.Time.GetUtcNow();
        var events = TaskDecider.Decide(task, command(task.CurrentAttempt!.Id, now)).Events;
        (await World.Memory.CommitAsync(
            new TaskUnit(TaskDecider.Apply(task, events), task.Version, events, now + TimeSpan.FromSeconds(30)), CancellationToken.None))
            .Should().BeOfType<CommitOutcome.Committed>();
    }
}
