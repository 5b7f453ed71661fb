using System.Collections.Immutable;
using Platform.Domain.Credits;

namespace Platform.Grains.Tenants;

/// <summary>Collects operations on one account into one unit of commit.</summary>
internal sealed class UnitBuilder(Account before)
{
    private readonly Account _before = before;
    private readonly List<AccountOperation> _operations = [];
    private readonly ImmutableArray<LedgerEntry>.Builder _entries = ImmutableArray.CreateBuilder<LedgerEntry>();
    private readonly ImmutableArray<AcceptedTask>.Builder _accepted = ImmutableArray.CreateBuilder<AcceptedTask>();
    private readonly ImmutableArray<ResolvedTask>.Builder _resolved = ImmutableArray.CreateBuilder<ResolvedTask>();
    private readonly ImmutableArray<PromotedTask>.Builder _promoted = ImmutableArray.CreateBuilder<PromotedTask>();

    /// <summary>The account after all operations: the speculative state on which the next one is planned.</summary>
    public Account After { get; private set; } = before;

    public IReadOnlyList<AccountOperation> Operations => _operations;

    /// <summary>Whether there is anything to commit.</summary>
    public bool HasChanges => _entries.Count > 0;

    public void Add(AccountOperation operation, OperationPlan plan, DateTimeOffset dueAt)
    {
        _operations.Add(operation);
        foreach (var happened in plan.Events)
        {
            After = AccountDecider.Evolve(After, happened);
            if (Ledger.Entry(happened, After) is { } entry)
            {
                _entries.Add(entry);
            }

            if (happened is AccountEvent.TaskPromoted promoted)
            {
                _promoted.Add(new(promoted.TaskId, dueAt));
            }
        }

        plan.Contribute?.Invoke(this, After);
    }

    public void Accept(AcceptedTask task) => _accepted.Add(task);

    public void Resolve(ResolvedTask task) => _resolved.Add(task);

    public AccountUnit Build() => new()
    {
        Tenant = _before.Tenant,
        ExpectedVersion = _before.Version,
        After = After,
        Entries = _entries.ToImmutable(),
        Accepted = _accepted.ToImmutable(),
        Resolved = _resolved.ToImmutable(),

        // A task that is given a place and ends in the same unit needs the place no more: the next one has it already.
        Promoted = [.. _promoted.Where(p => !_resolved.Any(r => r.Task.Id == p.TaskId))],
    };
}
