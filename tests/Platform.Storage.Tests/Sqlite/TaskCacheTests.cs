using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Sqlite;

namespace Platform.Storage.Tests.Sqlite;

public sealed class TaskCacheTests
{
    private readonly TaskCache _cache = new(capacity: 4);

    [Fact]
    public void Find_KeptTask_IsItAndNoOtherTenants()
    {
        var task = Keep(1);

        _cache.Find(Key(task)).Should().BeSameAs(task);
        _cache.Find(Key(task) with { Tenant = new("ten_other") }).Should().BeNull();
    }

    [Fact]
    public void Keep_CommittedSinceItWasRead_IsRefused()
    {
        var task = Sample(1);
        var stamp = _cache.Stamp(Key(task));
        _cache.Forget(Key(task));

        _cache.Keep(Key(task), task, stamp);

        _cache.Find(Key(task)).Should().BeNull();
    }

    [Fact]
    public void Keep_OlderThanWhatIsKept_IsRefused()
    {
        var task = Sample(1);
        var newer = task with { Version = task.Version + 1 };
        var stamp = _cache.Stamp(Key(task));
        _cache.Keep(Key(task), newer, stamp);

        _cache.Keep(Key(task), task, stamp);

        _cache.Find(Key(task)).Should().BeSameAs(newer);
    }

    [Fact]
    public void Forget_KeptTask_IsGoneFromBothHalves()
    {
        var task = Keep(1);
        _cache.Forget(Key(task));
        _cache.Find(Key(task)).Should().BeNull();

        var old = Keep(2);
        for (var i = 3; i <= 7; i++)
        {
            Keep(i);
        }

        _cache.Forget(Key(old));
        _cache.Find(Key(old)).Should().BeNull();
    }

    [Fact]
    public void Keep_MoreThanBothHalvesHold_DropsWhatNobodyAskedFor()
    {
        var wanted = Keep(0);
        var unwanted = Keep(1);
        for (var i = 2; i < 20; i++)
        {
            Keep(i);
            _cache.Find(Key(wanted)).Should().BeSameAs(wanted);
        }

        _cache.Find(Key(unwanted)).Should().BeNull();
    }

    [Fact]
    public void Keep_NoCapacity_KeepsNothing()
    {
        var none = new TaskCache(0);
        var task = Sample(1);

        none.Keep(Key(task), task, none.Stamp(Key(task)));

        none.Find(Key(task)).Should().BeNull();
    }

    private static GenerationTask Sample(int number) =>
        Samples.Task(new TenantId("ten_ann"), Samples.TaskId(number), DateTimeOffset.UnixEpoch, CreditAmount.From(1));

    private static TaskKey Key(GenerationTask task) => new(task.Tenant, task.Id);

    private GenerationTask Keep(int number)
    {
        var task = Sample(number);
        _cache.Keep(Key(task), task, _cache.Stamp(Key(task)));
        return task;
    }
}
