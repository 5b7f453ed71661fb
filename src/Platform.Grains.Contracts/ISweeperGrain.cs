namespace Platform.Grains.Contracts;

/// <summary>Wakes the tasks of one shard that are due and that nobody works on. Key: the shard.</summary>
[Alias("platform.sweeper")]
public interface ISweeperGrain : IGrainWithIntegerKey
{
    /// <summary>Makes sure that it ticks, and that a reminder revives it where its silo dies. Repeating it is harmless.</summary>
    [Alias("Start")]
    Task Start();
}
