using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Api.Files;

/// <summary>Bytes through signed links: no key is asked for, the signature is the permission.</summary>
internal static class ContentEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapContentEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/v1/files/{id}/content", Methods, GetFileAsync).Promises(ContentOperations.GetFile);
        routes.MapMethods("/v1/media/results/{tenant}/{task}/{name}", Methods, GetResultAsync).Promises(ContentOperations.GetResult);
        routes.MapMethods("/v1/media/inputs/{tenant}/{task}/{name}", Methods, GetInputAsync).Promises(ContentOperations.GetInput);
    }

    private static async Task GetFileAsync(
        HttpContext context, string id, string? expires, string? signature, IFileStore files, IBlobStore blobs, ILinkSigner links, TimeProvider time)
    {
        var file = await files.FindAsync(id, context.RequestAborted);

        // A file that is not there and a signature that is wrong look the same: an id tells nothing to those without a link.
        if (file is null || file.ExpiresAt <= time.GetUtcNow())
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.LinkForged());
            return;
        }

        await ServeAsync(
            context, links.Verify(context.Request.Path, file.Tenant.Value, expires, signature), blobs, file.BlobKey, file.Info.ContentType, file.FileName, file.Blob.Sha256);
    }

    private static async Task GetResultAsync(
        HttpContext context, string tenant, string task, string name, string? expires, string? signature, ITaskStore tasks, IBlobStore blobs, ILinkSigner links)
    {
        if (await FindTaskAsync(context, tenant, task, expires, signature, tasks, links) is not { } found)
        {
            return;
        }

        if (found.Phase is not TaskPhase.Ended { Outcome: TaskOutcome.Completed completed }
            || !completed.Result.BlobKey.EndsWith("/" + name, StringComparison.Ordinal))
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.LinkForged());
            return;
        }

        await ServeAsync(
            context, LinkVerdict.Valid, blobs, completed.Result.BlobKey, completed.Result.Info.ContentType, $"{task}.mp4", completed.Result.Blob.Sha256);
    }

    // What an upstream is given; the name has an ending for those that go by it, and the part before it says which input is meant.
    private static async Task GetInputAsync(
        HttpContext context, string tenant, string task, string name, string? expires, string? signature, ITaskStore tasks, IBlobStore blobs, ILinkSigner links)
    {
        if (await FindTaskAsync(context, tenant, task, expires, signature, tasks, links) is not { } found)
        {
            return;
        }

        var input = found.Inputs.FirstOrDefault(i => i.BlobKey.EndsWith("/" + Path.GetFileNameWithoutExtension(name), StringComparison.Ordinal));
        if (input is null)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.LinkForged());
            return;
        }

        await ServeAsync(context, LinkVerdict.Valid, blobs, input.BlobKey, input.Info.ContentType, name, input.Blob.Sha256);
    }

    /// <summary>The task that a good link is of; where it is none, the answer is written.</summary>
    private static async Task<GenerationTask?> FindTaskAsync(
        HttpContext context, string tenant, string task, string? expires, string? signature, ITaskStore tasks, ILinkSigner links)
    {
        var verdict = TenantId.IsValid(tenant) && TaskId.IsValid(task)
            ? links.Verify(context.Request.Path, tenant, expires, signature)
            : LinkVerdict.Forged;
        if (verdict != LinkVerdict.Valid)
        {
            await ErrorResponse.WriteAsync(context, Refuse(verdict));
            return null;
        }

        var found = await tasks.FindAsync(new(tenant), new(task), context.RequestAborted);

        // What the tenant had erased is gone from that moment on, even where its bytes are still being deleted.
        if (found is null or { MediaDeletedAt: not null })
        {
            await ErrorResponse.WriteAsync(context, found is null ? ApiErrors.LinkForged() : ApiErrors.BytesGone());
            return null;
        }

        return found;
    }

    private static async Task ServeAsync(
        HttpContext context, LinkVerdict verdict, IBlobStore blobs, string blobKey, string contentType, string fileName, string sha256)
    {
        if (verdict != LinkVerdict.Valid)
        {
            await ErrorResponse.WriteAsync(context, Refuse(verdict));
            return;
        }

        if (await blobs.OpenReadAsync(blobKey, context.RequestAborted) is not { } content)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.BytesGone());
            return;
        }

        // A tenant's bytes must never run as a page of this origin.
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; media-src 'self'; sandbox";
        headers.CacheControl = "private, max-age=3600";
        var disposition = new ContentDispositionHeaderValue("inline");
        disposition.SetHttpFileName(fileName);
        headers.ContentDisposition = disposition.ToString();
        await TypedResults
            .Stream(content, contentType, entityTag: new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true)
            .ExecuteAsync(context);
    }

    private static ApiError Refuse(LinkVerdict verdict) =>
        verdict == LinkVerdict.Expired ? ApiErrors.LinkExpired() : ApiErrors.LinkForged();
}
