namespace Platform.Cluster.Live.Running;

/// <summary>
/// When the tasks that a dead silo may have held went on: the first step of each that is committed after the silo was declared dead,
/// counted from there. Which silo held a task nobody records, so that all are taken that were unfinished and had no step in between.
/// </summary>
internal sealed class GoingOn(Database database)
{
    private readonly List<(long Killed, long Declared, string[] Tasks)> _deaths = [];

    /// <summary>Tasks that were at work at this moment.</summary>
    public async Task<string[]> AtWorkAsync() =>
        [.. await database.RowsAsync("SELECT id FROM tasks WHERE ended_at IS NULL AND NOT queued", static row => row.GetString(0))];

    /// <summary>A silo died, and was declared dead.</summary>
    public void Died(DateTimeOffset killed, DateTimeOffset declared, string[] atWork) =>
        _deaths.Add((killed.ToUnixTimeMilliseconds(), declared.ToUnixTimeMilliseconds(), atWork));

    /// <summary>How long each task took, shortest first. To be asked when all have ended.</summary>
    public async Task<IReadOnlyList<TimeSpan>> TimesAsync()
    {
        var times = new List<TimeSpan>();
        foreach (var (killed, declared, tasks) in _deaths)
        {
            var next = await database.RowsAsync(
                "SELECT min(at) FROM task_events WHERE task_id = ANY($1) AND at > $2 GROUP BY task_id",
                static row => row.GetInt64(0),
                tasks,
                killed);
            times.AddRange(next.Where(at => at > declared).Select(at => TimeSpan.FromMilliseconds(at - declared)));
        }

        times.Sort();
        return times;
    }

    /// <summary>The value that so many of hundred do not exceed.</summary>
    public static TimeSpan Percentile(IReadOnlyList<TimeSpan> sorted, int percent) =>
        sorted.Count == 0 ? TimeSpan.Zero : sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];
}
