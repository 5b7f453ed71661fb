using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Simulation.Surroundings;

namespace Platform.Simulation.Checks;

/// <summary>The one way to the store's commits: each that changes something is followed by a recount from the rows.</summary>
internal sealed class Books(World world)
{
    private readonly Recount _recount = new(world);
    private readonly Dictionary<(TenantId, string), TaskId> _keys = [];
    private readonly Dictionary<TaskKey, long> _acceptedBy = [];

    /// <summary>Number of commits so far.</summary>
    public long Commits { get; private set; }

    /// <summary>All tasks that were accepted, in order.</summary>
    public List<TaskKey> Tasks { get; } = [];

    public GenerationTask? Find(TaskKey key) => StoreConnection.Now(world.Memory.FindAsync(key.Tenant, key.Id, CancellationToken.None));

    public Account Load(TenantId tenant) => StoreConnection.Now(world.Memory.LoadAsync(tenant, CancellationToken.None));

    /// <summary>Whether a task was accepted by a commit with at most this number.</summary>
    public bool WasAcceptedBy(TaskKey task, long commit) => _acceptedBy.TryGetValue(task, out var by) && by <= commit;

    public CommitOutcome Commit(TaskUnit unit)
    {
        var key = new TaskKey(unit.Task.Tenant, unit.Task.Id);
        var before = Find(key);
        var outcome = StoreConnection.Now(world.Memory.CommitAsync(unit, CancellationToken.None));
        world.Say(() => $"  {unit.Task.Id} {unit.Task.Phase.GetType().Name}: {string.Join(", ", unit.Events)} → {outcome}");
        if (outcome is CommitOutcome.Lost lost)
        {
            world.Coverage.Happened($"fence lost: {lost.Fence}");
            return outcome;
        }

        Commits++;
        world.Coverage.Happened("task commit");
        if (before is not null)
        {
            Count(before, unit.Events);
        }

        _recount.Check(unit.Task.Tenant);
        return outcome;
    }

    public CommitOutcome Commit(AccountUnit unit)
    {
        var account = Load(unit.Tenant);
        var before = unit.Resolved.Select(r => Find(new(unit.Tenant, r.Task.Id))).ToList();
        var outcome = StoreConnection.Now(world.Memory.CommitAsync(unit, CancellationToken.None));
        world.Say(() => $"  {unit.Tenant} {unit.ExpectedVersion}: {string.Join(", ", unit.Entries.Select(e => $"{e.Kind} {e.OperationId}"))} → {outcome}");
        if (outcome is CommitOutcome.Lost lost)
        {
            world.Coverage.Happened($"fence lost: {lost.Fence}");
            return outcome;
        }

        Commits++;
        world.Coverage.Happened("account commit");
        world.Coverage.Happened(unit.Entries.Length > 1 ? "group of several entries" : "group of one entry");
        for (var i = 0; i < unit.Resolved.Length; i++)
        {
            if (before[i] is { } task)
            {
                Count(task, unit.Resolved[i].Events);
            }

            world.Coverage.Happened($"task {unit.Resolved[i].Task.Status}");
        }

        foreach (var accepted in unit.Accepted)
        {
            Accepted(unit.Tenant, accepted);
        }

        foreach (var _ in unit.Promoted)
        {
            world.Coverage.Happened("task promoted");
        }

        Count(account, unit);
        _recount.Check(unit.Tenant);
        return outcome;
    }

    /// <summary>What must hold once nothing is under way any more.</summary>
    public void CheckAtRest()
    {
        foreach (var tenant in world.Tenants)
        {
            _recount.Check(tenant);
            _recount.CheckAtRest(tenant);
        }
    }

    private void Accepted(TenantId tenant, AcceptedTask accepted)
    {
        var key = new TaskKey(tenant, accepted.Task.Id);
        world.Require(
            Invariant.RepeatsGiveTheSameAnswer, _acceptedBy.TryAdd(key, Commits), () => $"{key.Id} is accepted twice");
        Tasks.Add(key);
        if (accepted.Idempotency is { } record)
        {
            world.Require(
                Invariant.RepeatsGiveTheSameAnswer,
                _keys.TryAdd((tenant, record.Key), key.Id),
                () => $"key {record.Key} has made {_keys[(tenant, record.Key)]} and {key.Id}");
        }

        if (accepted.Hold.Queued)
        {
            world.Coverage.Happened("task queued");
        }
    }

    // Each event is one command's, so that what was committed says what was decided.
    private void Count(GenerationTask task, IEnumerable<TaskEvent> events)
    {
        foreach (var happened in events)
        {
            var command = happened switch
            {
                TaskEvent.InputsCopied => nameof(TaskCommand.RecordInputs),
                TaskEvent.AttemptStarted => nameof(TaskCommand.StartAttempt),
                TaskEvent.AttemptAccepted => nameof(TaskCommand.RecordAccepted),
                TaskEvent.AttemptRefused => nameof(TaskCommand.RecordRefused),
                TaskEvent.AttemptUnclear => nameof(TaskCommand.RecordUnclear),
                TaskEvent.AttemptResent => nameof(TaskCommand.RecordNotFound),
                TaskEvent.OutputReady or TaskEvent.LateOutput => nameof(TaskCommand.RecordOutput),
                TaskEvent.AttemptFailed => nameof(TaskCommand.RecordAttemptFailed),
                TaskEvent.CancelRequested => nameof(TaskCommand.RequestCancel),
                TaskEvent.CancelDeclined => nameof(TaskCommand.RecordCancelDeclined),
                TaskEvent.Completed => nameof(TaskCommand.Complete),
                TaskEvent.Failed => nameof(TaskCommand.Fail),
                TaskEvent.Cancelled e => e.UpstreamStopped ? "CancelStopped" : "CancelUnstopped",
                TaskEvent.MediaErased => nameof(TaskCommand.EraseMedia),
                _ => happened.GetType().Name,
            };
            world.Coverage.Decided(Coverage.PairOf(task, command));
            world.Coverage.Happened($"event {happened.GetType().Name}");
        }
    }

    private void Count(Account account, AccountUnit unit)
    {
        foreach (var entry in unit.Entries)
        {
            AccountCommand? command = entry.Kind switch
            {
                LedgerEntryKind.Grant => new AccountCommand.Grant { Now = entry.At, GrantId = "", Amount = default },
                LedgerEntryKind.Hold => new AccountCommand.Reserve { Now = entry.At, TaskId = entry.TaskId!.Value, Amount = default, Limits = world.Limits },
                LedgerEntryKind.Adjustment => new AccountCommand.Adjust { Now = entry.At, AdjustmentId = "", Amount = default, Reason = "" },
                _ => null,
            };
            if (command is not null)
            {
                world.Coverage.Decided(Coverage.PairOf(account, command, world.Limits));
            }
        }

        foreach (var resolved in unit.Resolved)
        {
            world.Coverage.Decided(Coverage.PairOf(
                account,
                new AccountCommand.Resolve { Now = resolved.Resolution.At, TaskId = resolved.Task.Id, Settle = default, Limits = world.Limits },
                world.Limits));
        }
    }
}
