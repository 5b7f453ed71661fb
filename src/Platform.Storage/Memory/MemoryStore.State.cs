using System.Collections.Immutable;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;
using Platform.Storage.Commits;

namespace Platform.Storage.Memory;

public partial class MemoryStore
{
    private readonly SortedDictionary<string, BooksState> _books = new(StringComparer.Ordinal);
    private readonly Dictionary<TaskKey, TaskState> _tasks = [];
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);
    private readonly View _view;

    /// <summary>Makes an empty store.</summary>
    public MemoryStore() => _view = new(this);

    private BooksState? Books(TenantId tenant) => _books.GetValueOrDefault(tenant.Value);

    private BooksState OpenBooks(TenantId tenant)
    {
        if (!_books.TryGetValue(tenant.Value, out var books))
        {
            books = new() { Account = Account.Open(tenant) };
            _books.Add(tenant.Value, books);
        }

        return books;
    }

    /// <summary>All that belongs to one account. <see cref="Account"/> is without its holds, which have rows of their own.</summary>
    private sealed class BooksState
    {
        public required Account Account { get; set; }

        public List<LedgerEntry> Entries { get; } = [];

        public HashSet<long> Sequences { get; } = [];

        public Dictionary<(LedgerEntryKind Kind, string OperationId), LedgerEntry> Operations { get; } = [];

        public Dictionary<TaskId, HoldState> Holds { get; } = [];

        public Dictionary<TaskId, TaskResolution> Resolutions { get; } = [];

        public Dictionary<TaskId, OutboxMessage> Outbox { get; } = [];

        public Dictionary<string, IdempotencyRecord> Keys { get; } = new(StringComparer.Ordinal);

        public List<TaskState> Tasks { get; } = [];
    }

    private sealed record HoldState(Hold Hold, bool IsOpen, CreditAmount Settled, CreditAmount Released);

    private sealed class TaskState
    {
        public required GenerationTask Task { get; set; }

        public required int Shard { get; init; }

        public ImmutableArray<TaskEvent> Events { get; set; } = [];

        public DateTimeOffset? DueAt { get; set; }

        public bool Queued { get; set; }
    }

    private sealed class View(MemoryStore store) : IFenceView
    {
        public long AccountVersion(TenantId tenant) => store.Books(tenant)?.Account.Version ?? 0;

        public long TaskVersion(TenantId tenant, TaskId id) => store._tasks.GetValueOrDefault(new(tenant, id))?.Task.Version ?? 0;

        public bool IdempotencyKeyInUse(TenantId tenant, string key, DateTimeOffset notBefore) =>
            store.Books(tenant)?.Keys.GetValueOrDefault(key)?.CreatedAt > UnixTime.Truncate(notBefore);

        public bool OperationExists(TenantId tenant, string operationId) => store.Books(tenant) is { } books
            && (books.Operations.ContainsKey((LedgerEntryKind.Grant, operationId))
                || books.Operations.ContainsKey((LedgerEntryKind.Adjustment, operationId)));

        public bool SlotTaken(SlotClaim slot) => store._slots.ContainsKey(slot);
    }
}
