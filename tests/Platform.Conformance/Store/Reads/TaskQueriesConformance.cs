using Platform.Domain.Tasks;

namespace Platform.Conformance.Store;

/// <summary>What every <see cref="ITaskQueries"/> must do, and the filters of <see cref="ITaskStore.ListAsync"/>.</summary>
public abstract class TaskQueriesConformance : StoreConformance
{
    private ITaskQueries Queries => Store.Reads.Tasks;

    [Fact]
    public async Task FindManyAsync_SomeUnknownOrForeign_AreLeftOutAndTheOrderIsKept()
    {
        var anns = await new ManyTasks(Accounts, Ann).GrantAsync(1000m, Noon);
        var bobs = await new ManyTasks(Accounts, Bob).GrantAsync(1000m, Noon);
        for (var i = 0; i < 4; i++)
        {
            await anns.AcceptAsync(i, Noon);
        }

        await bobs.AcceptAsync(9, Noon);

        var found = await Queries.FindManyAsync(
            Ann, [Samples.TaskId(3), Samples.TaskId(9), Samples.TaskId(0), Samples.TaskId(77), Samples.TaskId(2)], default);

        found.Should().BeEquivalentTo([anns[3], anns[0], anns[2]], ByContent);
        (await Queries.FindManyAsync(Bob, [Samples.TaskId(0)], default)).Should().BeEmpty();
        (await Queries.FindManyAsync(Ann, [], default)).Should().BeEmpty();
    }

    [Fact]
    public async Task ListAsync_ByEndUserMetadataAndModels_ShowsWhatMatchesAll()
    {
        await FillAsync();

        (await ListAsync(new() { Tenant = Ann, Limit = 100, EndUser = "u1" })).Should().Equal(7, 5, 3, 1);
        (await ListAsync(new() { Tenant = Ann, Limit = 100, EndUser = "U1" })).Should().BeEmpty("users are compared character by character");
        (await ListAsync(new() { Tenant = Ann, Limit = 100, EndUser = "" })).Should().BeEmpty();
        (await ListAsync(new() { Tenant = Ann, Limit = 100, Metadata = ManyTasks.Pairs(("parity", "0")) })).Should().Equal(6, 4, 2, 0);
        (await ListAsync(new() { Tenant = Ann, Limit = 100, Metadata = ManyTasks.Pairs(("third", "0"), ("parity", "0")) })).Should().Equal(6, 0);
        (await ListAsync(new() { Tenant = Ann, Limit = 100, Metadata = ManyTasks.Pairs(("a \"b\" é💃", "x\\y\n"), ("third", "1"), ("parity", "0")) })).Should().Equal(4);
        (await ListAsync(new() { Tenant = Ann, Limit = 100, Metadata = ManyTasks.Pairs(("parity", "0"), ("none", "0")) })).Should().BeEmpty();
        (await ListAsync(new() { Tenant = Ann, Limit = 100, Metadata = ManyTasks.Pairs(("Parity", "0")) })).Should().BeEmpty();
        (await ListAsync(new() { Tenant = Ann, Limit = 100, AnyOfModels = ["model-b", "model-c"] })).Should().Equal(7, 6, 5, 4);
        (await ListAsync(new() { Tenant = Ann, Limit = 100, AnyOfModels = [] })).Should().BeEmpty();
        (await ListAsync(new() { Tenant = Bob, Limit = 100, Metadata = ManyTasks.Pairs(("parity", "0")) })).Should().Equal(8);
        (await ListAsync(new() { Tenant = Bob, Limit = 100, EndUser = "u1" })).Should().BeEmpty();
    }

