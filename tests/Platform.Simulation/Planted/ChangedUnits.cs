using System.Collections.Immutable;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;

namespace Platform.Simulation.Planted;

/// <summary>A connection that commits something else than it was given, or does not look where it should.</summary>
internal sealed class ChangedUnits(IAccountStore inner, Func<AccountUnit, AccountUnit> change, bool findsEntries = true) : IAccountStore
{
    public Task<Account> LoadAsync(TenantId tenant, CancellationToken cancellationToken) => inner.LoadAsync(tenant, cancellationToken);

    public Task<CommitOutcome> CommitAsync(AccountUnit unit, CancellationToken cancellationToken) => inner.CommitAsync(change(unit), cancellationToken);

    public Task<LedgerEntry?> FindEntryAsync(TenantId tenant, LedgerEntryKind kind, string operationId, CancellationToken cancellationToken) =>
        findsEntries ? inner.FindEntryAsync(tenant, kind, operationId, cancellationToken) : Task.FromResult<LedgerEntry?>(null);

    public Task<IReadOnlyList<LedgerEntry>> ListEntriesAsync(TenantId tenant, long? before, int limit, CancellationToken cancellationToken) =>
        inner.ListEntriesAsync(tenant, before, limit, cancellationToken);

    /// <summary>
    /// The unit with other entries, as code would make it that believes in them: numbered and balanced, with the account to match.
    /// </summary>
    public static AccountUnit WithEntries(AccountUnit unit, IEnumerable<LedgerEntry> entries)
    {
        if (unit.Entries.IsEmpty)
        {
            return unit;
        }

        var first = unit.Entries[0];
        var available = first.AvailableAfter - first.Postings.Available;
        var held = first.HeldAfter - first.Postings.Held;
        var settled = unit.After.Settled;
        foreach (var entry in unit.Entries)
        {
            settled -= entry.Postings.Revenue;
        }

        var sequence = unit.ExpectedVersion;
        var booked = ImmutableArray.CreateBuilder<LedgerEntry>();
        foreach (var entry in entries)
        {
            available += entry.Postings.Available;
            held += entry.Postings.Held;
            settled += entry.Postings.Revenue;
            booked.Add(entry with { Sequence = ++sequence, AvailableAfter = available, HeldAfter = held });
        }

        return unit with
        {
            Entries = booked.ToImmutable(),
            After = unit.After with { Version = sequence, Available = available, Held = held, Settled = settled },
        };
    }
}
