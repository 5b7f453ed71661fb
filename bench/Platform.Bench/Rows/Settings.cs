namespace Platform.Bench.Rows;

/// <summary>How long rows measure. Every row alternates between baseline and subject, so that both see the same machine.</summary>
/// <param name="Rounds">Rounds of baseline and subject.</param>
/// <param name="Seconds">Seconds of each, per round.</param>
internal sealed record Settings(int Rounds, int Seconds)
{
    public const int Connections = 64;

    public TimeSpan Slice => TimeSpan.FromSeconds(Seconds);

    /// <summary>The middle one of some figures.</summary>
    public static double Median(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
