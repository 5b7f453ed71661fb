namespace Platform.Bench.Load;

/// <summary>Every latency of a load, exact.</summary>
internal sealed class Latencies
{
    private readonly TimeSpan[] _sorted;

    public Latencies(IEnumerable<TimeSpan> samples)
    {
        _sorted = [.. samples];
        Array.Sort(_sorted);
    }

    public int Count => _sorted.Length;

    /// <summary>The smallest latency that at least this part of all does not exceed.</summary>
    /// <param name="part">Above 0, at most 1.</param>
    public TimeSpan Percentile(double part) =>
        _sorted.Length == 0 ? TimeSpan.Zero : _sorted[Math.Max(0, (int)Math.Ceiling(part * _sorted.Length) - 1)];
}
