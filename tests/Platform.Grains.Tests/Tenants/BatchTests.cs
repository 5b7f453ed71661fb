using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Grains.Contracts;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Tenants;

public sealed class BatchTests(ClusterFixture fixture) : GrainTest(fixture)
{
    [Fact]
    public async Task AcceptBatch_Hundred_IsOneCommitWithExactHolds()
    {
        var customer = await NewStillCustomerAsync(10_000m);
        var before = customer.Script.AccountCommits;
        var batch = customer.Batch(100);
        batch = batch with { Items = batch.Items.SetItem(7, new() { Error = "{}" }) };

        var reply = await customer.Grain.AcceptBatch(batch);

        reply.Outcome.Should().Be(AcceptBatchOutcome.Accepted);
        reply.Items.Select(i => i?.Outcome).Should().Equal(
            Enumerable.Range(0, 100).Select(i => i == 7 ? (AcceptOutcome?)null : AcceptOutcome.Accepted));
        (customer.Script.AccountCommits - before).Should().Be(1);
        (await customer.Grain.GetBalance()).Held.Value.Should().Be(99 * 40.824m);
        (await customer.LedgerAsync()).Count(e => e.Kind == LedgerEntryKind.Hold).Should().Be(99);
        (await customer.FindAsync(batch.Items[0].Task!.TaskId)).BatchId.Should().Be(batch.BatchId);
    }

