using System.Diagnostics;
using Platform.Domain.Tenants;
using Platform.Grains.Tenants;

namespace Platform.Grains.Telemetry;

/// <summary>Spans of the grains. Where nobody collects them they cost one look.</summary>
internal static class GrainTracing
{
    private static readonly ActivitySource Source = new("Platform.Grains");

    /// <summary>The span of one group commit: a step of the first call that it carries, linked to the others.</summary>
    public static Activity? Commit(TenantId tenant, IReadOnlyList<AccountOperation> operations)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // The first caller's span goes on: a trace that ends at the door of a group would show nothing of its commit. The others link to it.
        var callers = operations.Select(o => o.Caller).Where(c => c != default).Distinct().ToList();
        return Source.StartActivity(
            ActivityKind.Internal,
            callers.FirstOrDefault(),
            [new("platform.tenant", tenant.Value), new("platform.group.operations", operations.Count)],
            callers.Skip(1).Select(c => new ActivityLink(c)),
            name: "account.commit");
    }
}
