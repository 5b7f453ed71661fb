using CsCheck;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Conformance.Store;

/// <summary>One thing that happens to an account in a random script; the numbers pick among what there is when it happens.</summary>
public abstract record BooksStep
{
    private BooksStep()
    {
    }

    public sealed record Grant(int Id, int Units, int? ExpiresInHours) : BooksStep;

    public sealed record Adjust(int Id, int Units) : BooksStep;

    public sealed record Accept(int Units, int? Key) : BooksStep;

    public sealed record Resolve(int Which, int Share) : BooksStep;

    public sealed record Expire : BooksStep;

    public sealed record Wait(int Hours) : BooksStep;

    /// <summary>Commits what was decided on an account that is older by some commits.</summary>
    public sealed record Stale(int Commits, BooksStep Step) : BooksStep;
}

/// <summary>
/// Random commands, decided by the decider and committed through a store, beside a model of what must come out: the outcome of each
/// commit, the account after each, and clean books.
/// </summary>
public sealed class BooksScript(OpenStore store, TenantId tenant)
{
    private static readonly AdmissionLimits Limits = new(3, 2);

    private readonly List<Account> _versions = [Account.Open(tenant)];
    private readonly HashSet<string> _operations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<TaskId, GenerationTask> _tasks = [];
    private DateTimeOffset _now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private int _taskNumber;

    public static Gen<List<BooksStep>> Steps { get; } = MakeGen().List[1, 60];

    public async Task RunAsync(IEnumerable<BooksStep> steps)
    {
        foreach (var step in steps)
        {
            await RunAsync(step, _versions.Count - 1);
            (await store.Accounts.LoadAsync(tenant, default)).Should().BeEquivalentTo(
                _versions[^1], o => o.PreferringRuntimeMemberTypes().WithStrictOrdering());
        }

        foreach (var task in _tasks.Values)
        {
            (await store.Tasks.FindAsync(tenant, task.Id, default))!.Status.Should().Be(task.Status);
        }
    }

    private static Gen<BooksStep> MakeGen()
    {
        var units = Gen.OneOf(Gen.Int[1, 9], Gen.Int[1, 1_000_000_000]);
        var plain = Gen.Frequency(
            (3, Gen.Select(Gen.Int[0, 20], units, Gen.Int[1, 60].Nullable(), (id, u, h) => (BooksStep)new BooksStep.Grant(id, u, h))),
            (1, Gen.Select(Gen.Int[0, 20], units, Gen.Bool, (id, u, up) => (BooksStep)new BooksStep.Adjust(id, up ? u : -u))),
            (6, Gen.Select(Gen.OneOf(Gen.Const(0), units), Gen.Int[0, 5].Nullable(), (u, k) => (BooksStep)new BooksStep.Accept(u, k))),
            (5, Gen.Select(Gen.Int[0, 99], Gen.Int[0, 4], (w, s) => (BooksStep)new BooksStep.Resolve(w, s))),
            (1, Gen.Const((BooksStep)new BooksStep.Expire())),
            (1, Gen.Int[1, 30].Select(h => (BooksStep)new BooksStep.Wait(h))));
        return Gen.Frequency(
            (8, plain),
            (2, Gen.Select(Gen.Int[1, 3], plain, (n, step) => (BooksStep)new BooksStep.Stale(n, step))));
    }

    private async Task RunAsync(BooksStep step, int version)
    {
        switch (step)
        {
            case BooksStep.Wait wait:
                _now += TimeSpan.FromHours(wait.Hours);
                return;
            case BooksStep.Stale stale:
                await RunAsync(stale.Step, Math.Max(0, version - stale.Commits));
                return;
            default:
                break;
        }

        var account = _versions[version];
        if (UnitOf(step, account) is not { } unit)
        {
            return;
        }

        var expected = Expect(unit);
        (await store.Accounts.CommitAsync(unit, default)).Should().Be(expected, "of {0} at version {1}", step, account.Version);
        if (expected is CommitOutcome.Committed)
        {
            Remember(unit);
        }
    }

