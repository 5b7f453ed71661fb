using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Auth;
using Platform.Api.Errors;
using Platform.Api.OpenApi;
using Platform.Domain;
using Platform.Domain.Media;

namespace Platform.Api.Files;

/// <summary>Uploads of reference media.</summary>
internal static class FileEndpoints
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    public static void MapFileEndpoints(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/v1/files").RequireTenant();
        files.MapPost("", (HttpContext context) => context.RequestServices.GetRequiredService<UploadFile>().HandleAsync(context)).Promises(FileOperations.Upload);
        files.MapGet("", ListAsync).Promises(FileOperations.List);
        files.MapGet("/{id}", GetAsync).Promises(FileOperations.Get);
        files.MapDelete("/{id}", DeleteAsync).Promises(FileOperations.Delete);
    }

    private static async Task GetAsync(HttpContext context, string id, IFileStore files, ILinkSigner links, TimeProvider time)
    {
        var file = await files.FindAsync(id, context.RequestAborted);
        if (file is null || file.Tenant != Caller.Of(context).Tenant.Id || file.ExpiresAt <= time.GetUtcNow())
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.FileNotFound());
            return;
        }

        await WriteAsync(context, file, links);
    }

    private static async Task ListAsync(HttpContext context, IFileStore files, ILinkSigner links, TimeProvider time)
    {
        var query = new QueryReader(context.Request.Query);
        var limit = query.Number("limit", DefaultLimit, 1, MaxLimit);
        var after = query.Word("after", IsFileId, "the 'next' of a page before");
        query.Finish();
        if (query.Violation is { } violation)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter(violation));
            return;
        }

        var found = await files.ListAsync(Caller.Of(context).Tenant.Id, time.GetUtcNow(), after, Math.Min(limit + 1, MaxLimit), context.RequestAborted);
        var page = found.Take(limit).ToList();
        var hasMore = found.Count > limit || (limit == MaxLimit && found.Count == MaxLimit);
        await context.Response.WriteAsJsonAsync(
            new([.. page.Select(f => FileObject.Of(f, links))], hasMore, hasMore ? page[^1].Id : null),
            ApiJson.Wire.FileListObject,
            contentType: null,
            context.RequestAborted);
    }

    private static async Task DeleteAsync(HttpContext context, string id, IFileStore files, IBlobStore blobs)
    {
        var file = await files.FindAsync(id, context.RequestAborted);
        if (file is null || file.Tenant != Caller.Of(context).Tenant.Id)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.FileNotFound());
            return;
        }

        // The register first: a file that is named must have its bytes. Tasks have copies of their own.
        await files.RemoveAsync(file.Tenant, file.Id, CancellationToken.None);
        await blobs.DeleteAsync(file.BlobKey, CancellationToken.None);
        await context.Response.WriteAsJsonAsync(
            new(file.Id, "file", Deleted: true), ApiJson.Wire.DeletedObject, contentType: null, context.RequestAborted);
    }

    private static bool IsFileId(string text) =>
        text.StartsWith(UploadFile.IdPrefix, StringComparison.Ordinal)
        && text.Length > UploadFile.IdPrefix.Length
        && text.AsSpan(UploadFile.IdPrefix.Length).IndexOfAnyExcept(IdCharacters) < 0;

    internal static Task WriteAsync(HttpContext context, UploadedFile file, ILinkSigner links) =>
        context.Response.WriteAsJsonAsync(FileObject.Of(file, links), ApiJson.Wire.FileObject, contentType: null, context.RequestAborted);
}

/// <summary>The way of an upload: streamed to storage, probed there, registered.</summary>
internal sealed class UploadFile(
    IBlobStore blobs, IMediaProbe probe, IFileStore files, ILinkSigner links, IIdSource ids, TimeProvider time)
{
    public const string IdPrefix = "file_";

    private const int FileIdLength = 24;

    // What a multipart body has around the file.
    private const long Envelope = 64 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        if (MultipartFile.Boundary(context.Request) is not { } boundary)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.UnsupportedMediaType("multipart/form-data, with the file in the field 'file'"));
            return;
        }

        if (context.Request.ContentLength > UploadedFile.MaxBytes + Envelope)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.FileTooLarge(UploadedFile.MaxBytes));
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bound)
        {
            bound.MaxRequestBodySize = UploadedFile.MaxBytes + Envelope;
        }

        try
        {
            await StoreAsync(context, boundary);
        }
        catch (BlobTooLargeException)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.FileTooLarge(UploadedFile.MaxBytes));
        }
        catch (BadHttpRequestException bad) when (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.FileTooLarge(UploadedFile.MaxBytes));
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException && !context.RequestAborted.IsCancellationRequested)
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidBody("The body is not a whole multipart/form-data message."));
        }
    }

    private async Task StoreAsync(HttpContext context, string boundary)
    {
        if (await MultipartFile.FindAsync(context.Request.Body, boundary, context.RequestAborted) is not var (content, fileName))
        {
            await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter("file", "'file' is required: a part of the form with a file name."));
            return;
        }

        var tenant = Caller.Of(context).Tenant.Id;
        var id = $"{UploadFile.IdPrefix}{ids.Next(FileIdLength)}";
        var key = $"files/{tenant.Value}/{id}";
        var blob = await blobs.WriteAsync(key, content, UploadedFile.MaxBytes, context.RequestAborted);
        var registered = false;
        try
        {
            ProbeResult result;
            await using (var stored = await blobs.OpenReadAsync(key, context.RequestAborted) ?? throw new InvalidOperationException($"Blob {key} is gone."))
            {
                result = await probe.ProbeAsync(stored, context.RequestAborted);
            }

            if (result is not ProbeResult.Recognised recognised)
            {
                var reason = result is ProbeResult.Refused refused ? refused.Reason : "It is not a supported medium.";
                await ErrorResponse.WriteAsync(context, ApiErrors.InvalidParameter("file", reason));
                return;
            }

            var file = new UploadedFile
            {
                Id = id,
                Tenant = tenant,
                FileName = fileName,
                Info = recognised.Info,
                Blob = blob,
                CreatedAt = time.GetUtcNow(),
            };
            await files.AddAsync(file, CancellationToken.None);
            registered = true;
            await FileEndpoints.WriteAsync(context, file, links);
        }
        finally
        {
            if (!registered)
            {
                // Refused or broken off: nothing is left behind.
                await blobs.DeleteAsync(key, CancellationToken.None);
            }
        }
    }
}
