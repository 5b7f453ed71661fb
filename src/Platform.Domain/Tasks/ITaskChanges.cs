using Platform.Domain.Tenants;

namespace Platform.Domain.Tasks;

/// <summary>Says that a task has a new version. What changed is read from the store: several changes may have become one by then.</summary>
/// <param name="Id">The task.</param>
/// <param name="Version">Its version.</param>
public readonly record struct TaskChange(TaskId Id, long Version);

/// <summary>Tells of changes of tasks as they are committed.</summary>
public interface ITaskChanges
{
    /// <summary>
    /// Changes of one tenant's tasks from now on, in the order of their commits. It ends when the token is cancelled, or when the
    /// listener falls so far behind that changes would be lost: then it has to look at the list of tasks and listen anew.
    /// </summary>
    IAsyncEnumerable<TaskChange> ListenAsync(TenantId tenant, CancellationToken cancellationToken);
}
