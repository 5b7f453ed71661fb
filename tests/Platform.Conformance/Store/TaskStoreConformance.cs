using System.Collections.Immutable;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;

namespace Platform.Conformance.Store;

/// <summary>What every <see cref="ITaskStore"/> must do.</summary>
public abstract class TaskStoreConformance : StoreConformance
{
    private static readonly DateTimeOffset Due = Noon.AddMinutes(1);

    private ITaskStore Tasks => Store.Tasks;

    [Fact]
    public async Task FindAsync_UnknownOrAnotherTenants_IsNull()
    {
        await AcceptAsync(Ann, 1);

        (await Tasks.FindAsync(Ann, Samples.TaskId(2), default)).Should().BeNull();
        (await Tasks.FindAsync(Bob, Samples.TaskId(1), default)).Should().BeNull();
        (await Tasks.HistoryAsync(Bob, Samples.TaskId(1), default)).Should().BeEmpty();
    }

    [Fact]
    public async Task CommitAsync_Step_MovesTheTaskAndItsDueTimeAndKeepsItsHistory()
    {
        var (task, _) = await AcceptAsync(Ann, 1);
        TaskEvent copied = new TaskEvent.InputsCopied([]) { At = Noon.AddSeconds(1) };
        TaskEvent started = new TaskEvent.AttemptStarted("att_1", "r", "sandbox", "main", 0.0283m, Noon.AddSeconds(9), [new("x", "disabled", true)])
        {
            At = Noon.AddSeconds(2),
        };
        var step = Units.Step(task, Noon.AddMinutes(9), copied, started);

        (await Tasks.CommitAsync(step, default)).Should().Be(new CommitOutcome.Committed());

        (await Tasks.FindAsync(Ann, task.Id, default)).Should().BeEquivalentTo(step.Task, ByContent);
        (await Tasks.HistoryAsync(Ann, task.Id, default)).Skip(1).Should().BeEquivalentTo([copied, started], ByContent);
        (await ClaimAsync(task.Id, Noon.AddMinutes(9).AddMilliseconds(-1))).Should().BeEmpty();
        (await ClaimAsync(task.Id, Noon.AddMinutes(9))).Should().ContainSingle();
    }

    [Fact]
    public async Task CommitAsync_StaleVersionOrNoTask_Loses()
    {
        var (task, _) = await AcceptAsync(Ann, 1);
        var step = Units.Step(task, Due, new TaskEvent.CancelRequested { At = Noon });
        (await Tasks.CommitAsync(step, default)).Should().Be(new CommitOutcome.Committed());
        var unknown = Units.Step(task with { Id = Samples.TaskId(2) }, Due, new TaskEvent.CancelRequested { At = Noon });
        var none = unknown with { ExpectedVersion = 0, Task = unknown.Task with { Version = 1 } };

        (await Tasks.CommitAsync(step, default)).Should().Be(Lost(Fence.TaskVersion, task.Id.Value));
        (await Tasks.CommitAsync(unknown, default)).Should().Be(Lost(Fence.TaskVersion, Samples.TaskId(2).Value));
        (await Tasks.CommitAsync(none, default)).Should().Be(Lost(Fence.TaskVersion, Samples.TaskId(2).Value));

        (await Tasks.HistoryAsync(Ann, task.Id, default)).Should().HaveCount(2);
        (await Tasks.FindAsync(Ann, Samples.TaskId(2), default)).Should().BeNull();
    }

    [Fact]
    public async Task CommitAsync_ManyAtOneVersion_OneWins()
    {
        var (task, _) = await AcceptAsync(Ann, 1);
        for (var round = 0; round < 5; round++)
        {
            var steps = Enumerable.Range(0, 16)
                .Select(i => Units.Step(task with { ApiKeyId = $"key_{i}" }, Due, new TaskEvent.CancelRequested { At = Noon }))
                .ToArray();

            var outcomes = await AtOnceAsync(steps.Length, i => Tasks.CommitAsync(steps[i], default));

            outcomes.Count(o => o is CommitOutcome.Committed).Should().Be(1);
            task = steps[Array.FindIndex(outcomes, o => o is CommitOutcome.Committed)].Task;
            (await Tasks.FindAsync(Ann, task.Id, default)).Should().BeEquivalentTo(task, ByContent);
            (await Tasks.HistoryAsync(Ann, task.Id, default)).Should().HaveCount(round + 2);
        }
    }

