namespace Platform.Grains.Tenants;

/// <summary>Lets one turn at a time through per key, in the order of arrival. Runs on the grain's scheduler: no locks.</summary>
internal sealed class KeyedTurns
{
    private readonly Dictionary<string, TaskCompletionSource> _last = new(StringComparer.Ordinal);

    /// <summary>
    /// Waits until nobody else has the key; disposing the turn lets the next one through. Null where that takes longer than the patience:
    /// who comes behind then waits for those before, as if this one had not been.
    /// </summary>
    public async Task<IDisposable?> EnterAsync(string key, TimeSpan patience, TimeProvider time)
    {
        _last.TryGetValue(key, out var before);
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _last[key] = mine;
        var turn = new Turn(this, key, mine);
        try
        {
            if (before is not null)
            {
                await before.Task.WaitAsync(patience, time);
            }

            return turn;
        }
        catch (TimeoutException)
        {
            _ = PassOnAsync(before!.Task, turn);
            return null;
        }
    }

    private static async Task PassOnAsync(Task before, Turn turn)
    {
        await before;
        turn.Dispose();
    }

    private sealed class Turn(KeyedTurns turns, string key, TaskCompletionSource mine) : IDisposable
    {
        public void Dispose()
        {
            if (turns._last.TryGetValue(key, out var last) && ReferenceEquals(last, mine))
            {
                turns._last.Remove(key);
            }

            mine.TrySetResult();
        }
    }
}
