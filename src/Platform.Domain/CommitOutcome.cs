namespace Platform.Domain;

/// <summary>A predicate that a commit rests on.</summary>
public enum Fence
{
    /// <summary>The account has another version (or does not exist).</summary>
    AccountVersion = 1,

    /// <summary>A task has another version, or does not exist.</summary>
    TaskVersion = 2,

    /// <summary>A task of this id exists.</summary>
    TaskId = 3,

    /// <summary>The idempotency key is in use.</summary>
    IdempotencyKey = 4,

    /// <summary>A grant or an adjustment of this id exists.</summary>
    Operation = 5,

    /// <summary>The slot of a provider account is taken.</summary>
    Slot = 6,
}

/// <summary>
/// What became of a commit. A lost fence is an answer, not an error: nothing of the unit was written, and no other unit was
/// touched. A store that cannot say what happened throws; then the unit's rows tell.
/// </summary>
public abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    /// <summary>It is durable.</summary>
    public sealed record Committed : CommitOutcome;

    /// <summary>Nothing was written.</summary>
    /// <param name="Fence">The predicate that did not hold; where several did not, the first in the order of <see cref="Domain.Fence"/>.</param>
    /// <param name="Subject">The task id, key or operation id that it is about; the tenant id for the account.</param>
    public sealed record Lost(Fence Fence, string Subject) : CommitOutcome;
}