    [Fact]
    public async Task CommitAsync_StepThatNobodyWouldLookAfter_Throws()
    {
        var (task, _) = await AcceptAsync(Ann, 1);
        TaskUnit[] wrong =
        [
            Units.Step(task, dueAt: null, new TaskEvent.CancelRequested { At = Noon }),
            Units.Step(task, Due, new TaskEvent.Cancelled(false) { At = Noon }),
            Units.Step(task, Due) with { ExpectedVersion = 5 },
        ];

        foreach (var unit in wrong)
        {
            var act = () => Tasks.CommitAsync(unit, default);
            await act.Should().ThrowAsync<Exception>();
        }

        (await Tasks.FindAsync(Ann, task.Id, default)).Should().BeEquivalentTo(task, ByContent);
    }

    [Fact]
    public async Task CommitAsync_LateOutputOfAnEndedTask_IsKeptAndNotDue()
    {
        var (task, account) = await AcceptAsync(Ann, 1);
        var end = Units.Resolve(account, task, 0m, Noon);
        await CommitAsync(end);
        var late = Units.Step(
            end.Resolved[0].Task, Due, new TaskEvent.LateOutput("att_1", new UpstreamOutput("https://example.com/v.mp4", 5.0m)) { At = Noon.AddHours(1) });

        (await Tasks.CommitAsync(late, default)).Should().Be(new CommitOutcome.Committed());

        (await Tasks.FindAsync(Ann, task.Id, default)).Should().BeEquivalentTo(late.Task, ByContent);
        (await ClaimAsync(task.Id, Noon.AddYears(1))).Should().BeEmpty();
    }

