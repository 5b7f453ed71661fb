namespace Platform.Domain.Media;

/// <summary>What a reference input is used as.</summary>
public enum MediaKind
{
    /// <summary>A still image: JPEG or PNG.</summary>
    Image = 1,

    /// <summary>A video: MP4 or MOV with a video track.</summary>
    Video = 2,
}

/// <summary>File formats the platform recognises by content; a name or a content type never decides.</summary>
public enum MediaFormat
{
    /// <summary>JPEG image.</summary>
    Jpeg = 1,

    /// <summary>PNG image.</summary>
    Png = 2,

    /// <summary>MPEG-4 file (ISO base media).</summary>
    Mp4 = 3,

    /// <summary>QuickTime movie.</summary>
    Mov = 4,
}

/// <summary>What a look into a media file found. Sizes are as shown: rotation by EXIF or by the track matrix is applied.</summary>
public sealed record MediaInfo
{
    /// <summary>The format, by content.</summary>
    public required MediaFormat Format { get; init; }

    /// <summary>Width as shown, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height as shown, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Length of the video track in seconds (not of the file, whose sound may be longer); null for images.</summary>
    public decimal? DurationSeconds { get; init; }

    /// <summary>Whether the file has a sound track; false for images.</summary>
    public bool HasAudio { get; init; }

    /// <summary>Whether it is an image or a video.</summary>
    public MediaKind Kind => Format is MediaFormat.Jpeg or MediaFormat.Png ? MediaKind.Image : MediaKind.Video;

    /// <summary>The content type that the bytes are served with.</summary>
    public string ContentType => Format switch
    {
        MediaFormat.Jpeg => "image/jpeg",
        MediaFormat.Png => "image/png",
        MediaFormat.Mp4 => "video/mp4",
        MediaFormat.Mov => "video/quicktime",
        _ => throw new InvalidOperationException($"Unknown media format {Format}."),
    };

    /// <summary>The usual ending of a file of this format, with its dot.</summary>
    public string FileExtension => Format switch
    {
        MediaFormat.Jpeg => ".jpg",
        MediaFormat.Png => ".png",
        MediaFormat.Mp4 => ".mp4",
        MediaFormat.Mov => ".mov",
        _ => throw new InvalidOperationException($"Unknown media format {Format}."),
    };
}
