using Platform.Domain;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Grains.Tenants;

/// <summary>
/// Accepts a task: task, hold, entry and idempotency key in one commit. The reply is null where the task or its key is there already:
/// the store then knows better than this command what was accepted.
/// </summary>
internal sealed class AcceptOperation(
    AcceptTask command,
    Tenant tenant,
    ModelDefinition model,
    PriceSnapshot price,
    AdmissionLimits limits,
    TimeSpan lease) : AccountOperation<AcceptReply?>
{
    public override OperationPlan Plan(Account account, DateTimeOffset now)
    {
        if (account.Holds.ContainsKey(command.TaskId))
        {
            // The same command came before and is in a group ahead of this one, or is committed.
            return Answer(null);
        }

        var cap = MotionControlModel.MaxSeconds(command.Request.CharacterOrientation);
        var seconds = Seconds.ToReserve(command.InspectedSeconds, MotionControlModel.MinSeconds, cap);
        var credits = price.UnitPrice * seconds;
        var decision = AccountDecider.Decide(account, new AccountCommand.Reserve
        {
            TaskId = command.TaskId,
            Amount = credits,
            Limits = limits,
            Now = now,
        });

        switch (decision.Refusal)
        {
            case AccountRefusal.InsufficientCredits refusal:
                return Answer(new()
                {
                    Outcome = AcceptOutcome.InsufficientCredits,
                    Credits = refusal.Needed,
                    Available = refusal.Available,
                });
            case AccountRefusal.QueueFull:
                return Answer(new() { Outcome = AcceptOutcome.QueueFull });
            case { } refusal:
                throw new InvalidOperationException($"The account refused a hold of {credits}: {refusal}");
            case null:
                break;
        }

        Prepare(Accepted(credits, now));
        return new(decision.Events, (unit, after) => Contribute(unit, after, seconds, credits, now));
    }

    public override bool ConcludeLost(CommitOutcome.Lost lost) => lost.Fence switch
    {
        // Somebody else's commit has the key: the caller looks it up and replays. The same for a task id: it was this very command.
        Fence.IdempotencyKey when string.Equals(lost.Subject, command.IdempotencyKey, StringComparison.Ordinal) => Conclude(null),
        Fence.TaskId when string.Equals(lost.Subject, command.TaskId.Value, StringComparison.Ordinal) => Conclude(null),
        _ => false,
    };

    private void Contribute(UnitBuilder unit, Account after, int seconds, CreditAmount credits, DateTimeOffset now)
    {
        var hold = after.Holds[command.TaskId];
        var task = new GenerationTask
        {
            Tenant = tenant.Id,
            Id = command.TaskId,
            Version = 1,
            CreatedAt = now,
            ApiKeyId = command.ApiKeyId,
            Request = command.Request,
            Price = price,
            MayUseSandbox = tenant.MayUseSandbox,
            ReservedSeconds = seconds,
            InspectedSeconds = command.InspectedSeconds,
            CreditsReserved = credits,
            QueueDeadline = now + model.QueueTimeout,
            GenerationTimeout = model.GenerationTimeout,
            EstimatedSeconds = model.EstimatedSeconds,
            Phase = new TaskPhase.Accepted(),
        };
        var idempotency = command.IdempotencyKey is { } key
            ? new IdempotencyRecord(key, command.BodyDigest ?? "", command.TaskId, now)
            : null;
        unit.Accept(new(
            task,
            [new TaskEvent.Accepted(credits, seconds, hold.Queued) { At = now }],
            hold,
            hold.Queued ? task.QueueDeadline : now + lease,
            idempotency));
    }

    private AcceptReply Accepted(CreditAmount credits, DateTimeOffset at) => new()
    {
        Outcome = AcceptOutcome.Accepted,
        TaskId = command.TaskId,
        CreatedAt = at,
        Credits = credits,
        UserGroup = price.UserGroup,
    };
}
