using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Platform.Api.Files;

/// <summary>Finds the file in a multipart body without reading it into memory.</summary>
internal static class MultipartFile
{
    private const int MaxBoundaryLength = 128;
    private const int MaxFileNameLength = 128;

    // Fields beside the file are skipped; so many and no more.
    private const int MaxSections = 16;

    /// <summary>The boundary of a multipart request, or null where it is none.</summary>
    public static string? Boundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        return string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundaryLength ? null : boundary;
    }

    /// <summary>The section named <c>file</c>, or null where there is none.</summary>
    /// <exception cref="InvalidDataException">The body is not multipart.</exception>
    /// <exception cref="IOException">The body ends early.</exception>
    public static async Task<(Stream Content, string FileName)?> FindAsync(Stream body, string boundary, CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(boundary, body) { HeadersLengthLimit = 8 * 1024 };
        for (var i = 0; i < MaxSections && await reader.ReadNextSectionAsync(cancellationToken) is { } section; i++)
        {
            if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                && HeaderUtilities.RemoveQuotes(disposition.Name).Value == "file"
                && (disposition.FileName.HasValue || disposition.FileNameStar.HasValue))
            {
                var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
                return (section.Body, Harmless(HeaderUtilities.RemoveQuotes(name).Value));
            }
        }

        return null;
    }

    /// <summary>A name for display: its last part, without control characters, bounded. It never becomes a path.</summary>
    private static string Harmless(string? name)
    {
        var last = (name ?? "").Split('/', '\\')[^1];
        var kept = string.Concat(last.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('"' or '<' or '>' or '|' or ':' or '*' or '?')));
        return kept.Length switch
        {
            0 => "file",
            > MaxFileNameLength => kept[..MaxFileNameLength],
            _ => kept,
        };
    }
}
