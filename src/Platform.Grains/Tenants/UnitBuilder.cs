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

    /// <summary>The version of the account that all rests on.</summary>
    public long ExpectedVersion => _before.Version;

    public IReadOnlyList<AccountOperation> Operations => _operations;

    /// <summary>Whether there is anything to commit.</summary>
    public bool HasChanges => _entries.Count > 0;

    /// <summary>Takes an operation in, whole or, where its plan is a bug and throws, not at all.</summary>
    public void Add(AccountOperation operation, OperationPlan plan, DateTimeOffset dueAt)
    {
        var after = After;
        var (entries, promoted, accepted, resolved) = (_entries.Count, _promoted.Count, _accepted.Count, _resolved.Count);
        try
        {
            foreach (var happened in plan.Events)
            {
                after = AccountDecider.Evolve(after, happened);
                if (Ledger.Entry(happened, after) is { } entry)
                {
                    _entries.Add(entry);
                }

                if (happened is AccountEvent.TaskPromoted promotion)
                {
                    _promoted.Add(new(promotion.TaskId, dueAt));
                }
            }

            plan.Contribute?.Invoke(this, after);
        }
        catch
        {
            (_entries.Count, _promoted.Count, _accepted.Count, _resolved.Count) = (entries, promoted, accepted, resolved);
            throw;
        }

        After = after;
        _operations.Add(operation);
    }

    public void Accept(AcceptedTask task) => _accepted.Add(task);

    public void Resolve(ResolvedTask task) => _resolved.Add(task);

    /// <param name="answeredThrough">What is known of answers, given the version of the account afterwards.</param>
    public AccountUnit Build(Func<long, long> answeredThrough) => new()
    {
        Tenant = _before.Tenant,
        ExpectedVersion = ExpectedVersion,
        After = After with { AnsweredThrough = answeredThrough(After.Version) },
        Entries = _entries.ToImmutable(),
        Accepted = _accepted.ToImmutable(),
        Resolved = _resolved.ToImmutable(),
        // A task that gets a place and ends in the same group has none to be given any more.
        Promoted = [.. _promoted.Where(p => !_resolved.Any(r => r.Task.Id == p.TaskId))],
    };
}
