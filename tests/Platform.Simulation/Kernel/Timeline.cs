namespace Platform.Simulation.Kernel;

/// <summary>The time that passes for all, and the timers that wait for it. It moves only when the run says so.</summary>
internal sealed class Timeline
{
    private readonly PriorityQueue<(Alarm Alarm, int Setting), (long Due, long Order)> _alarms = new();
    private long _order;

    /// <summary>When every run begins.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Time since the beginning.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>When the next timer is due, or null.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            while (_alarms.TryPeek(out var next, out var at))
            {
                if (next.Alarm.Setting == next.Setting)
                {
                    return TimeSpan.FromTicks(at.Due);
                }

                _alarms.Dequeue();
            }

            return null;
        }
    }

    /// <summary>Does something later.</summary>
    public void After(TimeSpan wait, Action act) => _ = new Alarm(this, null, _ => act(), null, wait, Timeout.InfiniteTimeSpan);

    public ITimer Create(Func<Action, bool>? hold, TimerCallback callback, object? state, TimeSpan wait, TimeSpan period) =>
        new Alarm(this, hold, callback, state, wait, period);

    /// <summary>Lets time pass, and rings what is due by then, in order.</summary>
    public void PassTo(TimeSpan time)
    {
        while (NextDue is { } due && due <= time)
        {
            Now = due > Now ? due : Now;
            _alarms.Dequeue().Alarm.Ring();
        }

        Now = time > Now ? time : Now;
    }

    private void Set(Alarm alarm, TimeSpan due) =>
        _alarms.Enqueue((alarm, alarm.Setting), (due.Ticks, _order++));

    private sealed class Alarm : ITimer
    {
        private readonly Timeline _timeline;
        private readonly Func<Action, bool>? _hold;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private TimeSpan _period;

        public Alarm(Timeline timeline, Func<Action, bool>? hold, TimerCallback callback, object? state, TimeSpan wait, TimeSpan period)
        {
            _timeline = timeline;
            _hold = hold;
            _callback = callback;
            _state = state;
            Change(wait, period);
        }

        /// <summary>Raised with every change, so that what was set before counts no more.</summary>
        public int Setting { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Setting++;
            _period = period;
            if (dueTime >= TimeSpan.Zero)
            {
                _timeline.Set(this, _timeline.Now + dueTime);
            }

            return true;
        }

        public void Ring()
        {
            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            // A stopped process hears its timers when it goes on; a dead one never does.
            if (_hold is null || !_hold(() => _callback(_state)))
            {
                _callback(_state);
            }
        }

        public void Dispose() => Setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
