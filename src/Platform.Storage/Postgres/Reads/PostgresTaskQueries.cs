using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Postgres.Reads;

/// <summary>Reads of several tasks on PostgreSQL.</summary>
internal sealed class PostgresTaskQueries(PostgresEngine engine) : ITaskQueries
{
    /// <summary>Finds tasks by tenant, ids and the ids' months.</summary>
    public const string FindManySql =
        $"SELECT {PostgresTaskStore.Columns} FROM tasks t WHERE t.tenant = $1 AND t.id = ANY($2) AND t.month = ANY($3)";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<GenerationTask>> FindManyAsync(
        TenantId tenant, IReadOnlyList<TaskId> ids, CancellationToken cancellationToken)
    {
        var found = await engine.AllAsync(
            new PostgresStatement(FindManySql)
                .Bind(tenant.Value)
                .Bind([.. ids.Select(id => id.Value)])
                .Bind([.. ids.Select(TaskMonth.Of).Distinct()]),
            PostgresTaskStore.ReadTask,
            cancellationToken);
        var byId = found.ToDictionary(t => t.Id);
        return [.. ids.Where(byId.ContainsKey).Select(id => byId[id])];
    }

    /// <inheritdoc/>
    public Task<TaskPage> ListPageAsync(TaskQuery query, int offset, CancellationToken cancellationToken) => engine.SnapshotAsync(
        async connection =>
        {
            var tasks = await PostgresEngine.AllAsync(
                connection, PostgresTaskListSql.List(query, offset), PostgresTaskStore.ReadTask, cancellationToken);
            var total = await PostgresEngine.AllAsync(
                connection, PostgresTaskListSql.Count(query), static row => row.Int64(0), cancellationToken);
            return new TaskPage(tasks, total[0]);
        },
        cancellationToken);
}
