namespace Platform.Domain.Media;

/// <summary>What a probe says of a file: what it is, or why it is refused.</summary>
public abstract record ProbeResult
{
    private ProbeResult()
    {
    }

    /// <summary>The file is a supported medium.</summary>
    public sealed record Recognised(MediaInfo Info) : ProbeResult;

    /// <summary>The file is not a supported medium, is damaged, or would take more than the bounds to understand.</summary>
    /// <param name="Reason">A sentence for the caller: what was found and what is allowed.</param>
    public sealed record Refused(string Reason) : ProbeResult;
}

/// <summary>Reads what a file is from its bytes, bounded in bytes read, nesting and time, whatever the bytes are.</summary>
public interface IMediaProbe
{
    /// <summary>Looks into a file. Only few bytes of it are read.</summary>
    /// <param name="content">The file; must be able to seek and know its length.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    Task<ProbeResult> ProbeAsync(Stream content, CancellationToken cancellationToken);
}
