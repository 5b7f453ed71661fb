using Microsoft.Extensions.Options;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Media.Blobs;

namespace Platform.Media.Inputs;

/// <summary>
/// Recognises the platform's own links by its public URL, never by a request's Host header. Signature and expiry of the link are
/// not looked at: whoever names it is authenticated, and may use what the tenant owns.
/// </summary>
internal sealed class OwnLinks
{
    private const int MaxFileIdLength = 64;

    private readonly Uri _publicUrl;
    private readonly string _basePath;

    public OwnLinks(IOptions<MediaOptions> options)
    {
        _publicUrl = new Uri(options.Value.PublicUrl!, UriKind.Absolute);
        _basePath = _publicUrl.AbsolutePath.TrimEnd('/');
    }

    /// <summary>Says what a URL is.</summary>
    public OwnLink Classify(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || !IsOurs(parsed))
        {
            return new OwnLink.Foreign();
        }

        // AbsolutePath has its dot segments resolved; what is still escaped in it is no part of a link of ours.
        return parsed.AbsolutePath[_basePath.Length..].Split('/') switch
        {
            ["", "v1", "files", var id, "content"] when id.Length <= MaxFileIdLength && BlobKey.IsValidSegment(id) =>
                new OwnLink.UploadedFile(id),
            ["", "v1", "media", "results", var tenant, var task, var name]
                when TenantId.IsValid(tenant) && TaskId.IsValid(task) && BlobKey.IsValidSegment(name) =>
                new OwnLink.TaskResult(tenant, $"results/{tenant}/{task}/{name}"),
            _ => new OwnLink.Nothing(),
        };
    }

    private bool IsOurs(Uri url) =>
        url.Scheme == _publicUrl.Scheme
        && url.Port == _publicUrl.Port
        && string.Equals(url.IdnHost, _publicUrl.IdnHost, StringComparison.OrdinalIgnoreCase)
        && url.AbsolutePath.StartsWith(_basePath + "/", StringComparison.Ordinal);
}
