using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Commits;

namespace Platform.Storage.Sqlite;

/// <summary>What the fences see inside the writer's transaction.</summary>
internal sealed class SqliteFenceView(SqliteConnection database) : IFenceView
{
    public long AccountVersion(TenantId tenant) => database
        .Prepare("SELECT version FROM accounts WHERE tenant = ?1")
        .Bind(1, tenant.Value)
        .First(static row => row.Int64(0));

    public long TaskVersion(TenantId tenant, TaskId id) => database
        .Prepare("SELECT version FROM tasks WHERE id = ?1 AND tenant = ?2")
        .Bind(1, id.Value)
        .Bind(2, tenant.Value)
        .First(static row => row.Int64(0));

    public bool IdempotencyKeyInUse(TenantId tenant, string key, DateTimeOffset notBefore) => database
        .Prepare("SELECT 1 FROM idempotency_keys WHERE tenant = ?1 AND key = ?2 AND created_at > ?3")
        .Bind(1, tenant.Value)
        .Bind(2, key)
        .Bind(3, notBefore)
        .Any();

    public bool OperationExists(TenantId tenant, string operationId) => database
        .Prepare("SELECT 1 FROM ledger_entries WHERE operation_id = ?1 AND kind IN (1, 5) AND tenant = ?2")
        .Bind(1, operationId)
        .Bind(2, tenant.Value)
        .Any();

    public bool SlotTaken(SlotClaim slot) => database
        .Prepare("SELECT 1 FROM upstream_slots WHERE account = ?1 AND number = ?2")
        .Bind(1, slot.Account)
        .Bind(2, slot.Number)
        .Any();
}
