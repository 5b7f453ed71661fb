using Platform.Domain.Tasks;

namespace Platform.Domain.Routing;

/// <summary>What a task that asks for a slot is told.</summary>
public abstract record SlotAnswer
{
    private SlotAnswer()
    {
    }

    /// <summary>It may record an attempt with this slot, soon; null where the account has no limit.</summary>
    public sealed record Granted(int? Number) : SlotAnswer;

    /// <summary>All are taken; its turn will come.</summary>
    public sealed record Waits : SlotAnswer;
}

/// <summary>
/// Who gets the next slot of an account: tenants in turn, each with its longest waiting task, so that a tenant with many tasks makes
/// no other wait longer. It is a plan only. What counts are the rows of the store, which every commit is fenced by and which
/// <see cref="Reconcile"/> brings in; a number that is given away twice costs one of the two another try.
/// </summary>
/// <param name="limit">Number of slots; null for no limit.</param>
public sealed class SlotPool(int? limit)
{
    /// <summary>How long a number that was granted is kept for the commit that takes it.</summary>
    public static readonly TimeSpan GrantFor = TimeSpan.FromSeconds(30);

    /// <summary>How long a number is kept for a task that waited and was called.</summary>
    public static readonly TimeSpan CallFor = TimeSpan.FromSeconds(10);

    /// <summary>A task that has not asked for so long no longer waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SortedDictionary<int, Holding> _held = [];
    private readonly Dictionary<TaskKey, int> _numbers = [];
    private readonly Dictionary<TaskKey, DateTimeOffset> _waiting = [];
    private readonly Dictionary<string, Queue<TaskKey>> _queues = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private readonly List<TaskKey> _called = [];

    /// <summary>Number of slots; null for no limit.</summary>
    public int? Limit { get; private set; } = limit;

    /// <summary>Slots that are given away.</summary>
    public int Used => _held.Count;

    /// <summary>Tasks that wait.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Changes the number of slots; those that are taken beyond it are kept until they end.</summary>
    public void Resize(int? limit) => Limit = limit;

    /// <summary>A task asks for a slot for an attempt. Asking again keeps its place in the queue, and its number where it has one.</summary>
    public SlotAnswer Ask(TaskKey task, string attemptId, DateTimeOffset now)
    {
        if (Limit is null)
        {
            return new SlotAnswer.Granted(null);
        }

        if (!_numbers.ContainsKey(task) && _waiting.TryAdd(task, now))
        {
            Enqueue(task);
        }

        Serve(now);
        if (_numbers.TryGetValue(task, out var number))
        {
            _held[number] = new(task, attemptId, now + GrantFor, now);
            return new SlotAnswer.Granted(number);
        }

        _waiting[task] = now;
        return new SlotAnswer.Waits();
    }

    /// <summary>An attempt has ended, or its commit was lost: its slot is free. Another attempt's of the same task is not.</summary>
    public void Free(TaskKey task, string attemptId)
    {
        if (_numbers.TryGetValue(task, out var number) && string.Equals(_held[number].AttemptId, attemptId, StringComparison.Ordinal))
        {
            Drop(number);
        }
    }

    /// <summary>A task no longer waits here. A number that it was called for goes to the next; one that it took stays.</summary>
    public void Withdraw(TaskKey task)
    {
        _waiting.Remove(task);
        if (_numbers.TryGetValue(task, out var number) && _held[number].AttemptId is null)
        {
            Drop(number);
        }
    }

    /// <summary>
    /// Gives the free numbers to the tasks whose turn it is, and returns those: they are to be called, and must ask within
    /// <see cref="CallFor"/>.
    /// </summary>
    public IReadOnlyList<TaskKey> Call(DateTimeOffset now)
    {
        Serve(now);
        TaskKey[] called = [.. _called.Where(t => _numbers.TryGetValue(t, out var number) && _held[number].AttemptId is null)];
        _called.Clear();
        return called;
    }

    /// <summary>Brings in what is committed.</summary>
    /// <param name="rows">The account's slots.</param>
    /// <param name="readAt">When they were read at the earliest: what was given away later is not known to them.</param>
    public void Reconcile(IReadOnlyCollection<HeldSlot> rows, DateTimeOffset readAt)
    {
        var committed = rows.ToDictionary(r => r.Slot.Number);
        foreach (var (number, holding) in _held.ToList())
        {
            if (holding.Since < readAt && (committed.TryGetValue(number, out var row) ? row.Task != holding.Task : holding.Until < readAt))
            {
                Drop(number);
            }
        }

        foreach (var (number, row) in committed)
        {
            if (IsNewer(number) || (_numbers.TryGetValue(row.Task, out var other) && other != number && IsNewer(other)))
            {
                continue;
            }

            if (_numbers.TryGetValue(row.Task, out other) && other != number)
            {
                Drop(other);
            }

            // Dropped by the first look at the rows that no longer shows it.
            _waiting.Remove(row.Task);
            _numbers[row.Task] = number;
            _held[number] = new(row.Task, row.AttemptId, readAt, readAt);
        }

        bool IsNewer(int number) => _held.TryGetValue(number, out var holding) && holding.Since > readAt;
    }

    private void Serve(DateTimeOffset now)
    {
        var next = 1;
        while (_waiting.Count > 0 && FreeNumber(ref next) is { } number && NextInTurn(now) is { } task)
        {
            _waiting.Remove(task);
            _numbers[task] = number;
            _held[number] = new(task, null, now + CallFor, now);
            _called.Add(task);
        }
    }

    private int? FreeNumber(ref int next)
    {
        while (next <= Limit)
        {
            if (!_held.ContainsKey(next))
            {
                return next;
            }

            next++;
        }

        return null;
    }

    private TaskKey? NextInTurn(DateTimeOffset now)
    {
        while (_turns.TryDequeue(out var tenant))
        {
            var queue = _queues[tenant];
            TaskKey? found = null;
            while (found is null && queue.TryDequeue(out var task))
            {
                if (_waiting.TryGetValue(task, out var asked) && now - asked <= Patience)
                {
                    found = task;
                }
                else
                {
                    _waiting.Remove(task);
                }
            }

            if (queue.Count > 0)
            {
                _turns.Enqueue(tenant);
            }
            else
            {
                _queues.Remove(tenant);
            }

            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private void Enqueue(TaskKey task)
    {
        if (!_queues.TryGetValue(task.Tenant.Value, out var queue))
        {
            queue = new();
            _queues.Add(task.Tenant.Value, queue);
            _turns.Enqueue(task.Tenant.Value);
        }

        queue.Enqueue(task);
    }

    private void Drop(int number)
    {
        if (_held.Remove(number, out var holding))
        {
            _numbers.Remove(holding.Task);
        }
    }

    /// <summary>A number that is given away.</summary>
    /// <param name="Task">To whom.</param>
    /// <param name="AttemptId">For which attempt; null while the task is only called.</param>
    /// <param name="Until">Where no row shows it by then, it lapses.</param>
    /// <param name="Since">When it was given, or seen committed.</param>
    private readonly record struct Holding(TaskKey Task, string? AttemptId, DateTimeOffset Until, DateTimeOffset Since);
}
