namespace Platform.Grains.Tasks;

/// <summary>
/// Lets turns of a grain wait until something has changed. Those who wait are woken straight onto the grain's scheduler: a time-out put
/// around a shared task would take the way over the thread pool, and no simulation could repeat what happens there.
/// </summary>
internal sealed class ChangeSignal
{
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <summary>Wakes all who wait.</summary>
    public void Raise()
    {
        foreach (var waiting in _waiting)
        {
            waiting.TrySetResult();
        }

        _waiting.Clear();
    }

    /// <summary>Waits for the next change, for as long as <paramref name="patience"/> at most.</summary>
    public async Task WaitAsync(TimeSpan patience, TimeProvider time)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add(mine);
        using var limit = time.CreateTimer(static waiting => ((TaskCompletionSource)waiting!).TrySetResult(), mine, patience, Timeout.InfiniteTimeSpan);
        await mine.Task;
        _waiting.Remove(mine);
    }
}
