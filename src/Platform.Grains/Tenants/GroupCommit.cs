using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Grains.Contracts;
using Platform.Grains.Telemetry;

namespace Platform.Grains.Tenants;

/// <summary>
/// Group commit for one account. A turn plans on the speculative state (what is committed plus what is queued), joins the next
/// group and waits; while one group is being written the next one fills. Only committed state leaves. Where a group is lost, the
/// account is read anew and everything that rested on it is planned again, in order. Runs on the grain's scheduler: no locks.
/// </summary>
internal sealed class GroupCommit(
    Account committed,
    IAccountStore store,
    TimeProvider time,
    GrainOptions options,
    Action<AccountUnit> onCommitted,
    Action<Exception> onBroken,
    Func<long, long> answeredThrough)
{
    private readonly Queue<UnitBuilder> _groups = new();
    private readonly List<AccountOperation> _unplanned = [];
    private UnitBuilder? _open;
    private bool _pumping;
    private bool _reloading;
    private Exception? _broken;

    /// <summary>The account as it is committed.</summary>
    public Account Committed { get; private set; } = committed;

    /// <summary>Whether this commits any more, or is given up.</summary>
    public bool IsBroken => _broken is not null;

    /// <summary>Plans an operation, commits it with others, and gives its reply.</summary>
    public Task<TReply> ExecuteAsync<TReply>(AccountOperation<TReply> operation)
    {
        if (_broken is not null)
        {
            operation.Fail(_broken);
        }
        else if (_reloading)
        {
            _unplanned.Add(operation);
        }
        else
        {
            Plan(operation);
            if (!_pumping)
            {
                _ = PumpAsync();
            }
        }

        return operation.Reply;
    }

    private void Plan(AccountOperation operation)
    {
        var now = time.GetUtcNow();
        if (_open is null || _open.Operations.Count >= options.MaxGroupSize)
        {
            _open = new(_open?.After ?? Committed);
            _groups.Enqueue(_open);
        }

        try
        {
            _open.Add(operation, operation.Plan(_open.After, now), now + options.TaskLease);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A plan that throws is a bug of that operation alone; it must not take its neighbours with it.
            operation.Fail(error);
        }
    }

    private async Task PumpAsync()
    {
        _pumping = true;
        try
        {
            var failures = 0;
            while (_groups.TryPeek(out var group))
            {
                if (ReferenceEquals(group, _open) && group.Operations.Count == 0)
                {
                    break;
                }

                _groups.Dequeue();
                if (ReferenceEquals(group, _open))
                {
                    // What comes while this group is written goes into a new one, planned on top of it.
                    _open = new(group.After);
                    _groups.Enqueue(_open);
                }

                failures = await WriteAsync(group, failures);
            }
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            // Somebody waits for every operation: whatever is wrong here, none may be left without an answer.
            Break([], bug);
        }
        finally
        {
            _pumping = false;
            _groups.Clear();
            _open = null;
        }
    }

    /// <summary>Writes one group; returns how many writes in a row have failed.</summary>
    private async Task<int> WriteAsync(UnitBuilder group, int failures)
    {
        CommitOutcome outcome;
        var unit = group.Build(answeredThrough);
        using var span = GrainTracing.Commit(unit.Tenant, group.Operations);
        try
        {
            outcome = group.HasChanges ? await store.CommitAsync(unit, CancellationToken.None) : await ConfirmAsync(group);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Nobody knows whether it was written: what is planned again first looks for its own rows.
            await ReplanAsync(group, lost: null, error, failures);
            return failures + 1;
        }

        if (outcome is CommitOutcome.Lost lost)
        {
            await ReplanAsync(group, lost, error: null, failures);
            return 0;
        }

        if (group.HasChanges)
        {
            Committed = unit.After;
        }

        foreach (var operation in group.Operations)
        {
            operation.Succeed();
        }

        if (group.HasChanges)
        {
            onCommitted(unit);
        }

        return 0;
    }

    /// <summary>
    /// Looks whether the account is still what answers were given on that change nothing. No fence would tell: an activation that another
    /// one has overtaken would refuse credits that are there, and call a task ended whose hold it does not know, for as long as it lives.
    /// </summary>
    private async Task<CommitOutcome> ConfirmAsync(UnitBuilder group)
    {
        var tenant = Committed.Tenant;
        return (await store.LoadAsync(tenant, CancellationToken.None)).Version == group.ExpectedVersion
            ? new CommitOutcome.Committed()
            : new CommitOutcome.Lost(Fence.AccountVersion, tenant.Value);
    }

    private async Task ReplanAsync(UnitBuilder group, CommitOutcome.Lost? lost, Exception? error, int failures)
    {
        _reloading = true;
        var operations = new List<AccountOperation>(group.Operations);
        foreach (var later in _groups)
        {
            operations.AddRange(later.Operations);
        }

        _groups.Clear();
        _open = null;
        var concluded = lost is null || lost.Fence == Fence.AccountVersion ? 0 : operations.RemoveAll(o => o.ConcludeLost(lost));
        try
        {
            if (error is not null)
            {
                await PauseAsync(failures, error);
            }

            var planned = Committed.Version;
            await ReloadAsync(operations);
            if (lost is not null && concluded == 0 && Committed.Version == planned && group.ExpectedVersion == planned)
            {
                throw new InvalidOperationException($"{lost} is nobody's, and the account is as it was: the same would be lost for ever.");
            }
        }
        catch (Exception final) when (final is not OutOfMemoryException)
        {
            Break(operations, final);
            return;
        }

        _reloading = false;
        operations.AddRange(_unplanned);
        _unplanned.Clear();
        foreach (var operation in operations)
        {
            Plan(operation);
        }
    }

    /// <summary>Reads the account and what the operations rest on. One whose own rows cannot be read fails alone.</summary>
    private async Task ReloadAsync(List<AccountOperation> operations)
    {
        var stale = new Queue<AccountOperation>(operations);
        for (var failures = 0; stale.TryPeek(out var operation);)
        {
            try
            {
                await operation.RefreshAsync();
                stale.Dequeue();
                failures = 0;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                if (failures < options.CommitRetries)
                {
                    await PauseAsync(failures++, error);
                    continue;
                }

                operation.Fail(error);
                operations.Remove(stale.Dequeue());
                failures = 0;
            }
        }

        for (var failures = 0; ; failures++)
        {
            try
            {
                Committed = await store.LoadAsync(Committed.Tenant, CancellationToken.None);
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                await PauseAsync(failures, error);
            }
        }
    }

    /// <summary>Waits before the next try, longer each time; throws the error where there were enough.</summary>
    private Task PauseAsync(int failures, Exception error) => failures >= options.CommitRetries
        ? Task.FromException(error)
        : Task.Delay(TimeSpan.FromMilliseconds(100 << Math.Min(failures, 5)), time);

    private void Break(List<AccountOperation> operations, Exception error)
    {
        // The grain is given up: its next activation starts from what is committed. Nothing may be planned on this state again.
        _broken = new AccountUnavailableException($"The account of {Committed.Tenant} is read anew.", error);
        foreach (var group in _groups)
        {
            operations.AddRange(group.Operations);
        }

        _groups.Clear();
        _open = null;
        operations.AddRange(_unplanned);
        _unplanned.Clear();
        foreach (var operation in operations)
        {
            operation.Fail(_broken);
        }

        onBroken(error);
    }
}
