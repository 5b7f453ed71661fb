using Platform.Domain;
using Platform.Storage.Memory;

namespace Platform.Simulation.Planted;

/// <summary>A store that does not look at some of the fences, and has no last wall behind them.</summary>
internal class WeakStore(params Fence[] ignored) : MemoryStore
{
    protected override bool Loses(CommitOutcome.Lost lost) => !ignored.Contains(lost.Fence);

    protected override bool Enforces(StoreConstraint constraint) => false;
}
