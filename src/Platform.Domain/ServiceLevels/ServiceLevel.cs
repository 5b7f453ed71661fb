namespace Platform.Domain.ServiceLevels;

/// <summary>How well a model was served.</summary>
/// <param name="SuccessRate">Completed ÷ (completed + failed), 0–1, four decimals.</param>
/// <param name="P50Seconds">Half of the completed tasks took no longer from creation to completion; null where none completed.</param>
/// <param name="P95Seconds">95 of 100 completed tasks took no longer; null where none completed.</param>
public sealed record ServiceLevel(decimal SuccessRate, decimal? P50Seconds, decimal? P95Seconds)
{
    private const int RateDecimals = 4;
    private const decimal TenthsPerSecond = 10m;

    /// <summary>The level that counted ends make; percentiles by the nearest rank, so that each is a time that was really measured.</summary>
    /// <exception cref="ArgumentException">There are no ends.</exception>
    public static ServiceLevel Of(IReadOnlyCollection<EndCount> ends)
    {
        var all = ends.Sum(e => e.Count);
        if (all == 0)
        {
            throw new ArgumentException("A level needs an end.", nameof(ends));
        }

        var times = ends.Where(e => e.Completed).OrderBy(e => e.Tenths).ToList();
        var completed = times.Sum(e => e.Count);
        return new(
            Math.Round((decimal)completed / all, RateDecimals, MidpointRounding.AwayFromZero),
            Percentile(times, completed, 50),
            Percentile(times, completed, 95));
    }

    private static decimal? Percentile(List<EndCount> ascending, long count, int percent)
    {
        if (count == 0)
        {
            return null;
        }

        var rank = ((count * percent) + 99) / 100;
        var seen = 0L;
        return ascending.First(e => (seen += e.Count) >= rank).Tenths / TenthsPerSecond;
    }
}
