using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Domain.Statements;

/// <summary>Which entries of a tenant's ledger are read, newest first.</summary>
public sealed record LedgerQuery
{
    /// <summary>Whose ledger.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Most entries to return, 1–1001.</summary>
    public required int Limit { get; init; }

    /// <summary>Only entries with a smaller sequence; null for the newest.</summary>
    public long? Before { get; init; }

    /// <summary>Only entries decided at or after this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only entries decided before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only entries of this kind.</summary>
    public LedgerEntryKind? Kind { get; init; }

    /// <summary>Only entries of this task.</summary>
    public TaskId? TaskId { get; init; }
}

/// <summary>Reads statements. The ledger is only ever added to, so that pages by sequence show each entry once.</summary>
public interface ILedgerReader
{
    /// <summary>Entries that match, newest first.</summary>
    Task<IReadOnlyList<LedgerEntry>> ListAsync(LedgerQuery query, CancellationToken cancellationToken);
}
