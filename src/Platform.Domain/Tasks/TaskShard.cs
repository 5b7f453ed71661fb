using Platform.Domain.Tenants;

namespace Platform.Domain.Tasks;

/// <summary>Spreads tasks over the sweepers, the same way on every silo and in every version.</summary>
public static class TaskShard
{
    /// <summary>Number of shards; stored with each task, so that changing it takes a migration.</summary>
    public const int Count = 16;

    /// <summary>The shard of a task, 0 to <see cref="Count"/> − 1.</summary>
    public static int Of(TenantId tenant, TaskId task)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 2166136261u;
        foreach (var c in tenant.Value)
        {
            hash = (hash ^ c) * 16777619u;
        }

        foreach (var c in task.Value)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return (int)(hash % Count);
    }
}
