using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Memory;

public partial class MemoryStore : IBooksReader
{
    /// <inheritdoc/>
    public Task<IBooksSnapshot> OpenAsync(CancellationToken cancellationToken) =>
        WithLock<IBooksSnapshot>(
            () => new Snapshot(_books.ToDictionary(
                b => b.Key, b => (Row(b.Value), Entries: (List<LedgerEntry>)[.. b.Value.Entries], Tasks(b.Value)), StringComparer.Ordinal)),
            cancellationToken);

    private static AccountRow Row(BooksState books)
    {
        var account = books.Account;
        return new(
            account.Tenant,
            account.Version,
            account.Available,
            account.Held,
            account.Settled,
            account.Lots.Aggregate(CreditAmount.Zero, (sum, lot) => sum + lot.Remaining));
    }

    private List<TaskBooks> Tasks(BooksState books) =>
    [
        .. books.Tasks.Select(t => t.Task.Id).Union(books.Holds.Keys).Union(books.Resolutions.Keys).Select(id =>
        {
            var task = _tasks.GetValueOrDefault(new(books.Account.Tenant, id))?.Task;
            return new TaskBooks(
                id,
                task?.Status,
                task?.CreditsReserved ?? CreditAmount.Zero,
                task?.Phase is TaskPhase.Ended { Outcome: TaskOutcome.Completed completed } ? completed.CreditsUsed : null,
                books.Holds.TryGetValue(id, out var hold) ? new(hold.Hold.Amount, hold.IsOpen, hold.Settled, hold.Released) : null,
                books.Resolutions.GetValueOrDefault(id),
                books.Outbox.ContainsKey(id) ? 1 : 0);
        }),
    ];

    private sealed class Snapshot(Dictionary<string, (AccountRow Row, List<LedgerEntry> Entries, List<TaskBooks> Tasks)> books) : IBooksSnapshot
    {
        public IAsyncEnumerable<AccountRow> AccountsAsync(CancellationToken cancellationToken) =>
            books.Values.Select(b => b.Row).ToAsyncEnumerable();

        public IAsyncEnumerable<LedgerEntry> EntriesAsync(TenantId tenant, CancellationToken cancellationToken) =>
            books.TryGetValue(tenant.Value, out var found) ? found.Entries.ToAsyncEnumerable() : AsyncEnumerable.Empty<LedgerEntry>();

        public IAsyncEnumerable<TaskBooks> TasksAsync(TenantId tenant, CancellationToken cancellationToken) =>
            books.TryGetValue(tenant.Value, out var found) ? found.Tasks.ToAsyncEnumerable() : AsyncEnumerable.Empty<TaskBooks>();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
