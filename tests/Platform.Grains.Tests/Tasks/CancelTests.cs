using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Tasks;

public sealed class CancelTests(ClusterFixture fixture) : GrainTest(fixture)
{
    [Fact]
    public async Task Cancel_WhileInputsAreCopied_IsImmediateAndFree()
    {
        var customer = await NewCustomerAsync();
        var copy = new TaskCompletionSource<InputCopy>();
        customer.Script.OnCopy = _ => copy.Task;
        var id = await customer.AcceptAsync();

        (await customer.Task(id).Cancel()).Outcome.Should().Be(TaskCancelOutcome.Cancelled);

        copy.SetResult(World.GoodInput(MediaKind.Image));
        await customer.ShouldHaveAsync(1000m, 0m);
        customer.Script.Alpha.Submits.Should().Be(0);
    }

    [Fact]
    public async Task Cancel_WhileItWaitsForARoute_IsImmediateAndFree()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.Busy(World.Fault, TimeSpan.FromMinutes(4)));
        var id = await customer.AcceptAsync(customer.Command(quality: "1080p"));
        await customer.UntilAsync(id, t => t is { Phase: TaskPhase.Ready, Attempts.Length: 1 }, TimeSpan.Zero);

        (await customer.Task(id).Cancel()).Outcome.Should().Be(TaskCancelOutcome.Cancelled);

        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Cancel_WhileASubmitHangs_AnswersInTimeAndStopsTheJobOnceItIsKnown()
    {
        var customer = await NewCustomerAsync();
        var gate = new TaskCompletionSource();
        customer.Script.Alpha.OnSubmit = async (_, accept, _) =>
        {
            await gate.Task;
            return accept();
        };
        var id = await customer.AcceptAsync();
        await customer.UntilAsync(() => customer.Script.Alpha.Submits == 1, TimeSpan.Zero);

        var cancel = customer.Task(id).Cancel();
        await customer.UntilAsync(id, t => t.CancelRequested, TimeSpan.Zero);
        await customer.UntilAsync(() => cancel.IsCompleted);
        (await cancel).Outcome.Should().Be(TaskCancelOutcome.Requested);
        gate.SetResult();

        (await customer.EndAsync(id, TimeSpan.Zero)).Status.Should().Be(GenerationStatus.Cancelled);
        customer.Script.Alpha.Cancels.Should().Be(1);
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Cancel_WhileInDoubtAndNotThere_IsNotSentAgain()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.Unclear(World.Fault));
        var id = await customer.AcceptAsync();
        await customer.UntilAsync(id, t => t.Phase is TaskPhase.InDoubt, TimeSpan.Zero);

        var cancel = customer.Task(id).Cancel();
        (await customer.EndAsync(id)).Status.Should().Be(GenerationStatus.Cancelled);

        (await cancel).Outcome.Should().BeOneOf(TaskCancelOutcome.Requested, TaskCancelOutcome.Cancelled);
        customer.Script.Alpha.Submits.Should().Be(1);
        customer.Script.Beta.Submits.Should().Be(0);
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Cancel_TwiceAtOnceWhileRunning_StopsItOnce()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        var id = await customer.AcceptAsync();
        await customer.UntilAsync(id, t => t.Phase is TaskPhase.Running, TimeSpan.Zero);

        var replies = await Task.WhenAll(customer.Task(id).Cancel(), customer.Task(id).Cancel());

        replies.Should().OnlyContain(r => r.Outcome == TaskCancelOutcome.Cancelled);
        customer.Script.Alpha.Cancels.Should().Be(1);
        (await customer.FindAsync(id)).Attempts[0].Ending.Should().Be(AttemptEnding.Cancelled);
        (await customer.LedgerAsync()).Count(e => e.Kind == LedgerEntryKind.Release).Should().Be(1);
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Cancel_WhileAPollHangs_IsRecordedAtOnceAndNothingWaits()
    {
        var customer = await NewCustomerAsync();
        var poll = new TaskCompletionSource<QueryOutcome>();
        customer.Script.Alpha.OnQuery = (_, _) => poll.Task;
        var id = await customer.AcceptAsync();
        await customer.UntilAsync(() => customer.Script.Alpha.Queries == 1, TimeSpan.Zero);

        await customer.Task(id).Wake();
        var cancel = customer.Task(id).Cancel();
        await customer.UntilAsync(id, t => t.CancelRequested, TimeSpan.Zero);
        poll.SetResult(World.Running);

        (await cancel).Outcome.Should().Be(TaskCancelOutcome.Cancelled);
    }

    [Fact]
    public async Task Cancel_WhereTheProviderCannotStop_IsTooLateAndTheTaskGoesOn()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.RefusedHere(World.Fault));
        customer.Script.Beta.OnQuery = (n, _) => Task.FromResult(n < 3 ? World.Running : World.Succeeded);
        var id = await customer.AcceptAsync();
        await customer.UntilAsync(id, t => t.Phase is TaskPhase.Running, TimeSpan.Zero);

        (await customer.Task(id).Cancel()).Outcome.Should().Be(TaskCancelOutcome.TooLate);

        (await customer.EndAsync(id)).Status.Should().Be(GenerationStatus.Completed);
        (await customer.Task(id).Cancel()).Outcome.Should().Be(TaskCancelOutcome.TooLate);
    }

    [Fact]
    public async Task Cancel_TheUpstreamIsTooLate_TheVideoIsBilled()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        customer.Script.Alpha.OnCancel = _ =>
        {
            customer.Script.Alpha.Query(World.Succeeded);
            return Task.FromResult<CancelOutcome>(new CancelOutcome.TooLate(World.Fault));
        };
        var id = await customer.AcceptAsync();
        await customer.UntilAsync(id, t => t.Phase is TaskPhase.Running, TimeSpan.Zero);

        (await customer.Task(id).Cancel()).Outcome.Should().Be(TaskCancelOutcome.TooLate);

        (await customer.EndAsync(id)).Status.Should().Be(GenerationStatus.Completed);
        await customer.ShouldHaveAsync(1000m - 40.824m, 40.824m);
    }

    [Fact]
    public async Task Cancel_WhileStored_IsTooLate()
    {
        var customer = await NewCustomerAsync();
        var store = new TaskCompletionSource<ResultCopy>();
        customer.Script.OnStore = () => store.Task;
        var id = await customer.AcceptAsync();
        await customer.UntilAsync(id, t => t.Phase is TaskPhase.Storing, TimeSpan.Zero);

        (await customer.Task(id).Cancel()).Outcome.Should().Be(TaskCancelOutcome.TooLate);

        store.SetResult(World.GoodResult(5m));
        (await customer.EndAsync(id)).Status.Should().Be(GenerationStatus.Completed);
    }

    [Fact]
    public async Task Cancel_AtTheMomentOfCompletion_OneEndStandsAndTheReplySaysWhich()
    {
        for (var i = 0; i < 12; i++)
        {
            var customer = await NewCustomerAsync();
            customer.Script.UpstreamsLie = true;
            var poll = new TaskCompletionSource<QueryOutcome>();
            customer.Script.Alpha.OnQuery = (n, _) => n == 1 ? poll.Task : Task.FromResult(World.Succeeded);
            var id = await customer.AcceptAsync();
            await customer.UntilAsync(() => customer.Script.Alpha.Queries == 1, TimeSpan.Zero);

            var cancel = Task.Run(() => customer.Task(id).Cancel());
            var finish = Task.Run(() => poll.SetResult(i % 2 == 0 ? World.Succeeded : World.Running));
            await Task.WhenAll(cancel, finish);

            var task = await customer.EndAsync(id);
            var cancelled = (await cancel).Outcome == TaskCancelOutcome.Cancelled;
            task.Status.Should().Be(cancelled ? GenerationStatus.Cancelled : GenerationStatus.Completed);
            await customer.ShouldHaveAsync(cancelled ? 1000m : 1000m - 40.824m, cancelled ? 0m : 40.824m);
        }
    }

    [Fact]
    public async Task Cancel_Unknown_IsNotFound()
    {
        var customer = await NewCustomerAsync();

        (await customer.Task(customer.NewTaskId()).Cancel()).Outcome.Should().Be(TaskCancelOutcome.NotFound);
    }
}
