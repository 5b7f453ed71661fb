namespace Platform.Simulation.Kernel;

/// <summary>A clock. It may be a little ahead of the others or behind them, and be set while it runs.</summary>
/// <param name="timeline">The time that passes for all.</param>
/// <param name="hold">Keeps what a timer would do for later, or for never, and says whether it did; null where nothing holds it.</param>
internal sealed class SimulatedTime(Timeline timeline, Func<Action, bool>? hold = null) : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Timeline.Start + timeline.Now + Ahead;

    public override long GetTimestamp() => timeline.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        timeline.Create(hold, callback, state, dueTime, period);
}
