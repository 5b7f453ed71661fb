using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Grains.Tenants;

/// <summary>
/// Accepts a task: task, hold, entry and idempotency key in one commit. The reply is null where the task or its key is there already:
/// the store then knows better than this command what was accepted.
/// </summary>
internal sealed class AcceptOperation(Admission admission, AdmissionLimits limits) : AccountOperation<AcceptReply?>
{
    private readonly AcceptTask _command = admission.Command;

    public override OperationPlan Plan(Account account, DateTimeOffset now)
    {
        if (account.Holds.ContainsKey(_command.TaskId))
        {
            // The same command came before and is in a group ahead of this one, or is committed.
            return Answer(null);
        }

        var plan = admission.Plan(account, limits, now);
        Prepare(plan.Reply);
        return plan.IsAccepted ? new(plan.Events, (unit, after) => Contribute(unit, after, now)) : OperationPlan.Nothing;
    }

    public override bool ConcludeLost(CommitOutcome.Lost lost) => lost.Fence switch
    {
        // Somebody else's commit has the key: the caller looks it up and replays. The same for a task id: it was this very command.
        Fence.IdempotencyKey when string.Equals(lost.Subject, _command.IdempotencyKey, StringComparison.Ordinal) => Conclude(null),
        Fence.TaskId when string.Equals(lost.Subject, _command.TaskId.Value, StringComparison.Ordinal) => Conclude(null),
        _ => false,
    };

    private void Contribute(UnitBuilder unit, Account after, DateTimeOffset now) => unit.Accept(_command.IdempotencyKey is { } key
        ? admission.Accept(after, now, bodyDigest: null, batchId: null, new(key, _command.BodyDigest ?? "", _command.TaskId, now))
        : admission.Accept(after, now, _command.BodyDigest, batchId: null, idempotency: null));
}
