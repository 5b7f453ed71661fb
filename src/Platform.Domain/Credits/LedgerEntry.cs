using Platform.Domain.Tasks;

namespace Platform.Domain.Credits;

/// <summary>What an entry of the ledger records.</summary>
public enum LedgerEntryKind
{
    /// <summary>Credits came in.</summary>
    Grant = 1,

    /// <summary>Credits were set aside for a task.</summary>
    Hold = 2,

    /// <summary>Held credits were earned.</summary>
    Settlement = 3,

    /// <summary>Held credits went back.</summary>
    Release = 4,

    /// <summary>An operator's correction, up or down.</summary>
    Adjustment = 5,

    /// <summary>Credits expired.</summary>
    Expiry = 6,
}

/// <summary>
/// Double entry: how much each book of a tenant changes by one entry. The five sum to zero, because credits only move:
/// from <see cref="Grants"/> (money in, negative) over <see cref="Available"/> and <see cref="Held"/> to <see cref="Revenue"/> or
/// <see cref="Expired"/>.
/// </summary>
/// <param name="Grants">Where credits come from; the negative of all that was ever granted.</param>
/// <param name="Available">What can be spent.</param>
/// <param name="Held">What is set aside.</param>
/// <param name="Revenue">What was earned.</param>
/// <param name="Expired">What expired.</param>
public readonly record struct Postings(
    CreditAmount Grants, CreditAmount Available, CreditAmount Held, CreditAmount Revenue, CreditAmount Expired)
{
    /// <summary>Sum of the five; zero in a sound ledger.</summary>
    public decimal Sum => Grants.Value + Available.Value + Held.Value + Revenue.Value + Expired.Value;
}

/// <summary>One line of a tenant's ledger. Never changed, never deleted.</summary>
public sealed record LedgerEntry
{
    /// <summary>Place in the ledger, from 1, without a gap; the account's version after the entry.</summary>
    public required long Sequence { get; init; }

    /// <summary>What it records.</summary>
    public required LedgerEntryKind Kind { get; init; }

    /// <summary>What caused it: a task id, a grant id, an adjustment id. Unique together with <see cref="Kind"/>.</summary>
    public required string OperationId { get; init; }

    /// <summary>The task it belongs to, or null.</summary>
    public TaskId? TaskId { get; init; }

    /// <summary>How the books change.</summary>
    public required Postings Postings { get; init; }

    /// <summary>Available credits after it.</summary>
    public required CreditAmount AvailableAfter { get; init; }

    /// <summary>Held credits after it.</summary>
    public required CreditAmount HeldAfter { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Words for the statement: a grant's note, an adjustment's reason.</summary>
    public string? Note { get; init; }

    /// <summary>When a granted lot expires; null for never, and on other kinds.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Turns events of an account into entries of its ledger.</summary>
public static class Ledger
{
    /// <summary>The entry that an event makes, or null for an event that moves no credits.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="after">The account after the event.</param>
    public static LedgerEntry? Entry(AccountEvent happened, Account after)
    {
        var zero = CreditAmount.Zero;
        return happened switch
        {
            AccountEvent.Granted e => Make(LedgerEntryKind.Grant, e.GrantId, null, new(-e.Amount, e.Amount, zero, zero, zero)) with
            {
                Note = e.Note,
                ExpiresAt = e.ExpiresAt,
            },
            AccountEvent.CreditedUp e => Make(LedgerEntryKind.Adjustment, e.AdjustmentId, null, new(-e.Amount, e.Amount, zero, zero, zero)) with
            {
                Note = e.Reason,
            },
            AccountEvent.AdjustedDown e => Make(LedgerEntryKind.Adjustment, e.AdjustmentId, null, new(e.Amount, -e.Amount, zero, zero, zero)) with
            {
                Note = e.Reason,
            },
            AccountEvent.HoldPlaced e => Make(LedgerEntryKind.Hold, e.TaskId.Value, e.TaskId, new(zero, -e.Amount, e.Amount, zero, zero)),
            AccountEvent.HoldSettled e => Make(LedgerEntryKind.Settlement, e.TaskId.Value, e.TaskId, new(zero, zero, -e.Amount, e.Amount, zero)),
            AccountEvent.HoldReleased e => Make(LedgerEntryKind.Release, e.TaskId.Value, e.TaskId, new(zero, e.Amount, -e.Amount, zero, zero)),
            AccountEvent.LotExpired e => Make(
                LedgerEntryKind.Expiry,
                e.TaskId is { } task ? $"{task.Value}/{e.GrantId}" : $"{e.GrantId}/{after.Version}",
                e.TaskId,
                new(zero, -e.Amount, zero, zero, e.Amount)),
            AccountEvent.TaskPromoted => null,
            _ => throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
        };

        LedgerEntry Make(LedgerEntryKind kind, string operationId, TaskId? taskId, Postings postings) => new()
        {
            Sequence = after.Version,
            Kind = kind,
            OperationId = operationId,
            TaskId = taskId,
            Postings = postings,
            AvailableAfter = after.Available,
            HeldAfter = after.Held,
            At = happened.At,
        };
    }
}
