using Orleans.Concurrency;

namespace Platform.Grains.Contracts;

/// <summary>
/// A generation task at work: its schedule, its calls to upstreams, its state machine. Reads do not come here; the store answers
/// them. Key: <c>{tenant}/{task}</c>, see <see cref="TaskGrainKey"/>.
/// </summary>
[Alias("platform.task")]
public interface ITaskGrain : IGrainWithStringKey
{
    /// <summary>Goes on with the task if nothing does already. Returns at once; safe to lose, because a sweeper repeats it.</summary>
    [Alias("Wake"), OneWay]
    Task Wake();

    /// <summary>
    /// Cancels: at once where no upstream has it; else asks the upstream, and returns when it has answered or its time is up. The first
    /// end that is committed stands.
    /// </summary>
    [Alias("Cancel")]
    Task<CancelReply> Cancel();

    /// <summary>
    /// Asks the upstream what became of an attempt that was given up when the task ended, so that what it costs us is known. Safe to lose:
    /// it is repeated, ever more seldom, for a bounded time.
    /// </summary>
    [Alias("CheckAbandoned"), OneWay]
    Task CheckAbandoned(string attemptId);

    /// <summary>
    /// Takes what an upstream's callback said of an attempt. Safe to repeat, to lose, and to come in any order: polling goes on. Says
    /// whether the task and the attempt exist.
    /// </summary>
    [Alias("Notify")]
    Task<bool> Notify(UpstreamNews news);
}
