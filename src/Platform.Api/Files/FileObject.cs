using Platform.Domain.Media;

namespace Platform.Api.Files;

/// <summary>An uploaded file as callers see it.</summary>
internal sealed record FileObject
{
    public required string Id { get; init; }

    public string Object { get; init; } = "file";

    public required string FileName { get; init; }

    public required string MimeType { get; init; }

    public required long Size { get; init; }

    public required string Sha256 { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public decimal? Duration { get; init; }

    /// <summary>A signed link, good as long as the file; can be used in <c>image_urls</c> and <c>video_urls</c>.</summary>
    public required string FileUrl { get; init; }

    public required long Created { get; init; }

    public required long ExpiresAt { get; init; }

    public static FileObject Of(UploadedFile file, ILinkSigner links) => new()
    {
        Id = file.Id,
        FileName = file.FileName,
        MimeType = file.Info.ContentType,
        Size = file.Blob.Length,
        Sha256 = file.Blob.Sha256,
        Width = file.Info.Width,
        Height = file.Info.Height,
        Duration = file.Info.DurationSeconds / 1.0000000000000000000000000000m,
        FileUrl = links.Sign(file.ContentPath, file.Tenant.Value, file.ExpiresAt),
        Created = file.CreatedAt.ToUnixTimeSeconds(),
        ExpiresAt = file.ExpiresAt.ToUnixTimeSeconds(),
    };
}

/// <summary>A page of files, newest first.</summary>
internal sealed record FileListObject(IReadOnlyList<FileObject> Data, bool HasMore, string? Next)
{
    public string Object { get; init; } = "list";
}

/// <summary>Says that something is gone.</summary>
internal sealed record DeletedObject(string Id, string Object, bool Deleted);
