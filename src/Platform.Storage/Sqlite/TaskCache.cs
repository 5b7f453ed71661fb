using System.Collections.Concurrent;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Sqlite;

/// <summary>
/// Tasks that were read lately, as they are committed. This process is the only one that writes its file, so that it knows of every
/// change: whoever commits a task calls <see cref="Forget"/> before anybody is told. What a slow reader brings back after a commit is
/// refused by the stamp that it took before it read, and nothing older ever takes the place of something newer.
/// </summary>
/// <param name="capacity">Most tasks in either half, 0 for none; a task of a short prompt takes about 3 KB.</param>
internal sealed class TaskCache(int capacity)
{
    private const int Stripes = 1024;

    private readonly Lock _writing = new();
    private readonly int[] _stamps = new int[Stripes];

    // What was asked for since the last turn, and before it. At a turn the older half is dropped.
    private volatile ConcurrentDictionary<TaskKey, GenerationTask> _recent = new();
    private volatile ConcurrentDictionary<TaskKey, GenerationTask> _older = new();

    /// <summary>The task, or null where it has to be read.</summary>
    public GenerationTask? Find(TaskKey key)
    {
        if (_recent.TryGetValue(key, out var task))
        {
            return task;
        }

        return _older.ContainsKey(key) ? Rescue(key) : null;
    }

    /// <summary>Taken before a task is read, and given to <see cref="Keep"/> with it.</summary>
    public int Stamp(TaskKey key) => Volatile.Read(ref _stamps[Stripe(key)]);

    /// <summary>Keeps a task that was read, unless it may have been committed anew meanwhile.</summary>
    public void Keep(TaskKey key, GenerationTask task, int stamp)
    {
        lock (_writing)
        {
            var kept = _recent.GetValueOrDefault(key) ?? _older.GetValueOrDefault(key);
            if (_stamps[Stripe(key)] == stamp && !(kept?.Version > task.Version))
            {
                Put(key, task);
            }
        }
    }

    /// <summary>Drops a task that was committed, or may have been.</summary>
    public void Forget(TaskKey key)
    {
        lock (_writing)
        {
            _stamps[Stripe(key)]++;
            _recent.TryRemove(key, out _);
            _older.TryRemove(key, out _);
        }
    }

    private static int Stripe(TaskKey key) => (key.GetHashCode() & int.MaxValue) % Stripes;

    private GenerationTask? Rescue(TaskKey key)
    {
        lock (_writing)
        {
            if (_older.TryGetValue(key, out var task))
            {
                Put(key, task);
            }

            return task;
        }
    }

    private void Put(TaskKey key, GenerationTask task)
    {
        if (capacity == 0)
        {
            return;
        }

        if (_recent.Count >= capacity)
        {
            _older = _recent;
            _recent = new();
        }

        _recent[key] = task;
    }
}