    private AccountUnit? UnitOf(BooksStep step, Account account) => step switch
    {
        BooksStep.Grant s => Decide(account, new AccountCommand.Grant
        {
            Now = _now,
            GrantId = $"op-{s.Id}",
            Amount = Amount(s.Units),
            ExpiresAt = s.ExpiresInHours is { } hours ? _now.AddHours(hours) : null,
        }),
        BooksStep.Adjust s => Decide(account, new AccountCommand.Adjust { Now = _now, AdjustmentId = $"op-{s.Id}", Amount = Amount(s.Units), Reason = "r" }),
        BooksStep.Accept s => Accept(account, s),
        BooksStep.Resolve s => Resolve(account, s),
        BooksStep.Expire => Decide(account, new AccountCommand.ExpireLots { Now = _now }),
        _ => throw new InvalidOperationException($"Unknown step {step}."),
    };

    private static CreditAmount Amount(int units) => CreditAmount.FromUnits(units);

    private static AccountUnit? Decide(Account account, AccountCommand command)
    {
        var decision = AccountDecider.Decide(account, command);
        return decision.Refusal is null && !decision.Events.IsEmpty ? Units.Of(account, decision.Events) : null;
    }

    private AccountUnit? Accept(Account account, BooksStep.Accept step)
    {
        var id = Samples.TaskId(++_taskNumber);
        var probe = AccountDecider.Decide(
            account, new AccountCommand.Reserve { Now = _now, TaskId = id, Amount = Amount(step.Units), Limits = Limits });
        return probe.Refusal is null
            ? Units.Accept(account, id, Amount(step.Units).Value, _now, step.Key is { } key ? $"key-{key}" : null, Limits)
            : null;
    }

    private AccountUnit? Resolve(Account account, BooksStep.Resolve step)
    {
        if (account.Holds.IsEmpty)
        {
            return null;
        }

        var hold = account.Holds.Values.OrderBy(h => h.Sequence).ElementAt(step.Which % account.Holds.Count);

        // A stale account may still hold what has ended since; it is resolved once more, from the state of then.
        var task = _tasks[hold.TaskId];
        var open = task.IsTerminal ? Samples.Task(tenant, task.Id, task.CreatedAt, task.CreditsReserved) : task;
        return Units.Resolve(account, open, CreditAmount.FromUnits(hold.Amount.Units / 4 * step.Share).Value, _now, Limits);
    }

    private CommitOutcome Expect(AccountUnit unit)
    {
        if (unit.ExpectedVersion != _versions[^1].Version)
        {
            return new CommitOutcome.Lost(Fence.AccountVersion, tenant.Value);
        }

        foreach (var record in unit.Accepted.Select(a => a.Idempotency))
        {
            if (record is not null && _keys.TryGetValue(record.Key, out var since) && since > record.CreatedAt - IdempotencyRecord.Retention)
            {
                return new CommitOutcome.Lost(Fence.IdempotencyKey, record.Key);
            }
        }

        foreach (var entry in unit.Entries)
        {
            if (entry.Kind is LedgerEntryKind.Grant or LedgerEntryKind.Adjustment && _operations.Contains(entry.OperationId))
            {
                return new CommitOutcome.Lost(Fence.Operation, entry.OperationId);
            }
        }

        return new CommitOutcome.Committed();
    }

    private void Remember(AccountUnit unit)
    {
        _versions.Add(unit.After);
        foreach (var accepted in unit.Accepted)
        {
            _tasks.Add(accepted.Task.Id, accepted.Task);
            if (accepted.Idempotency is { } record)
            {
                _keys[record.Key] = record.CreatedAt;
            }
        }

        foreach (var resolved in unit.Resolved)
        {
            _tasks[resolved.Task.Id] = resolved.Task;
        }

        foreach (var entry in unit.Entries.Where(e => e.Kind is LedgerEntryKind.Grant or LedgerEntryKind.Adjustment))
        {
            _operations.Add(entry.OperationId);
        }
    }
}
