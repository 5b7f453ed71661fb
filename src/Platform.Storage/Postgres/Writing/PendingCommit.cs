using Platform.Domain;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Postgres.Writing;

/// <summary>A unit that waits for its lane.</summary>
internal abstract class PendingCommit(CancellationToken cancellationToken)
{
    // Callers go on elsewhere: the lane is for writing.
    private readonly TaskCompletionSource<CommitOutcome> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<CommitOutcome> Task => _completion.Task;

    /// <summary>What the unit changes; a group has one unit of each.</summary>
    public abstract object Subject { get; }

    /// <summary>Ends it where its caller has left; from then on nothing is written.</summary>
    public bool HasLeft()
    {
        if (cancellationToken.IsCancellationRequested)
        {
            _completion.TrySetCanceled(cancellationToken);
        }

        return _completion.Task.IsCompleted;
    }

    public void Complete(CommitOutcome outcome) => _completion.TrySetResult(outcome);

    public void Fail(Exception exception) => _completion.TrySetException(exception);
}

/// <summary>A unit of an account that waits.</summary>
internal sealed class PendingAccountCommit(AccountWrite write, CancellationToken cancellationToken) : PendingCommit(cancellationToken)
{
    public AccountWrite Write => write;

    public TenantId Tenant => write.Unit.Tenant;

    public override object Subject => Tenant;
}

/// <summary>A step of a task that waits.</summary>
internal sealed class PendingStepCommit(StepWrite write, CancellationToken cancellationToken) : PendingCommit(cancellationToken)
{
    public StepWrite Write => write;

    public TaskKey Key { get; } = new(write.Unit.Task.Tenant, write.Unit.Task.Id);

    public override object Subject => Key;
}
