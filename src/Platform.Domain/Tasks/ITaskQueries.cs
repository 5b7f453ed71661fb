using Platform.Domain.Tenants;

namespace Platform.Domain.Tasks;

/// <summary>A page of a list of tasks that is read by its number.</summary>
/// <param name="Tasks">The tasks of the page, newest first.</param>
/// <param name="Total">Number of tasks on all pages, as of the same moment.</param>
public sealed record TaskPage(IReadOnlyList<GenerationTask> Tasks, long Total);

/// <summary>Reads of several tasks of one tenant at once. Rows of other tenants are neither returned nor looked at.</summary>
public interface ITaskQueries
{
    /// <summary>Finds tasks by their ids, as of one moment, in the order of the ids; those that the tenant does not have are left out.</summary>
    /// <param name="tenant">Whose tasks.</param>
    /// <param name="ids">The ids, each once; at most 100.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    Task<IReadOnlyList<GenerationTask>> FindManyAsync(TenantId tenant, IReadOnlyList<TaskId> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Lists tasks behind the first <paramref name="offset"/>, and counts all that match. Each page costs what all pages before it hold,
    /// and tasks that come meanwhile shift the pages: <see cref="ITaskStore.ListAsync"/> has neither fault.
    /// </summary>
    Task<TaskPage> ListPageAsync(TaskQuery query, int offset, CancellationToken cancellationToken);
}
