using Platform.Domain.Credits;
using Platform.Domain.ServiceLevels;
using Platform.Domain.Statements;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Usage;

namespace Platform.Storage.Memory;

public partial class MemoryStore : ITaskQueries, ILedgerReader, IUsageReader, IServiceLevelReader
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<GenerationTask>> FindManyAsync(TenantId tenant, IReadOnlyList<TaskId> ids, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<GenerationTask>>(
            () => [.. ids.Select(id => _tasks.GetValueOrDefault(new(tenant, id))?.Task).OfType<GenerationTask>()], cancellationToken);

    /// <inheritdoc/>
    public Task<TaskPage> ListPageAsync(TaskQuery query, int offset, CancellationToken cancellationToken) =>
        WithLock(
            () => new TaskPage(
                [.. Matching(query).Skip(offset).Take(query.Limit)], Matching(query with { After = null }).LongCount()),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerEntry>> ListAsync(LedgerQuery query, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<LedgerEntry>>(
            () =>
            [
                .. (Books(query.Tenant)?.Entries ?? [])
                    .Where(e => e.Sequence < (query.Before ?? long.MaxValue)
                        && (query.From is null || e.At >= UnixTime.Truncate(query.From))
                        && (query.To is null || e.At < UnixTime.Truncate(query.To))
                        && (query.Kind is null || e.Kind == query.Kind)
                        && (query.TaskId is null || e.TaskId == query.TaskId))
                    .OrderByDescending(e => e.Sequence)
                    .Take(query.Limit),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UsageRow>> ReadAsync(UsageQuery query, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<UsageRow>>(() => AddUp(query), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EndCount>> CountEndsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<EndCount>>(
            () =>
            [
                .. _tasks.Values.Select(t => t.Task)
                    .Where(t => t.EndedAt >= UnixTime.Truncate(from) && t.EndedAt < UnixTime.Truncate(to)
                        && t.Status != GenerationStatus.Cancelled && !t.Tenant.IsTestWorkspace)
                    .GroupBy(t => (
                        t.Request.Model,
                        Hour: UnixTime.ToTime(UnixTime.Of(t.EndedAt!.Value) / 3_600_000 * 3_600_000),
                        Completed: t.Status == GenerationStatus.Completed,
                        Tenths: (UnixTime.Of(t.EndedAt!.Value) - UnixTime.Of(t.CreatedAt) + 50) / 100))
                    .Select(g => new EndCount(g.Key.Model, g.Key.Hour, g.Key.Completed, g.Key.Tenths, g.LongCount())),
            ],
            cancellationToken);

    private List<UsageRow> AddUp(UsageQuery query)
    {
        var books = Books(query.Tenant);
        var groups = (books?.Tasks ?? [])
            .Select(t => (t.Task, At: t.Task.EndedAt ?? t.Task.CreatedAt))
            .Where(t => (t.Task.IsTerminal || query.CountsUnfinished)
                && t.At >= UnixTime.Truncate(query.From)
                && t.At < UnixTime.Truncate(query.To)
                && (query.Status is null || t.Task.Status == query.Status))
            .GroupBy(t => (
                Day: Has(UsageDimensions.Day) ? DateOnly.FromDateTime(t.At.UtcDateTime) : (DateOnly?)null,
                Model: Has(UsageDimensions.Model) ? t.Task.Request.Model : null,
                Quality: Has(UsageDimensions.Quality) ? t.Task.Request.Quality : null,
                Key: Has(UsageDimensions.Key) ? t.Task.ApiKeyId : null,
                Status: Has(UsageDimensions.Status) ? t.Task.Status : (GenerationStatus?)null,
                EndUser: Has(UsageDimensions.EndUser) ? t.Task.Request.EndUser : null))
            .OrderBy(g => g.Key.Day)
            .ThenBy(g => g.Key.Model, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Quality, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Key, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Status)
            .ThenBy(g => g.Key.EndUser, StringComparer.Ordinal)
            .Take(query.Limit)
            .Select(g => Row([.. g.Select(t => t.Task)]) with
            {
                Day = g.Key.Day,
                Model = g.Key.Model,
                Quality = g.Key.Quality,
                Key = g.Key.Key,
                Status = g.Key.Status,
                EndUser = g.Key.EndUser,
            })
            .ToList();
        return groups.Count == 0 && query.GroupBy == UsageDimensions.None ? [Row([])] : groups;

        bool Has(UsageDimensions dimension) => query.GroupBy.HasFlag(dimension);

        UsageRow Row(List<GenerationTask> tasks)
        {
            var ends = tasks.Select(t => books?.Resolutions.GetValueOrDefault(t.Id)).OfType<TaskResolution>().ToList();
            return new()
            {
                Tasks = tasks.Count,
                Completed = tasks.LongCount(t => t.Status == GenerationStatus.Completed),
                Failed = tasks.LongCount(t => t.Status == GenerationStatus.Failed),
                Cancelled = tasks.LongCount(t => t.Status == GenerationStatus.Cancelled),
                SecondsBilled = ends.Sum(e => (long)e.BilledSeconds),
                CreditsUsed = ends.Aggregate(CreditAmount.Zero, (sum, e) => sum + e.Settled),
            };
        }
    }
}
