using System.Collections.Immutable;
using System.Diagnostics;
using Platform.Domain;
using Platform.Domain.Credits;

namespace Platform.Grains.Tenants;

/// <summary>What an operation would do to an account.</summary>
/// <param name="Events">Events of the account; none for a refusal or a repeat.</param>
/// <param name="Contribute">Adds the rows beside the account's own, given the account after the events; null for none.</param>
internal sealed record OperationPlan(ImmutableArray<AccountEvent> Events, Action<UnitBuilder, Account>? Contribute)
{
    public static OperationPlan Nothing { get; } = new([], null);
}

/// <summary>
/// Something to be done to an account. It is planned on a state that is not yet committed, possibly several times: a plan has no
/// effect but its return value, and the reply it prepares is given only once everything it rests on is committed.
/// </summary>
internal abstract class AccountOperation
{
    /// <summary>The span of the call that asks for it; the default where nobody traces.</summary>
    public ActivityContext Caller { get; } = Activity.Current?.Context ?? default;

    /// <summary>Decides on an account. Called again on the reloaded account where a commit was lost.</summary>
    public abstract OperationPlan Plan(Account account, DateTimeOffset now);

    /// <summary>Reads anew what the plan rests on besides the account, after a commit that was lost or whose outcome is unknown.</summary>
    public virtual Task RefreshAsync() => Task.CompletedTask;

    /// <summary>Says whether a lost fence is this operation's own answer; if so the operation is done.</summary>
    public abstract bool ConcludeLost(CommitOutcome.Lost lost);

    /// <summary>Gives the reply that the last plan prepared.</summary>
    public abstract void Succeed();

    /// <summary>Gives up.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>An operation with a reply.</summary>
internal abstract class AccountOperation<TReply> : AccountOperation
{
    private readonly TaskCompletionSource<TReply> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (TReply Reply, bool IsThere) _prepared;

    /// <summary>Completes when everything that the reply rests on is committed.</summary>
    public Task<TReply> Reply => _completion.Task;

    public sealed override void Succeed() => _completion.TrySetResult(_prepared.IsThere
        ? _prepared.Reply
        : throw new InvalidOperationException($"{GetType().Name} was committed without a plan."));

    public sealed override void Fail(Exception error) => _completion.TrySetException(error);

    protected void Prepare(TReply reply) => _prepared = (reply, true);

    protected OperationPlan Answer(TReply reply)
    {
        Prepare(reply);
        return OperationPlan.Nothing;
    }

    protected bool Conclude(TReply reply)
    {
        _completion.TrySetResult(reply);
        return true;
    }
}
