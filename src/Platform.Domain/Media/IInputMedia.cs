using Platform.Domain.Tenants;

namespace Platform.Domain.Media;

/// <summary>What a look at an input's URL found, before the task is accepted.</summary>
public abstract record InputInspection
{
    private InputInspection()
    {
    }

    /// <summary>The medium was recognised.</summary>
    /// <param name="Info">What it is.</param>
    /// <param name="Length">Its size in bytes.</param>
    public sealed record Recognised(MediaInfo Info, long Length) : InputInspection;

    /// <summary>It can never be used: a forbidden address, not found, not a medium, too large.</summary>
    /// <param name="Reason">A sentence for the caller.</param>
    public sealed record Refused(string Reason) : InputInspection;

    /// <summary>It could not be looked at within the bounds; the copy decides.</summary>
    /// <param name="Reason">Why, for the log.</param>
    public sealed record Undetermined(string Reason) : InputInspection;
}

/// <summary>The outcome of copying an input into the platform's own storage.</summary>
public abstract record InputCopy
{
    private InputCopy()
    {
    }

    /// <summary>The bytes are ours and were checked.</summary>
    public sealed record Copied(BlobInfo Blob, MediaInfo Info) : InputCopy;

    /// <summary>The input can never be used.</summary>
    /// <param name="Reason">A sentence for the caller.</param>
    public sealed record Refused(string Reason) : InputCopy;

    /// <summary>The source did not answer as it should; worth another try.</summary>
    /// <param name="Reason">Why, for the log and for the task's history.</param>
    public sealed record Unavailable(string Reason) : InputCopy;
}

/// <summary>
/// Inputs that a tenant names by URL: the platform's own file links (recognised, never fetched over the network, only the
/// tenant's own) and foreign URLs, which are fetched through the guarded client only.
/// </summary>
public interface IInputMedia
{
    /// <summary>Looks at an input without keeping it; foreign URLs by few ranged reads, bounded in bytes and time.</summary>
    /// <param name="tenant">Whose own files may be named.</param>
    /// <param name="url">The URL as given.</param>
    /// <param name="maxBytes">Largest allowed file.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    Task<InputInspection> InspectAsync(TenantId tenant, string url, long maxBytes, CancellationToken cancellationToken);

    /// <summary>Copies an input to <paramref name="targetKey"/> and probes the copy. Repeating it is harmless.</summary>
    /// <param name="tenant">Whose own files may be named.</param>
    /// <param name="url">The URL as given.</param>
    /// <param name="targetKey">Key of the copy in the blob store.</param>
    /// <param name="maxBytes">Largest allowed file.</param>
    /// <param name="cancellationToken">Ends the copy; nothing half-written stays.</param>
    Task<InputCopy> CopyAsync(TenantId tenant, string url, string targetKey, long maxBytes, CancellationToken cancellationToken);
}
