namespace Platform.Grains.Tasks;

/// <summary>Growing pauses with jitter, so that tasks that failed together do not come back together.</summary>
internal static class Backoff
{
    /// <summary>The pause before the next try: doubled per try from <paramref name="first"/> up to <paramref name="longest"/>, ±20 %.</summary>
    /// <param name="tries">Tries so far, from 0.</param>
    /// <param name="first">First pause.</param>
    /// <param name="longest">Longest pause before jitter.</param>
    /// <param name="roll">A number in [0, 1).</param>
    public static TimeSpan Pause(int tries, TimeSpan first, TimeSpan longest, double roll)
    {
        var grown = first.Ticks * Math.Pow(2, Math.Min(tries, 30));
        return TimeSpan.FromTicks((long)(Math.Min(grown, longest.Ticks) * (0.8 + (0.4 * roll))));
    }
}
