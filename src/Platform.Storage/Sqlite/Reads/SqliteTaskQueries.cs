using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Sqlite;

/// <summary>Reads of several tasks on SQLite.</summary>
internal sealed class SqliteTaskQueries(SqliteEngine engine) : ITaskQueries
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<GenerationTask>> FindManyAsync(
        TenantId tenant, IReadOnlyList<TaskId> ids, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            (tenant, ids),
            static (database, wanted) => database.Snapshot(wanted, FindEach),
            cancellationToken);

    /// <inheritdoc/>
    public Task<TaskPage> ListPageAsync(TaskQuery query, int offset, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            (query, offset),
            static (database, wanted) => database.Snapshot(wanted, static (snapshot, asked) => new TaskPage(
                TaskListSql.List(snapshot, asked.query, asked.offset).All(SqliteTaskStore.ReadTask),
                TaskListSql.Count(snapshot, asked.query).First(static row => row.Int64(0)))),
            cancellationToken);

    private static List<GenerationTask> FindEach(SqliteConnection database, (TenantId Tenant, IReadOnlyList<TaskId> Ids) wanted)
    {
        var found = new List<GenerationTask>(wanted.Ids.Count);
        foreach (var id in wanted.Ids)
        {
            if (SqliteTaskStore.Find(database, wanted.Tenant, id) is { } task)
            {
                found.Add(task);
            }
        }

        return found;
    }
}
