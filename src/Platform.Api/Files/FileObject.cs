using System.ComponentModel.DataAnnotations;
using Platform.Domain.Media;

namespace Platform.Api.Files;

/// <summary>An uploaded file as callers see it.</summary>
internal sealed record FileObject
{
    /// <summary>Id of the file.</summary>
    public required string Id { get; init; }

    /// <summary>What this is.</summary>
    [AllowedValues("file")]
    public string Object { get; init; } = "file";

    /// <summary>Its name, for people.</summary>
    public required string FileName { get; init; }

    /// <summary>What it is, by its content.</summary>
    [AllowedValues("image/jpeg", "image/png", "video/mp4", "video/quicktime")]
    public required string MimeType { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Digest of the bytes, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Pixels, as it is shown.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels, as it is shown.</summary>
    public required int Height { get; init; }

    /// <summary>Seconds of the video track; absent for images.</summary>
    public decimal? Duration { get; init; }

    /// <summary>A signed link, good as long as the file; can be used in <c>image_urls</c> and <c>video_urls</c>.</summary>
    public required string FileUrl { get; init; }

    /// <summary>When it was uploaded (unix seconds).</summary>
    public required long Created { get; init; }

    /// <summary>When it is deleted (unix seconds).</summary>
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
/// <param name="Data">The files.</param>
/// <param name="HasMore">Whether there are more.</param>
/// <param name="Next">The <c>after</c> of the next page; absent on the last.</param>
internal sealed record FileListObject(IReadOnlyList<FileObject> Data, bool HasMore, string? Next)
{
    /// <summary>What this is.</summary>
    [AllowedValues("list")]
    public string Object { get; init; } = "list";
}

/// <summary>Says that something is gone.</summary>
/// <param name="Id">What is gone.</param>
/// <param name="Object">What it was.</param>
/// <param name="Deleted">Always true.</param>
internal sealed record DeletedObject(string Id, string Object, bool Deleted);
