namespace Platform.Simulation.Kernel;

/// <summary>
/// Runs code as Orleans runs a grain: one turn at a time, in the order in which the turns became ready. Which queue's turn is next
/// is for the run to choose; between two turns it may do anything else, or never come back.
/// </summary>
internal sealed class TurnQueue(ReadyQueues ready, Action<bool>? entered = null) : TaskScheduler
{
    private readonly Queue<Task> _turns = new();
    private bool _paused;
    private bool _closed;

    public override int MaximumConcurrencyLevel => 1;

    public bool IsReady => _turns.Count > 0 && !_paused && !_closed;

    /// <summary>Its turns wait until it may go on: the process is stopped.</summary>
    public void Pause(bool paused)
    {
        _paused = paused;
        ready.Update(this);
    }

    /// <summary>Its turns never run: the process is dead.</summary>
    public void Close()
    {
        _closed = true;
        _turns.Clear();
        ready.Update(this);
    }

    public Task Start(Func<Task> body) => Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    public void RunOne()
    {
        var turn = _turns.Dequeue();
        ready.Running = this;
        entered?.Invoke(true);
        try
        {
            TryExecuteTask(turn);
        }
        finally
        {
            entered?.Invoke(false);
            ready.Running = null;
            ready.Update(this);
        }
    }

    protected override void QueueTask(Task task)
    {
        ready.DemandThread();
        if (!_closed)
        {
            _turns.Enqueue(task);
            ready.Update(this);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && ready.Running == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _turns;
}

/// <summary>The queues that have a turn to run.</summary>
internal sealed class ReadyQueues
{
    private readonly List<TurnQueue> _ready = [];
    private readonly Dictionary<TurnQueue, int> _places = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public int Count => _ready.Count;

    public TurnQueue? Running { get; set; }

    public TurnQueue this[int index] => _ready[index];

    /// <summary>A turn that comes from another thread comes at a moment that no seed decides.</summary>
    public void DemandThread()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            Environment.FailFast("A turn became ready on another thread: the simulated code has left its scheduler, by way of " + Environment.StackTrace);
        }
    }

    public void Update(TurnQueue queue)
    {
        if (queue.IsReady)
        {
            if (_places.TryAdd(queue, _ready.Count))
            {
                _ready.Add(queue);
            }
        }
        else if (_places.Remove(queue, out var place))
        {
            var last = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            if (last != queue)
            {
                _ready[place] = last;
                _places[last] = place;
            }
        }
    }
}