    [Fact]
    public async Task CommitAsync_MediaErasedOfAnEndedTask_IsKeptAndNotDue()
    {
        var (task, account) = await AcceptAsync(Ann, 1);
        var end = Units.Resolve(account, task, 10m, Noon);
        await CommitAsync(end);
        TaskEvent erased = new TaskEvent.MediaErased { At = Noon.AddHours(1) };
        var erase = Units.Step(end.Resolved[0].Task, dueAt: null, erased);

        (await Tasks.CommitAsync(erase, default)).Should().Be(new CommitOutcome.Committed());

        var found = await Tasks.FindAsync(Ann, task.Id, default);
        found.Should().BeEquivalentTo(erase.Task, ByContent);
        found!.MediaDeletedAt.Should().Be(Noon.AddHours(1));
        (await Tasks.HistoryAsync(Ann, task.Id, default))[^1].Should().Be(erased);
        (await ClaimAsync(task.Id, Noon.AddYears(1))).Should().BeEmpty();
        (await BooksAudit.RunAsync(Store.Books, 10, default)).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task ListAsync_PagesWhileTasksAreAdded_ShowsEachOnceNewestFirst()
    {
        // Some of one millisecond: then the id decides.
        var account = await GrantAsync(Ann);
        var expected = new List<TaskId>();
        for (var i = 0; i < 23; i++)
        {
            account = await CommitAsync(Units.Accept(account, Samples.TaskId(i), 1m, Noon.AddMilliseconds(i / 4)));
            expected.Insert(0, Samples.TaskId(i));
        }

        await AcceptAsync(Bob, 99);
        var listed = new List<TaskId>();
        TaskCursor? after = null;
        for (var next = 1000; ; next++)
        {
            var page = await Tasks.ListAsync(new() { Tenant = Ann, Limit = 5, After = after }, default);
            if (page.Count == 0)
            {
                break;
            }

            listed.AddRange(page.Select(t => t.Id));
            after = new(page[^1].CreatedAt, page[^1].Id);
            account = await CommitAsync(Units.Accept(account, Samples.TaskId(next), 1m, Noon.AddSeconds(next)));
        }

        listed.Should().Equal(expected);
    }

    [Fact]
    public async Task ListAsync_Filters_ShowsWhatMatchesAll()
    {
        var account = await GrantAsync(Ann);
        for (var i = 0; i < 6; i++)
        {
            var unit = Units.Accept(account, Samples.TaskId(i), 1m, Noon.AddSeconds(i));
            var task = unit.Accepted[0].Task;
            var model = i % 2 == 0 ? "model-a" : "model-b";
            account = await CommitAsync(unit with
            {
                Accepted = [unit.Accepted[0] with { Task = task with { Request = task.Request with { Model = model } } }],
            });
        }

        var second = (await Tasks.FindAsync(Ann, Samples.TaskId(2), default))!;
        await CommitAsync(Units.Resolve(account, second, 0m, Noon.AddMinutes(1)));

        (await ListAsync(new() { Tenant = Ann, Limit = 100, Status = GenerationStatus.Failed })).Should().Equal(2);
        (await ListAsync(new() { Tenant = Ann, Limit = 100, Status = GenerationStatus.Pending })).Should().Equal(5, 4, 3, 1, 0);
        (await ListAsync(new() { Tenant = Ann, Limit = 100, Model = "model-a" })).Should().Equal(4, 2, 0);
        (await ListAsync(new() { Tenant = Ann, Limit = 100, From = Noon.AddSeconds(2), To = Noon.AddSeconds(4) })).Should().Equal(3, 2);
        (await ListAsync(new() { Tenant = Ann, Limit = 1, From = Noon, To = Noon.AddHours(1), Model = "model-a", Status = GenerationStatus.Pending, After = new(Noon.AddSeconds(4), Samples.TaskId(4)) })).Should().Equal(0);
        (await ListAsync(new() { Tenant = Bob, Limit = 100 })).Should().BeEmpty();
    }

    [Fact]
    public async Task ClaimDueAsync_SomeDue_GivesTheLongestDueOfTheShardUntilTheLeaseEnds()
    {
        var account = await GrantAsync(Ann);
        var ids = Enumerable.Range(0, 60).Select(Samples.TaskId).Where(id => TaskShard.Of(Ann, id) == 3).Take(4).ToArray();
        ids.Should().HaveCount(4, "the samples must fill the shard");
        int[] dueAfter = [2, 0, 3, 1];
        for (var i = 0; i < ids.Length; i++)
        {
            account = await CommitAsync(Units.Accept(account, ids[i], 1m, Noon.AddSeconds(dueAfter[i])));
        }

        var lease = Due.AddMinutes(5);
        (await Tasks.ClaimDueAsync(4, Due.AddSeconds(9), lease, 10, default)).Should().NotContain(k => ids.Contains(k.Id));
        (await Tasks.ClaimDueAsync(3, Due.AddSeconds(2), lease, 2, default)).Select(k => k.Id).Should().Equal(ids[1], ids[3]);
        (await Tasks.ClaimDueAsync(3, Due.AddSeconds(2), lease, 10, default)).Should().Equal(new TaskKey(Ann, ids[0]));
        (await Tasks.ClaimDueAsync(3, Due.AddSeconds(2), lease, 10, default)).Should().BeEmpty();
        (await Tasks.ClaimDueAsync(3, lease.AddMilliseconds(-1), lease.AddMinutes(9), 10, default)).Select(k => k.Id).Should().Equal(ids[2]);
        (await Tasks.ClaimDueAsync(3, lease, lease.AddMinutes(9), 10, default)).Should().HaveCount(3);
    }

    [Fact]
    public async Task ClaimDueAsync_ManyAtOnce_GivesEachTaskOnce()
    {
        var account = await GrantAsync(Ann);
        const int Count = 64;
        for (var i = 0; i < Count; i++)
        {
            account = await CommitAsync(Units.Accept(account, Samples.TaskId(i), 1m, Noon));
        }

        var claims = await AtOnceAsync(
            TaskShard.Count * 4, i => Tasks.ClaimDueAsync(i % TaskShard.Count, Due, Due.AddMinutes(5), 3, default));

        var given = claims.SelectMany(c => c).ToList();
        given.Should().OnlyHaveUniqueItems();
        given.Should().HaveCountGreaterThan(Count / 2);
    }

    [Fact]
    public async Task ClaimDueAsync_StepCommittedMeanwhile_KeepsTheStepsDueTime()
    {
        var (task, _) = await AcceptAsync(Ann, 1);
        (await ClaimAsync(task.Id, Due)).Should().ContainSingle();

        await Tasks.CommitAsync(Units.Step(task, Noon.AddHours(2), new TaskEvent.CancelRequested { At = Noon }), default);

        (await ClaimAsync(task.Id, Noon.AddHours(2).AddMilliseconds(-1))).Should().BeEmpty();
        (await ClaimAsync(task.Id, Noon.AddHours(2))).Should().ContainSingle();
    }

    [Fact]
    public async Task MakeUnfinishedDueAsync_SomeQueuedSomeEnded_MakesOnlyTheOthersDue()
    {
        var limits = new AdmissionLimits(2, 10);
        var account = await GrantAsync(Ann);
        var units = new List<AccountUnit>();
        for (var i = 0; i < 4; i++)
        {
            units.Add(Units.Accept(account, Samples.TaskId(i), 1m, Noon, limits: limits));
            account = await CommitAsync(units[^1]);
        }

        // The first ends, so that of three waiting or running ones two run.
        await CommitAsync(Units.Resolve(account, units[0].Accepted[0].Task, 0m, Noon, limits));

        (await Tasks.MakeUnfinishedDueAsync(Noon.AddSeconds(-5), default)).Should().Be(2);

        (await ClaimAsync(Samples.TaskId(0), Noon.AddSeconds(-5))).Should().BeEmpty();
        (await ClaimAsync(Samples.TaskId(1), Noon.AddSeconds(-5))).Should().ContainSingle();
        (await ClaimAsync(Samples.TaskId(2), Noon.AddSeconds(-5))).Should().ContainSingle();
        (await ClaimAsync(Samples.TaskId(3), Noon.AddSeconds(-5))).Should().BeEmpty();
    }

    [Fact]
    public async Task ListUnansweredAsync_SomeWithKeySomeOldSomeEnded_GivesTheOthersNewestFirst()
    {
        var account = await GrantAsync(Ann);
        await GrantAsync(Bob);
        for (var number = 1; number <= 6; number++)
        {
            // The second came with a key, the first too long ago.
            account = await CommitAsync(WithDigest(Units.Accept(account, Samples.TaskId(number), 1m, Noon.AddMinutes(number)), number == 2 ? null : $"d{number}"));
        }

        var third = await Store.Tasks.FindAsync(Ann, Samples.TaskId(3), default);
        account = await CommitAsync(Units.Resolve(account, third!, 0m, Noon.AddMinutes(9)));

        var all = await Store.Tasks.ListUnansweredAsync(Ann, 0, Noon.AddMinutes(1), 10, default);
        all.Select(u => (u.Task.Id, u.Task.BodyDigest, u.Sequence)).Should().Equal(
            (Samples.TaskId(6), "d6", 7), (Samples.TaskId(5), "d5", 6), (Samples.TaskId(4), "d4", 5), (Samples.TaskId(3), "d3", 4));
        all[^1].Task.IsTerminal.Should().BeTrue();
        (await Store.Tasks.ListUnansweredAsync(Ann, 5, Noon, 10, default)).Select(u => u.Task.Id).Should().Equal(Samples.TaskId(6), Samples.TaskId(5));
        (await Store.Tasks.ListUnansweredAsync(Ann, 0, Noon, 1, default)).Select(u => u.Task.Id).Should().Equal(Samples.TaskId(6));
        (await Store.Tasks.ListUnansweredAsync(Bob, 0, Noon, 10, default)).Should().BeEmpty();
    }

    [Fact]
    public async Task FindIdempotencyKeyAsync_OtherTenantOrKey_IsNull()
    {
        var account = await GrantAsync(Ann);
        await CommitAsync(Units.Accept(account, Samples.TaskId(1), 1m, Noon, "Key"));

        (await Tasks.FindIdempotencyKeyAsync(Bob, "Key", default, default)).Should().BeNull();
        (await Tasks.FindIdempotencyKeyAsync(Ann, "key", default, default)).Should().BeNull();
        (await Tasks.FindIdempotencyKeyAsync(Ann, "Key", Noon, default)).Should().BeNull();
        (await Tasks.FindIdempotencyKeyAsync(Ann, "Key", Noon.AddMilliseconds(-1), default)).Should().NotBeNull();
    }

    [Fact]
    public async Task Restart_AfterSteps_FindsTaskHistoryAndSchedule()
    {
        var (task, _) = await AcceptAsync(Ann, 1);
        var step = Units.Step(task, Noon.AddHours(1), new TaskEvent.CancelRequested { At = Noon });
        await Tasks.CommitAsync(step, default);

        await RestartAsync();

        (await Tasks.FindAsync(Ann, task.Id, default)).Should().BeEquivalentTo(step.Task, ByContent);
        (await Tasks.HistoryAsync(Ann, task.Id, default)).Should().HaveCount(2);
        (await ClaimAsync(task.Id, Noon.AddHours(1).AddMilliseconds(-1))).Should().BeEmpty();
        (await ClaimAsync(task.Id, Noon.AddHours(1))).Should().ContainSingle();
    }

    private async Task<(GenerationTask Task, Account Account)> AcceptAsync(TenantId tenant, int number)
    {
        var unit = Units.Accept(await GrantAsync(tenant), Samples.TaskId(number), 10m, Noon);
        await CommitAsync(unit);
        return (unit.Accepted[0].Task, unit.After);
    }

    private async Task<IReadOnlyList<TaskKey>> ClaimAsync(TaskId id, DateTimeOffset now) =>
        [.. (await Tasks.ClaimDueAsync(TaskShard.Of(Ann, id), now, now.AddMinutes(5), 10, default)).Where(k => k.Id == id)];

    private async Task<IEnumerable<int>> ListAsync(TaskQuery query) =>
        (await Tasks.ListAsync(query, default)).Select(t => int.Parse(t.Id.Value[^16..])).ToImmutableArray();

    private static AccountUnit WithDigest(AccountUnit unit, string? digest) =>
        unit with { Accepted = [unit.Accepted[0] with { Task = unit.Accepted[0].Task with { BodyDigest = digest } }] };
}
