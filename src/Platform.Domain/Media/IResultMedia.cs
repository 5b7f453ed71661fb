using Platform.Domain.Upstreams;

namespace Platform.Domain.Media;

/// <summary>The outcome of copying an upstream's result into the platform's own storage.</summary>
public abstract record ResultCopy
{
    private ResultCopy()
    {
    }

    /// <summary>The bytes are ours; <paramref name="Info"/> is what is billed by.</summary>
    public sealed record Stored(BlobInfo Blob, MediaInfo Info) : ResultCopy;

    /// <summary>The result is gone or is no video; trying again cannot help.</summary>
    /// <param name="Reason">Why, for the operator.</param>
    public sealed record Unusable(string Reason) : ResultCopy;

    /// <summary>The result could not be read this time.</summary>
    /// <param name="Reason">Why, for the operator.</param>
    public sealed record Unavailable(string Reason) : ResultCopy;
}

/// <summary>Copies what an upstream made into the platform's own storage.</summary>
public interface IResultMedia
{
    /// <summary>Copies and probes an output. Repeating it is harmless.</summary>
    /// <param name="output">Where the upstream keeps it.</param>
    /// <param name="targetKey">Key of the copy in the blob store.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    Task<ResultCopy> StoreAsync(UpstreamOutput output, string targetKey, CancellationToken cancellationToken);
}
