using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Commits;

/// <summary>What the fences of a unit look at: the store as it is inside the transaction that would write the unit.</summary>
internal interface IFenceView
{
    /// <summary>Version of an account; 0 where it has no row.</summary>
    long AccountVersion(TenantId tenant);

    /// <summary>Version of a task; 0 where there is none.</summary>
    long TaskVersion(TenantId tenant, TaskId id);

    /// <summary>Whether a key was stored after a time.</summary>
    bool IdempotencyKeyInUse(TenantId tenant, string key, DateTimeOffset notBefore);

    /// <summary>Whether a grant or an adjustment of this id was booked.</summary>
    bool OperationExists(TenantId tenant, string operationId);

    /// <summary>Whether a slot of a provider account is taken.</summary>
    bool SlotTaken(SlotClaim slot);
}
