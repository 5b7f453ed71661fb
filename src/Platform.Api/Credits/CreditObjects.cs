using System.ComponentModel.DataAnnotations;
using Platform.Api.Credits.Ledger;
using Platform.Domain.Credits;

namespace Platform.Api.Credits;

/// <summary>A balance, in the shape that existing clients of this kind of API read.</summary>
/// <param name="Success">Always true; refusals are error objects.</param>
/// <param name="Message">Always empty.</param>
/// <param name="Data">The balance.</param>
internal sealed record CreditsObject(bool Success, string Message, CreditsData Data);

/// <summary>The balance, of the key and of the account.</summary>
/// <param name="Token">What the key can spend.</param>
/// <param name="User">What the account has.</param>
internal sealed record CreditsData(TokenCredits Token, UserCredits User);

/// <summary>What the key can spend.</summary>
/// <param name="RemainingCredits">What it can still spend.</param>
/// <param name="UsedCredits">What was spent.</param>
/// <param name="UnlimitedCredits">Whether nothing bounds it.</param>
internal sealed record TokenCredits(CreditAmount RemainingCredits, CreditAmount UsedCredits, bool UnlimitedCredits);

/// <summary>What the account has.</summary>
/// <param name="RemainingCredits">What can be spent.</param>
/// <param name="UsedCredits">What was spent.</param>
/// <param name="ReservedCredits">What open tasks hold; each gives back what it does not need.</param>
internal sealed record UserCredits(CreditAmount RemainingCredits, CreditAmount UsedCredits, CreditAmount ReservedCredits);

/// <summary>A line of the statement. Signs are those of the tenant: what comes into a book is positive.</summary>
internal sealed record LedgerEntryObject
{
    /// <summary>Number of the line: from 1, without a gap.</summary>
    public required long Sequence { get; init; }

    /// <summary>What happened.</summary>
    [AllowedValues("grant", "hold", "settlement", "release", "adjustment", "expiry")]
    public required string Kind { get; init; }

    /// <summary>What it added to what can be spent.</summary>
    public required CreditAmount Available { get; init; }

    /// <summary>What it added to what is held.</summary>
    public required CreditAmount Held { get; init; }

    /// <summary>What could be spent after it.</summary>
    public required CreditAmount AvailableAfter { get; init; }

    /// <summary>What was held after it.</summary>
    public required CreditAmount HeldAfter { get; init; }

    /// <summary>When (unix seconds).</summary>
    public required long Created { get; init; }

    /// <summary>The task that it belongs to.</summary>
    public string? TaskId { get; init; }

    /// <summary>Words of the operator.</summary>
    public string? Note { get; init; }

    /// <summary>Of a grant: when what is left of it ends (unix seconds).</summary>
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
/// <param name="Data">The lines.</param>
/// <param name="HasMore">Whether there are more.</param>
/// <param name="Next">The <c>after</c> of the next page; absent on the last.</param>
internal sealed record LedgerListObject(IReadOnlyList<LedgerEntryObject> Data, bool HasMore, string? Next)
{
    /// <summary>What this is.</summary>
    [AllowedValues("list")]
    public string Object { get; init; } = "list";
}