    [Fact]
    public async Task ListAsync_ByStatus_ShowsEachTaskUnderItsOwn()
    {
        var anns = await FillAsync();
        await anns.ResolveAsync(1, 5m, Noon.AddMinutes(1));
        await anns.ResolveAsync(2, 0m, Noon.AddMinutes(1));
        await anns.CancelAsync(3, Noon.AddMinutes(1));
        await anns.ResolveAsync(5, 0m, Noon.AddMinutes(1));

        (await ListAsync(Of(GenerationStatus.Completed))).Should().Equal(1);
        (await ListAsync(Of(GenerationStatus.Failed))).Should().Equal(5, 2);
        (await ListAsync(Of(GenerationStatus.Cancelled))).Should().Equal(3);
        (await ListAsync(Of(GenerationStatus.Pending))).Should().Equal(7, 6, 4, 0);
        (await ListAsync(Of(GenerationStatus.Processing))).Should().BeEmpty();
        (await ListAsync(Of(GenerationStatus.Failed) with { EndUser = "u1" })).Should().Equal(5);
        (await ListAsync(Of(GenerationStatus.Pending) with { Metadata = ManyTasks.Pairs(("third", "0")), Model = "model-b" })).Should().Equal(6);
        (await ListAsync(Of(GenerationStatus.Pending) with { Limit = 2, After = new(Noon.AddSeconds(6), Samples.TaskId(6)) })).Should().Equal(4, 0);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(false, GenerationStatus.Pending)]
    [InlineData(false, GenerationStatus.Failed)]
    public async Task ListAsync_PagesOfAFilter_ShowEachOnceBetweenFromAndTo(bool byMetadata, GenerationStatus? status)
    {
        var anns = await new ManyTasks(Accounts, Ann).GrantAsync(1000m, Noon);
        for (var i = 0; i < 30; i++)
        {
            // Three of each second, so that the id decides as well.
            await anns.AcceptAsync(i, Noon.AddSeconds(i / 3), 1m, t => t with
            {
                Request = t.Request with { EndUser = "u", Metadata = ManyTasks.Pairs(("k", $"{i % 2}"), ("l", "m")) },
            });
            if (i % 4 == 0)
            {
                await anns.ResolveAsync(i, 0m, Noon.AddMinutes(1));
            }
        }

        var query = new TaskQuery
        {
            Tenant = Ann,
            Limit = 4,
            From = Noon.AddSeconds(2),
            To = Noon.AddSeconds(8),
            Status = status,
            EndUser = byMetadata || status is not null ? null : "u",
            Metadata = byMetadata ? ManyTasks.Pairs(("k", "0"), ("l", "m")) : ManyTasks.Pairs(),
        };
        var listed = new List<int>();
        while (await Store.Tasks.ListAsync(query, default) is { Count: > 0 } page)
        {
            listed.AddRange(page.Select(Number));
            query = query with { After = new(page[^1].CreatedAt, page[^1].Id) };
        }

        listed.Should().Equal(Enumerable.Range(6, 18).Reverse().Where(i =>
            (!byMetadata || i % 2 == 0) && (status is null || (i % 4 == 0) == (status == GenerationStatus.Failed))));
        (await ListAsync(query with { After = new(Noon.AddDays(1), Samples.TaskId(0)), Limit = 1 }))
            .Should().ContainSingle("a cursor above 'to' is no bound").Which.Should().Be(listed[0]);
    }

    [Fact]
    public async Task ListPageAsync_Pages_ShowEachOnceAndTheTotal()
    {
        await FillAsync();
        var all = new TaskQuery { Tenant = Ann, Limit = 3 };

        var pages = new[] { 0, 3, 6, 9 }.Select(offset => Queries.ListPageAsync(all, offset, default).Result).ToList();

        pages.SelectMany(p => p.Tasks).Select(Number).Should().Equal(7, 6, 5, 4, 3, 2, 1, 0);
        pages.Should().OnlyContain(p => p.Total == 8);
        var filtered = await Queries.ListPageAsync(all with { Metadata = ManyTasks.Pairs(("parity", "1"), ("third", "1")), EndUser = "u1" }, 1, default);
        filtered.Total.Should().Be(2);
        filtered.Tasks.Select(Number).Should().Equal(1);
        (await Queries.ListPageAsync(all with { Tenant = new("ten_nobody") }, 0, default)).Should().BeEquivalentTo(new TaskPage([], 0));
    }

    private static TaskQuery Of(GenerationStatus status) => new() { Tenant = Ann, Limit = 100, Status = status };

    private static int Number(GenerationTask task) => int.Parse(task.Id.Value[^16..]);

    private async Task<IEnumerable<int>> ListAsync(TaskQuery query) => (await Store.Tasks.ListAsync(query, default)).Select(Number);

    private async Task<ManyTasks> FillAsync()
    {
        var anns = await new ManyTasks(Accounts, Ann).GrantAsync(1000m, Noon);
        for (var i = 0; i < 8; i++)
        {
            await anns.AcceptAsync(i, Noon.AddSeconds(i), 10m, t => Sample(t, i));
        }

        var bobs = await new ManyTasks(Accounts, Bob).GrantAsync(1000m, Noon);
        await bobs.AcceptAsync(8, Noon, 10m, t => Sample(t, 8));
        return anns;
    }

    private static GenerationTask Sample(GenerationTask task, int i) => task with
    {
        Request = task.Request with
        {
            Model = i < 4 ? "model-a" : "model-b",
            EndUser = i % 2 == 0 ? null : "u1",
            Metadata = ManyTasks.Pairs(("parity", $"{i % 2}"), ("third", $"{i % 3}"), ("a \"b\" é💃", i % 4 == 0 ? "x\\y\n" : "")),
        },
    };
}
