namespace Platform.Media.Blobs;

/// <summary>
/// The rule of blob keys, the same for every store: segments of <c>[A-Za-z0-9._-]</c> that do not start with a dot, separated
/// by <c>/</c>. Nothing that passes can leave a root directory, name a hidden file, or be read differently by an object store.
/// </summary>
internal static class BlobKey
{
    /// <summary>Longest key, in characters; the limit of S3.</summary>
    public const int MaxLength = 1024;

    /// <summary>Longest segment, in characters; the limit of a file name on Linux.</summary>
    public const int MaxSegmentLength = 255;

    /// <summary>Says whether the text may be a key.</summary>
    public static bool IsValid(string? key)
    {
        if (string.IsNullOrEmpty(key) || key.Length > MaxLength)
        {
            return false;
        }

        foreach (var range in key.AsSpan().Split('/'))
        {
            if (!IsValidSegment(key.AsSpan(range)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Says whether the text may be one segment of a key.</summary>
    public static bool IsValidSegment(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty || segment.Length > MaxSegmentLength || segment[0] == '.')
        {
            return false;
        }

        foreach (var c in segment)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Passes a key on.</summary>
    /// <exception cref="ArgumentException">The text is not a key: a bug of ours, since no caller of the API names keys.</exception>
    public static string Require(string key, string parameterName) => IsValid(key)
        ? key
        : throw new ArgumentException("A blob key has segments of [A-Za-z0-9._-], none starting with a dot, separated by '/'.", parameterName);
}
