using System.Collections.Immutable;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Grains.Tenants;

/// <summary>
/// Accepts the items of a batch in one commit: each decided on what those before it leave. What became of all of them is kept with the
/// batch's key, in the same commit. The reply is null where the batch or its key is there already.
/// </summary>
/// <param name="command">The batch.</param>
/// <param name="admissions">Its items in order; null for one that was refused before.</param>
/// <param name="limits">The tenant's places.</param>
internal sealed class AcceptBatchOperation(AcceptBatch command, ImmutableArray<Admission?> admissions, AdmissionLimits limits)
    : AccountOperation<AcceptBatchReply?>
{
    public override OperationPlan Plan(Account account, DateTimeOffset now)
    {
        if (admissions.Any(a => a is not null && account.Holds.ContainsKey(a.Command.TaskId)))
        {
            // The same command came before and is in a group ahead of this one, or is committed.
            return Answer(null);
        }

        var events = ImmutableArray.CreateBuilder<AccountEvent>();
        var replies = ImmutableArray.CreateBuilder<AcceptReply?>(admissions.Length);
        var total = CreditAmount.Zero;
        var current = account;
        foreach (var admission in admissions)
        {
            if (admission is null)
            {
                replies.Add(null);
                continue;
            }

            var plan = command.MaxCredits is { } allowed && total + admission.Credits > allowed
                ? Admission.RefuseAbove(total + admission.Credits, allowed)
                : admission.Plan(current, limits, now);
            replies.Add(plan.Reply);
            if (plan.IsAccepted)
            {
                events.AddRange(plan.Events);
                current = plan.Events.Aggregate(current, AccountDecider.Evolve);
                total += admission.Credits;
            }
        }

        var isRefused = command.AllOrNothing && replies.Any(r => r?.Outcome != AcceptOutcome.Accepted);
        var reply = new AcceptBatchReply
        {
            Outcome = isRefused ? AcceptBatchOutcome.Refused : AcceptBatchOutcome.Accepted,
            Items = replies.ToImmutable(),
            CreatedAt = now,
        };
        if (isRefused || events.Count == 0)
        {
            return Answer(reply);
        }

        Prepare(reply);
        return new(events.ToImmutable(), (unit, after) => Contribute(unit, after, reply.Items, now));
    }

    public override bool ConcludeLost(CommitOutcome.Lost lost) => lost.Fence switch
    {
        Fence.IdempotencyKey when string.Equals(lost.Subject, command.AnswerKey, StringComparison.Ordinal) => Conclude(null),
        Fence.TaskId when admissions.Any(a => string.Equals(lost.Subject, a?.Command.TaskId.Value, StringComparison.Ordinal)) => Conclude(null),
        _ => false,
    };

    private void Contribute(UnitBuilder unit, Account after, ImmutableArray<AcceptReply?> replies, DateTimeOffset now)
    {
        var digest = command.IdempotencyKey is null ? command.BodyDigest : null;
        IdempotencyRecord? record = null;
        for (var i = 0; i < admissions.Length; i++)
        {
            if (replies[i]?.Outcome != AcceptOutcome.Accepted)
            {
                continue;
            }

            // The first task carries the answer of all.
            var isFirst = record is null;
            record ??= new(command.AnswerKey, command.BodyDigest, admissions[i]!.Command.TaskId, now) { Batch = AnswerOf(replies) };
            unit.Accept(admissions[i]!.Accept(after, now, digest, command.BatchId, isFirst ? record : null));
        }
    }

    private BatchAnswer AnswerOf(ImmutableArray<AcceptReply?> replies) => new(
        command.BatchId,
        [.. replies.Select((reply, i) => reply switch
        {
            null => new BatchItemAnswer(null, new(ItemRefusalReason.Invalid) { Error = command.Items[i].Error }),
            { Outcome: AcceptOutcome.Accepted } => new BatchItemAnswer(reply.TaskId, null),
            _ => new BatchItemAnswer(null, new(ReasonOf(reply.Outcome)) { Needed = reply.Credits, Available = reply.Available }),
        })]);

    private static ItemRefusalReason ReasonOf(AcceptOutcome outcome) => outcome switch
    {
        AcceptOutcome.InsufficientCredits => ItemRefusalReason.InsufficientCredits,
        AcceptOutcome.QueueFull => ItemRefusalReason.QueueFull,
        AcceptOutcome.NoAvailableChannel => ItemRefusalReason.NoAvailableChannel,
        AcceptOutcome.AboveLimit => ItemRefusalReason.AboveLimit,
        AcceptOutcome.QuoteExpired => ItemRefusalReason.QuoteExpired,
        AcceptOutcome.AboveQuote => ItemRefusalReason.AboveQuote,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not a refusal of an item."),
    };
}
