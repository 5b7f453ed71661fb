namespace Platform.Bench.Load;

/// <summary>What a load found.</summary>
/// <param name="Completed">Answers within the time.</param>
/// <param name="Errors">Answers with another status than 200.</param>
/// <param name="FirstError">The first of them, with its body.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Latencies">Time from when a request was due until its answer was complete.</param>
internal sealed record LoadResult(int Completed, int Errors, string? FirstError, TimeSpan Elapsed, Latencies Latencies)
{
    public double PerSecond => Completed / Elapsed.TotalSeconds;
}
