using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Domain.Tenants;

namespace Platform.Media.Inputs;

/// <summary>
/// Inputs that a tenant names by URL. The platform's own links are looked up, and only what is the tenant's own exists; all others
/// go to <see cref="ForeignMedia"/>.
/// </summary>
internal sealed class InputMedia(
    OwnLinks links, IFileStore files, IBlobStore blobs, StoredMedia stored, ForeignMedia foreign, IOptions<MediaOptions> options, TimeProvider time)
    : IInputMedia
{
    // The same for what never was, what has ended, and what is another tenant's: a difference would tell.
    private const string NoSuchFile = "There is no such file.";

    /// <inheritdoc/>
    public async Task<InputInspection> InspectAsync(TenantId tenant, string url, long maxBytes, CancellationToken cancellationToken)
    {
        switch (links.Classify(url))
        {
            case OwnLink.Foreign:
                return await foreign.InspectAsync(url, maxBytes, cancellationToken);

            case OwnLink.UploadedFile link when await FindAsync(tenant, link.FileId, cancellationToken) is { } file:
                return file.Blob.Length > maxBytes
                    ? new InputInspection.Refused(FileTooLarge.Sentence(maxBytes))
                    : new InputInspection.Recognised(file.Info, file.Blob.Length);

            case OwnLink.TaskResult link when link.Tenant == tenant.Value:
                return await stored.ProbeAsync(link.BlobKey, cancellationToken) switch
                {
                    null => new InputInspection.Refused(NoSuchFile),
                    { Length: var length } when length > maxBytes => new InputInspection.Refused(FileTooLarge.Sentence(maxBytes)),
                    { Result: ProbeResult.Recognised recognised, Length: var length } => new InputInspection.Recognised(recognised.Info, length),
                    { Result: ProbeResult.Refused refused } => new InputInspection.Refused(refused.Reason),
                    _ => throw new InvalidOperationException("A result without a case."),
                };

            default:
                return new InputInspection.Refused(NoSuchFile);
        }
    }

    /// <inheritdoc/>
    public async Task<InputCopy> CopyAsync(TenantId tenant, string url, string targetKey, long maxBytes, CancellationToken cancellationToken)
    {
        switch (links.Classify(url))
        {
            case OwnLink.Foreign:
                return await foreign.CopyAsync(url, targetKey, maxBytes, options.Value.InputCopyTimeout, cancellationToken) switch
                {
                    ForeignCopy.Copied copied => new InputCopy.Copied(copied.Blob, copied.Info),
                    ForeignCopy.Refused refused => new InputCopy.Refused(refused.Reason),
                    ForeignCopy.Unavailable unavailable => new InputCopy.Unavailable(unavailable.Reason),
                    _ => throw new InvalidOperationException("A copy without a case."),
                };

            case OwnLink.UploadedFile link when await FindAsync(tenant, link.FileId, cancellationToken) is { } file:
                return file.Blob.Length > maxBytes
                    ? new InputCopy.Refused(FileTooLarge.Sentence(maxBytes))
                    : await CopyUploadAsync(file, targetKey, cancellationToken);

            case OwnLink.TaskResult link when link.Tenant == tenant.Value:
                return await CopyResultAsync(link.BlobKey, targetKey, maxBytes, cancellationToken);

            default:
                return new InputCopy.Refused(NoSuchFile);
        }
    }

    private async Task<UploadedFile?> FindAsync(TenantId tenant, string fileId, CancellationToken cancellationToken) =>
        await files.FindAsync(fileId, cancellationToken) is { } file && file.Tenant == tenant && time.GetUtcNow() < file.ExpiresAt
            ? file
            : null;

    // Uploads never change, so what was found when it came in is true of the copy.
    private async Task<InputCopy> CopyUploadAsync(UploadedFile file, string targetKey, CancellationToken cancellationToken) =>
        await blobs.CopyAsync(file.BlobKey, targetKey, cancellationToken)
            ? new InputCopy.Copied(file.Blob, file.Info)
            : new InputCopy.Refused(NoSuchFile);

    private async Task<InputCopy> CopyResultAsync(string sourceKey, string targetKey, long maxBytes, CancellationToken cancellationToken)
    {
        if (!await blobs.CopyAsync(sourceKey, targetKey, cancellationToken)
            || await stored.DigestAsync(targetKey, cancellationToken) is not { } blob
            || await stored.ProbeAsync(targetKey, cancellationToken) is not { } probed)
        {
            return new InputCopy.Refused(NoSuchFile);
        }

        if (blob.Length <= maxBytes && probed.Result is ProbeResult.Recognised recognised)
        {
            return new InputCopy.Copied(blob, recognised.Info);
        }

        await blobs.DeleteAsync(targetKey, cancellationToken);
        return new InputCopy.Refused(probed.Result is ProbeResult.Refused refused ? refused.Reason : FileTooLarge.Sentence(maxBytes));
    }
}
