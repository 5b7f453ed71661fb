using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Grains.Tenants;

/// <summary>Books credits in, once per grant id.</summary>
internal sealed class GrantOperation(GrantCredits command, TenantId tenant, LedgerEntry? booked, IAccountStore store)
    : AccountOperation<BookReply?>
{
    private LedgerEntry? _booked = booked;

    public override OperationPlan Plan(Account account, DateTimeOffset now)
    {
        if (_booked is not null)
        {
            var same = _booked.Postings.Available == command.Amount
                && Milliseconds(_booked.ExpiresAt) == Milliseconds(command.ExpiresAt)
                && string.Equals(_booked.Note, command.Note, StringComparison.Ordinal);
            return Answer(new() { Outcome = same ? BookOutcome.Booked : BookOutcome.Conflict });
        }

        var decision = AccountDecider.Decide(account, new AccountCommand.Grant
        {
            GrantId = command.GrantId,
            Amount = command.Amount,
            ExpiresAt = command.ExpiresAt,
            Note = command.Note,
            Now = now,
        });
        if (decision.Refusal is AccountRefusal.InvalidAmount refusal)
        {
            return Answer(new() { Outcome = BookOutcome.Refused, Reason = refusal.Reason });
        }

        Prepare(new() { Outcome = BookOutcome.Booked });
        return new(decision.Events, null);
    }

    public override async Task RefreshAsync() =>
        _booked = await store.FindEntryAsync(tenant, LedgerEntryKind.Grant, command.GrantId, CancellationToken.None);

    // Booked by somebody else meanwhile: the caller asks again and compares.
    public override bool ConcludeLost(CommitOutcome.Lost lost) =>
        lost.Fence == Fence.Operation
        && string.Equals(lost.Subject, command.GrantId, StringComparison.Ordinal)
        && Conclude(null);

    // The store keeps whole milliseconds.
    private static long? Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();
}