    [Fact]
    public async Task AcceptBatch_TwoAtOnceWithCreditsForOneAndAHalf_NeverOverdraws()
    {
        var customer = await NewStillCustomerAsync(40.824m * 15);

        var whole = await Task.WhenAll(Enumerable.Range(0, 2).Select(n => customer.Grain.AcceptBatch(customer.Batch(10, allOrNothing: true, digest: $"d{n}"))));
        var rest = await customer.Grain.AcceptBatch(customer.Batch(10, digest: "rest"));

        whole.Select(r => r.Outcome).Should().BeEquivalentTo([AcceptBatchOutcome.Accepted, AcceptBatchOutcome.Refused]);
        rest.Items.Count(i => i!.Outcome == AcceptOutcome.Accepted).Should().Be(5);
        rest.Items.Skip(5).Should().OnlyContain(i => i!.Outcome == AcceptOutcome.InsufficientCredits && i.Available == CreditAmount.Zero);
        (await customer.Grain.GetBalance()).Available.Should().Be(CreditAmount.Zero);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 5)]
    public async Task AcceptBatch_MoreThanThereArePlaces_TakesAsManyOrNone(bool allOrNothing, int accepted)
    {
        Fixture.Configure(o => (o.TasksInFlight, o.QueueLength) = (2, 3));
        var customer = await NewStillCustomerAsync();

        var reply = await customer.Grain.AcceptBatch(customer.Batch(7, allOrNothing));

        reply.Outcome.Should().Be(allOrNothing ? AcceptBatchOutcome.Refused : AcceptBatchOutcome.Accepted);
        reply.Items.Take(5).Should().OnlyContain(i => i!.Outcome == AcceptOutcome.Accepted);
        reply.Items.Skip(5).Should().OnlyContain(i => i!.Outcome == AcceptOutcome.QueueFull);
        var account = await World.Memory.LoadAsync(customer.Id, default);
        account.Holds.Should().HaveCount(accepted);
        account.Queue.Should().HaveCount(Math.Max(0, accepted - 2));
    }

    [Fact]
    public async Task AcceptBatch_Queued_EndsInOrderWithTheOthers()
    {
        Fixture.Configure(o => (o.TasksInFlight, o.QueueLength) = (2, 100));
        var customer = await NewCustomerAsync();
        var batch = customer.Batch(8);

        (await customer.Grain.AcceptBatch(batch)).Outcome.Should().Be(AcceptBatchOutcome.Accepted);
        foreach (var item in batch.Items)
        {
            await customer.EndAsync(item.Task!.TaskId);
        }

        await customer.ShouldHaveAsync(1000m - (8 * 40.824m), 8 * 40.824m);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AcceptBatch_TheReplyOfTheCommitIsLost_IsOneBatch(bool tookEffect)
    {
        var customer = await NewStillCustomerAsync();
        var commits = 0;
        customer.Script.OnAccountCommit = async (_, commit) =>
        {
            if (++commits > 1)
            {
                return await commit();
            }

            if (tookEffect)
            {
                await commit();
            }

            throw new InvalidOperationException("The connection broke.");
        };
        var batch = customer.Batch(4);

        var reply = customer.Grain.AcceptBatch(batch);
        await customer.UntilAsync(() => reply.IsCompleted);

        (await reply).Outcome.Should().Be(tookEffect ? AcceptBatchOutcome.AlreadyAccepted : AcceptBatchOutcome.Accepted);
        (await customer.LedgerAsync()).Count(e => e.Kind == LedgerEntryKind.Hold).Should().Be(4);

        // The API asks again where it could not learn the outcome.
        var again = await customer.Grain.AcceptBatch(batch);
        again.Outcome.Should().Be(AcceptBatchOutcome.AlreadyAccepted);
        again.AnswerKey.Should().Be(batch.AnswerKey);
        (await customer.LedgerAsync()).Count(e => e.Kind == LedgerEntryKind.Hold).Should().Be(4);
    }

    [Fact]
    public async Task AcceptBatch_OneKeyManyTimesAtOnce_IsOneBatch()
    {
        var customer = await NewStillCustomerAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => customer.Grain.AcceptBatch(customer.Batch(3, key: "k"))));

        replies.Count(r => r.Outcome == AcceptBatchOutcome.Accepted).Should().Be(1);
        replies.Count(r => r is { Outcome: AcceptBatchOutcome.Replayed, AnswerKey: "k", ByBody: false }).Should().Be(9);
        (await customer.LedgerAsync()).Count(e => e.Kind == LedgerEntryKind.Hold).Should().Be(3);
        (await customer.Grain.AcceptBatch(customer.Batch(3, key: "k", digest: "other"))).Outcome.Should().Be(AcceptBatchOutcome.IdempotencyConflict);
        (await customer.Grain.Accept(customer.Command(key: "k"))).Outcome.Should().Be(AcceptOutcome.IdempotencyConflict);
    }

    [Fact]
    public async Task AcceptBatch_NothingAccepted_RemembersNothing()
    {
        var customer = await NewStillCustomerAsync(0m);
        (await customer.Grain.AcceptBatch(customer.Batch(2, key: "k"))).Items.Should().OnlyContain(i => i!.Outcome == AcceptOutcome.InsufficientCredits);
        await customer.Grain.Grant(new() { GrantId = "g", Amount = CreditAmount.From(1000m) });

        var reply = await customer.Grain.AcceptBatch(customer.Batch(2, key: "k"));

        reply.Items.Should().OnlyContain(i => i!.Outcome == AcceptOutcome.Accepted);
    }

    [Fact]
    public async Task Accept_WithTerms_TakesTheQuotedPriceAndNoMore()
    {
        var customer = await NewStillCustomerAsync();
        var price = PriceSnapshot.Of(MotionControlModel.Definition.Prices[0], MotionControlModel.Quality720, "friends", 0.5m);
        var quote = new Quote("any", price, CreditAmount.From(20.412m), World.Time.GetUtcNow().AddMinutes(10));

        var quoted = await customer.Grain.Accept(customer.Command() with { Terms = new() { Quote = quote } });
        var above = await customer.Grain.Accept(customer.Command(seconds: 5.2m) with { Terms = new() { Quote = quote } });
        var limited = await customer.Grain.Accept(customer.Command() with { Terms = new() { Quote = quote, MaxCredits = CreditAmount.From(20m) } });
        World.Time.Advance(TimeSpan.FromMinutes(10));
        var ended = await customer.Grain.Accept(customer.Command() with { Terms = new() { Quote = quote } });

        (quoted.Outcome, quoted.Credits.Value, quoted.UserGroup).Should().Be((AcceptOutcome.Accepted, 20.412m, "friends"));
        (await customer.FindAsync(quoted.TaskId!.Value)).Price.Should().Be(price);
        (above.Outcome, above.Credits.Value, above.Available.Value).Should().Be((AcceptOutcome.AboveQuote, 24.4944m, 20.412m));
        (limited.Outcome, limited.Credits.Value, limited.Available.Value).Should().Be((AcceptOutcome.AboveLimit, 20.412m, 20m));
        ended.Outcome.Should().Be(AcceptOutcome.QuoteExpired);
    }

    private async Task<Customer> NewStillCustomerAsync(decimal credits = 1000m)
    {
        var customer = await NewCustomerAsync(credits);
        customer.Script.OnCopy = _ => new TaskCompletionSource<InputCopy>().Task;
        return customer;
    }
}
