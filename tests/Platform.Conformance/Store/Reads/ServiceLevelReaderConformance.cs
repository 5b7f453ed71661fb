using Platform.Domain.ServiceLevels;

namespace Platform.Conformance.Store;

/// <summary>What every <see cref="IServiceLevelReader"/> must do.</summary>
public abstract class ServiceLevelReaderConformance : StoreConformance
{
    [Fact]
    public async Task CountEndsAsync_TasksOfAllTenants_AreCountedByModelHourEndAndTime()
    {
        var anns = await new ManyTasks(Accounts, Ann).GrantAsync(1000m, Noon);
        var bobs = await new ManyTasks(Accounts, Bob).GrantAsync(1000m, Noon);
        var tests = await new ManyTasks(Accounts, Ann.TestWorkspace).GrantAsync(1000m, Noon);
        foreach (var (tasks, first) in new[] { (anns, 0), (bobs, 10), (tests, 20) })
        {
            for (var i = 0; i < 6; i++)
            {
                await tasks.AcceptAsync(first + i, Noon, 1m, t => t with { Request = t.Request with { Model = i == 5 ? "model-b" : "model-a" } });
            }
        }

        // To the nearest tenth: 61.95 s and 62.04 s are one, a failure after the same time is another.
        await anns.ResolveAsync(0, 1m, Noon.AddMilliseconds(61_950));
        await bobs.ResolveAsync(10, 1m, Noon.AddMilliseconds(62_049));
        await anns.ResolveAsync(1, 0m, Noon.AddMilliseconds(62_000));
        await bobs.ResolveAsync(11, 1m, Noon.AddHours(1));
        await anns.ResolveAsync(5, 1m, Noon.AddHours(1).AddMilliseconds(-1));

        // Out of the range, cancelled, of a test key, not ended.
        await anns.ResolveAsync(2, 1m, Noon.AddHours(2));
        await anns.CancelAsync(3, Noon.AddMinutes(1));
        await tests.ResolveAsync(20, 0m, Noon.AddMinutes(1));

        (await Store.Reads.ServiceLevels.CountEndsAsync(Noon, Noon.AddHours(2), default)).Should().BeEquivalentTo(
        [
            new EndCount("model-a", Noon, true, 620, 2),
            new EndCount("model-a", Noon, false, 620, 1),
            new EndCount("model-a", Noon.AddHours(1), true, 36_000, 1),
            new EndCount("model-b", Noon, true, 36_000, 1),
        ]);
        (await Store.Reads.ServiceLevels.CountEndsAsync(Noon.AddMilliseconds(62_049), Noon.AddMilliseconds(62_050), default))
            .Should().ContainSingle("the range is half open");
    }
}
