using Platform.Domain.Tasks;
using Platform.Grains.Contracts;

namespace Platform.Grains.Sweeping;

/// <summary>Starts all sweepers when a silo starts; those that run already are not disturbed.</summary>
internal sealed class SweeperStarter(IGrainFactory grains) : IStartupTask
{
    public Task Execute(CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, TaskShard.Count).Select(shard => grains.GetGrain<ISweeperGrain>(shard).Start()));
}
