using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Grains.Contracts;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Tenants;

/// <summary>The same body again without an idempotency key: one wish where nobody knows whether the first was answered, else two.</summary>
public sealed class LostAnswerTests(ClusterFixture fixture) : GrainTest(fixture)
{
    [Fact]
    public async Task Accept_TheSameBodyTwiceAtOnceAndOneByOne_AreTasksOfTheirOwn()
    {
        var customer = await NewStillCustomerAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => customer.Grain.Accept(customer.Plain())));
        await ReportAsync(customer, [.. replies.Select(r => r.TaskId!.Value.Value)]);
        World.Time.Advance(TimeSpan.FromMinutes(1));
        var later = await customer.Grain.Accept(customer.Plain());

        replies.Append(later).Should().OnlyContain(r => r.Outcome == AcceptOutcome.Accepted);
        replies.Append(later).Select(r => r.TaskId).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Accept_TheFirstWasReportedLost_IsReplayedByItsBody()
    {
        var customer = await NewStillCustomerAsync(40.824m);
        var first = await customer.Grain.Accept(customer.Plain());
        await customer.Grain.Report(new() { Lost = [first.TaskId!.Value.Value] });

        // There are no credits for a second: it would be refused.
        var again = await customer.Grain.Accept(customer.Plain());
        var otherKey = await customer.Grain.Accept(customer.Plain(apiKey: "key_2"));

        again.Should().Be(new AcceptReply { Outcome = AcceptOutcome.Replayed, TaskId = first.TaskId, ByBody = true });
        otherKey.Outcome.Should().Be(AcceptOutcome.InsufficientCredits);
    }

    [Fact]
    public async Task Accept_TheGrainDiedBeforeAnyAnswer_IsReplayedAndWhatWasAnsweredIsNot()
    {
        var customer = await NewStillCustomerAsync();
        var answered = await customer.Grain.Accept(customer.Plain("answered"));
        await ReportAsync(customer, answered.TaskId!.Value.Value);

        // Every commit tells how far answers have come.
        var lost = await customer.Grain.Accept(customer.Plain("lost"));
        var batch = customer.Batch(3, digest: "batch");
        (await customer.Grain.AcceptBatch(batch)).Outcome.Should().Be(AcceptBatchOutcome.Accepted);
        await DieAsync(customer);

        var again = await customer.Grain.Accept(customer.Plain("lost"));
        var secondWish = await customer.Grain.Accept(customer.Plain("answered"));
        var batchAgain = await customer.Grain.AcceptBatch(customer.Batch(3, digest: "batch"));

        again.Should().Be(new AcceptReply { Outcome = AcceptOutcome.Replayed, TaskId = lost.TaskId, ByBody = true });
        secondWish.Outcome.Should().Be(AcceptOutcome.Accepted);
        batchAgain.Outcome.Should().Be(AcceptBatchOutcome.Replayed);
        batchAgain.ByBody.Should().BeTrue();
        var kept = await World.Memory.FindIdempotencyKeyAsync(customer.Id, batchAgain.AnswerKey!, World.Time.GetUtcNow().AddHours(-1), default);
        kept!.Batch!.Items.Select(i => i.TaskId).Should().Equal(batch.Items.Select(i => i.Task!.TaskId).Cast<TaskId?>());
        World.Time.Advance(TimeSpan.FromMinutes(11));
        (await customer.Grain.Accept(customer.Plain("lost"))).Outcome.Should().Be(AcceptOutcome.Accepted);
    }

    [Fact]
    public async Task Accept_TheGrainEndedInOrder_IsATaskOfItsOwn()
    {
        var customer = await NewStillCustomerAsync();
        var first = await customer.Grain.Accept(customer.Plain());
        await ReportAsync(customer, first.TaskId!.Value.Value);
        await EndInOrderAsync(customer);
        (await World.Memory.LoadAsync(customer.Id, default)).AnsweredThrough.Should().Be(2);

        (await customer.Grain.Accept(customer.Plain())).Outcome.Should().Be(AcceptOutcome.Accepted);
    }

    [Fact]
    public async Task Accept_TheFirstHangsLongerThanItsCallerWaited_WaitsForItAndIsReplayed()
    {
        var customer = await NewStillCustomerAsync();
        var store = new TaskCompletionSource();
        customer.Script.OnAccountCommit = async (_, commit) =>
        {
            await store.Task;
            return await commit();
        };
        var command = customer.Plain();
        var first = customer.Grain.Accept(command);
        await customer.UntilAsync(() => customer.Script.AccountCommits == 2, TimeSpan.Zero);
        World.Time.Advance(TimeSpan.FromSeconds(20));
        var again = customer.Grain.Accept(customer.Plain());
        again.IsCompleted.Should().BeFalse();
        store.SetResult();

        (await again).Should().Be(new AcceptReply { Outcome = AcceptOutcome.Replayed, TaskId = command.TaskId, ByBody = true });
        (await first).Outcome.Should().Be(AcceptOutcome.Accepted);
        (await customer.LedgerAsync()).Count(e => e.Kind == LedgerEntryKind.Hold).Should().Be(1);
    }

    [Fact]
    public async Task Accept_TheStoreLosesRepliesOfCommits_StillMakesOneTaskOfOneWish()
    {
        var customer = await NewStillCustomerAsync();
        var commits = 0;
        customer.Script.OnAccountCommit = async (_, commit) =>
        {
            var outcome = await commit();
            return ++commits == 1 ? throw new InvalidOperationException("The connection broke.") : outcome;
        };

        var first = customer.Grain.Accept(customer.Plain());
        await customer.UntilAsync(() => first.IsCompleted);

        (await first).Outcome.Should().Be(AcceptOutcome.Accepted);
        (await customer.LedgerAsync()).Count(e => e.Kind == LedgerEntryKind.Hold).Should().Be(1);
    }

    [Fact]
    public async Task Accept_TheFirstWithTheKeyHangs_SecondIsToldSoAndThirdGetsItLater()
    {
        var customer = await NewStillCustomerAsync();
        var store = new TaskCompletionSource();
        customer.Script.OnAccountCommit = async (_, commit) =>
        {
            await store.Task;
            return await commit();
        };
        var command = customer.Command(key: "k");
        var first = customer.Grain.Accept(command);
        await customer.UntilAsync(() => customer.Script.AccountCommits == 2, TimeSpan.Zero);
        var second = customer.Grain.Accept(customer.Command(key: "k"));
        var batch = customer.Grain.AcceptBatch(customer.Batch(1, key: "k"));
        await customer.UntilAsync(() => second.IsCompleted && batch.IsCompleted);

        (await second).Outcome.Should().Be(AcceptOutcome.InProgress);
        (await batch).Outcome.Should().Be(AcceptBatchOutcome.InProgress);
        var third = customer.Grain.Accept(customer.Command(key: "k"));
        store.SetResult();
        (await first).Outcome.Should().Be(AcceptOutcome.Accepted);
        (await third).Should().Be(new AcceptReply { Outcome = AcceptOutcome.Replayed, TaskId = command.TaskId });
    }

    private static Task ReportAsync(Customer customer, params string[] answered) =>
        customer.Grain.Report(new() { Answered = [.. answered] });

    // Its tasks go no further than to be accepted: nothing else is committed.
    private async Task<Customer> NewStillCustomerAsync(decimal credits = 1000m)
    {
        var customer = await NewCustomerAsync(credits);
        customer.Script.OnCopy = _ => new TaskCompletionSource<InputCopy>().Task;
        return customer;
    }

    // As by kill -9: what it would write in the end is not written.
    private async Task DieAsync(Customer customer)
    {
        customer.Script.OnAccountCommit = (_, _) => throw new InvalidOperationException("The silo is dead.");
        await EndInOrderAsync(customer);
        customer.Script.OnAccountCommit = (_, commit) => commit();
    }

    private Task EndInOrderAsync(Customer customer) => Fixture.Cluster.DeactivateAsync(customer.Grain);
}
