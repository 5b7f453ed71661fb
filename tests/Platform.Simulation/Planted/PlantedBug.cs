using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Storage.Memory;

namespace Platform.Simulation.Planted;

/// <summary>
/// A bug that is put between the real parts, to show that the checks would notice it: a store that forgets a fence, a connection that
/// changes what is committed, an adapter that takes a time-out for a refusal. Nothing in the product is switched.
/// </summary>
internal class PlantedBug
{
    /// <summary>Everything as it is.</summary>
    public static PlantedBug None { get; } = new();

    public virtual MemoryStore CreateStore() => new();

    public virtual IAccountStore Wrap(IAccountStore store) => store;

    public virtual ITaskStore Wrap(ITaskStore store) => store;

    public virtual IUpstream Wrap(IUpstream upstream) => upstream;

    public virtual IResultMedia Wrap(IResultMedia media) => media;
}
