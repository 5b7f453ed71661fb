using Microsoft.Extensions.Logging;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Postgres.Writing;

/// <summary>All that commits units. A tenant is always on the same lane, so that its units do not wait for each other's locks.</summary>
internal sealed class PostgresLanes : IAsyncDisposable
{
    private readonly PostgresLane[] _lanes;
    private readonly StorageMetrics _metrics;

    public PostgresLanes(PostgresEngine engine, StorageMetrics metrics, ILogger<PostgresLane> logger)
    {
        _metrics = metrics;
        _lanes = [.. Enumerable.Range(0, engine.Options.Lanes).Select(_ => new PostgresLane(engine, metrics, logger))];
    }

    /// <summary>Commits a unit of an account; the task ends when it is durable.</summary>
    public Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken) =>
        CommitAsync(unit.Tenant, new PendingAccountCommit(new(unit), cancellationToken));

    /// <summary>Commits a step; the task ends when it is durable.</summary>
    public Task<CommitOutcome> CommitAsync(TaskUnit unit, CancellationToken cancellationToken) =>
        CommitAsync(unit.Task.Tenant, new PendingStepCommit(new(unit), cancellationToken));

    /// <summary>Writes what waits, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            await lane.DisposeAsync();
        }
    }

    private async Task<CommitOutcome> CommitAsync(TenantId tenant, PendingCommit commit)
    {
        _lanes[(uint)tenant.GetHashCode() % (uint)_lanes.Length].Add(commit);
        var outcome = await commit.Task;
        if (outcome is CommitOutcome.Lost { Fence: var fence })
        {
            _metrics.Lost(fence);
        }

        return outcome;
    }
}
