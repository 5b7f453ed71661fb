using System.Collections.Immutable;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Conformance.Store;

/// <summary>Fills a store with tasks that differ in what lists and sums go by.</summary>
public sealed class ManyTasks(IAccountStore accounts, TenantId tenant)
{
    private readonly Dictionary<TaskId, GenerationTask> _tasks = [];
    private Account _account = Account.Open(tenant);

    public GenerationTask this[int number] => _tasks[Samples.TaskId(number)];

    public Account Account => _account;

    public static ImmutableSortedDictionary<string, string> Pairs(params (string Key, string Value)[] pairs) =>
        pairs.ToImmutableSortedDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);

    public async Task<ManyTasks> GrantAsync(decimal credits, DateTimeOffset at, DateTimeOffset? expiresAt = null)
    {
        await CommitAsync(Units.Grant(_account, $"grant-{_account.Version}", credits, at, expiresAt));
        return this;
    }

    public Task AdjustAsync(decimal credits, DateTimeOffset at) => CommitAsync(Units.Adjust(_account, $"adjust-{_account.Version}", credits, at));

    public async Task<GenerationTask> AcceptAsync(
        int number, DateTimeOffset at, decimal credits = 10m, Func<GenerationTask, GenerationTask>? change = null)
    {
        var unit = Units.Accept(_account, Samples.TaskId(number), credits, at);
        var task = unit.Accepted[0].Task;
        task = change?.Invoke(task) ?? task with { Request = task.Request with { Metadata = Pairs(), EndUser = null } };
        await CommitAsync(unit with { Accepted = [unit.Accepted[0] with { Task = task }] });
        return _tasks[task.Id] = task;
    }

    public async Task ResolveAsync(int number, decimal settle, DateTimeOffset at)
    {
        var unit = Units.Resolve(_account, this[number], settle, at);
        await CommitAsync(unit);
        _tasks[unit.Resolved[0].Task.Id] = unit.Resolved[0].Task;
    }

    public async Task CancelAsync(int number, DateTimeOffset at)
    {
        var unit = Units.Resolve(_account, this[number], 0m, at);
        TaskEvent cancelled = new TaskEvent.Cancelled(false) { At = at };
        var task = TaskDecider.Apply(this[number], [cancelled]);
        var resolved = unit.Resolved[0];
        await CommitAsync(unit with
        {
            Resolved =
            [
                resolved with
                {
                    Task = task,
                    Events = [cancelled],
                    Resolution = resolved.Resolution with { Outcome = GenerationStatus.Cancelled },
                },
            ],
        });
        _tasks[task.Id] = task;
    }

    private async Task CommitAsync(AccountUnit unit)
    {
        (await accounts.CommitAsync(unit, default)).Should().BeOfType<Domain.CommitOutcome.Committed>();
        _account = unit.After;
    }
}
