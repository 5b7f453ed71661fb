using System.Security.Cryptography;
using Platform.Domain.Media;

namespace Platform.Media.Inputs;

/// <summary>Looks at blobs that are already stored.</summary>
internal sealed class StoredMedia(IBlobStore blobs, IMediaProbe probe)
{
    /// <summary>Probes a blob; null where there is none.</summary>
    public async Task<(ProbeResult Result, long Length)?> ProbeAsync(string key, CancellationToken cancellationToken)
    {
        if (await blobs.OpenReadAsync(key, cancellationToken) is not { } content)
        {
            return null;
        }

        await using (content)
        {
            return (await probe.ProbeAsync(content, cancellationToken), content.Length);
        }
    }

    /// <summary>Takes size and digest of a blob; null where there is none.</summary>
    public async Task<BlobInfo?> DigestAsync(string key, CancellationToken cancellationToken)
    {
        if (await blobs.OpenReadAsync(key, cancellationToken) is not { } content)
        {
            return null;
        }

        await using (content)
        {
            var digest = await SHA256.HashDataAsync(content, cancellationToken);
            return new BlobInfo(content.Length, Convert.ToHexStringLower(digest));
        }
    }
}
