using System.Net;
using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Domain.Upstreams;
using Platform.Media.Blobs;
using Platform.Media.Inputs;

namespace Platform.Media.Results;

/// <summary>
/// Copies what an upstream made: from our own store where the upstream already keeps it there, else through the guarded client;
/// an upstream's answer is foreign input too.
/// </summary>
internal sealed class ResultMedia(IBlobStore blobs, StoredMedia stored, ForeignMedia foreign, IOptions<MediaOptions> options) : IResultMedia
{
    /// <summary>Largest result, in bytes (1 GiB).</summary>
    public const long MaxBytes = 1024L * 1024 * 1024;

    private const string BlobScheme = "blob:";

    /// <inheritdoc/>
    public Task<ResultCopy> StoreAsync(UpstreamOutput output, string targetKey, CancellationToken cancellationToken) =>
        output.Location.StartsWith(BlobScheme, StringComparison.Ordinal)
            ? CopyBlobAsync(output.Location[BlobScheme.Length..], targetKey, cancellationToken)
            : FetchAsync(output.Location, targetKey, cancellationToken);

    private static bool IsGone(HttpStatusCode? status) => status is HttpStatusCode.NotFound or HttpStatusCode.Gone;

    private async Task<ResultCopy> CopyBlobAsync(string sourceKey, string targetKey, CancellationToken cancellationToken)
    {
        if (!BlobKey.IsValid(sourceKey))
        {
            return new ResultCopy.Unusable("The upstream named a blob by something that is no key.");
        }

        if (!await blobs.CopyAsync(sourceKey, targetKey, cancellationToken)
            || await stored.DigestAsync(targetKey, cancellationToken) is not { } blob
            || await stored.ProbeAsync(targetKey, cancellationToken) is not { } probed)
        {
            return new ResultCopy.Unusable("The blob that the upstream named is gone.");
        }

        return probed.Result switch
        {
            ProbeResult.Recognised recognised => await VideoOrNothingAsync(blob, recognised.Info, targetKey, cancellationToken),
            ProbeResult.Refused refused => await NothingAsync(refused.Reason, targetKey, cancellationToken),
            _ => throw new InvalidOperationException("A result without a case."),
        };
    }

    private async Task<ResultCopy> FetchAsync(string url, string targetKey, CancellationToken cancellationToken) =>
        await foreign.CopyAsync(url, targetKey, MaxBytes, options.Value.ResultCopyTimeout, cancellationToken) switch
        {
            ForeignCopy.Copied copied => await VideoOrNothingAsync(copied.Blob, copied.Info, targetKey, cancellationToken),

            // The upstream says that the job has succeeded: a 403 is a link that has ended, and the next query gives a new one.
            ForeignCopy.Refused { Status: { } status } refused when !IsGone(status) => new ResultCopy.Unavailable(refused.Reason),
            ForeignCopy.Refused refused => new ResultCopy.Unusable(refused.Reason),
            ForeignCopy.Unavailable unavailable => new ResultCopy.Unavailable(unavailable.Reason),
            _ => throw new InvalidOperationException("A copy without a case."),
        };

    private async Task<ResultCopy> VideoOrNothingAsync(BlobInfo blob, MediaInfo info, string targetKey, CancellationToken cancellationToken) =>
        info.Kind == MediaKind.Video
            ? new ResultCopy.Stored(blob, info)
            : await NothingAsync($"The result is an image ({info.ContentType}), not a video.", targetKey, cancellationToken);

    private async Task<ResultCopy> NothingAsync(string reason, string targetKey, CancellationToken cancellationToken)
    {
        await blobs.DeleteAsync(targetKey, cancellationToken);
        return new ResultCopy.Unusable(reason);
    }
}
