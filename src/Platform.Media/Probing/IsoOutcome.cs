using Platform.Domain.Media;

namespace Platform.Media.Probing;

/// <summary>What our own parser says of an ISO or QuickTime file.</summary>
internal abstract record IsoOutcome
{
    private IsoOutcome()
    {
    }

    /// <summary>The answer is certain, whichever it is.</summary>
    public sealed record Certain(ProbeResult Result) : IsoOutcome;

    /// <summary>Another program may know better; without one the file is refused.</summary>
    /// <param name="Otherwise">Why it is refused then.</param>
    /// <param name="Format">The format, by the file's brand.</param>
    public sealed record Unsure(ProbeResult.Refused Otherwise, MediaFormat Format) : IsoOutcome;
}
