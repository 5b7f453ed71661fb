using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Platform.Api;

/// <summary>Content with the ETag that names it: a caller who has it already gets a 304.</summary>
internal sealed class TaggedBytes
{
    private const int TagLength = 32;

    private readonly EntityTagHeaderValue _tag;

    private TaggedBytes(byte[] bytes)
    {
        Bytes = bytes;
        _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..TagLength]}\"");
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public static TaggedBytes Of(byte[] bytes) => new(bytes);

    /// <summary>Answers with the content, which caches may keep and have to ask for again each time, or with 304.</summary>
    public async Task WriteAsync(HttpContext context, string contentType)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = _tag.ToString();
        if (IsKnown(context.Request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = Bytes.Length;
        await response.Body.WriteAsync(Bytes, context.RequestAborted);
    }

    private bool IsKnown(HttpRequest request) =>
        EntityTagHeaderValue.TryParseList([.. request.Headers.IfNoneMatch.OfType<string>()], out var known)
        && known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(_tag, useStrongComparison: false));
}
