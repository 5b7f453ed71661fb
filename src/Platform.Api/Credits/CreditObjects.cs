using Platform.Api.Credits.Ledger;
using Platform.Domain.Credits;

namespace Platform.Api.Credits;

/// <summary>A balance, in the shape that existing clients of this kind of API read.</summary>
internal sealed record CreditsObject(bool Success, string Message, CreditsData Data);

internal sealed record CreditsData(TokenCredits Token, UserCredits User);

internal sealed record TokenCredits(CreditAmount RemainingCredits, CreditAmount UsedCredits, bool UnlimitedCredits);

internal sealed record UserCredits(CreditAmount RemainingCredits, CreditAmount UsedCredits, CreditAmount ReservedCredits);

/// <summary>A line of the statement. Signs are those of the tenant: what comes into a book is positive.</summary>
internal sealed record LedgerEntryObject
{
    public required long Sequence { get; init; }

    public required string Kind { get; init; }

    public required CreditAmount Available { get; init; }

    public required CreditAmount Held { get; init; }

    public required CreditAmount AvailableAfter { get; init; }

    public required CreditAmount HeldAfter { get; init; }

    public required long Created { get; init; }

    public string? TaskId { get; init; }

    public string? Note { get; init; }

    public long? ExpiresAt { get; init; }

    public static LedgerEntryObject Of(LedgerEntry entry) => new()
    {
        Sequence = entry.Sequence,
        Kind = LedgerKindName.Of(entry.Kind),
        Available = entry.Postings.Available,
        Held = entry.Postings.Held,
        AvailableAfter = entry.AvailableAfter,
        HeldAfter = entry.HeldAfter,
        Created = entry.At.ToUnixTimeSeconds(),
        TaskId = entry.TaskId?.Value,
        Note = entry.Note,
        ExpiresAt = entry.ExpiresAt?.ToUnixTimeSeconds(),
    };
}

/// <summary>A page of the statement, newest first.</summary>
internal sealed record LedgerListObject(IReadOnlyList<LedgerEntryObject> Data, bool HasMore, string? Next)
{
    public string Object { get; init; } = "list";
}
