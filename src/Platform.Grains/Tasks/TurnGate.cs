namespace Platform.Grains.Tasks;

/// <summary>Lets one turn of a reentrant grain at a time through, in the order of arrival. Runs on the grain's scheduler: no locks.</summary>
internal sealed class TurnGate
{
    private TaskCompletionSource? _last;

    /// <summary>Waits until nobody else is inside; disposing the turn lets the next one through.</summary>
    public async Task<IDisposable> EnterAsync()
    {
        var before = _last;
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _last = mine;
        if (before is not null)
        {
            await before.Task;
        }

        return new Turn(mine);
    }

    private sealed class Turn(TaskCompletionSource mine) : IDisposable
    {
        public void Dispose() => mine.TrySetResult();
    }
}
