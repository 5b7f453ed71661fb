using System.ComponentModel.DataAnnotations;

namespace Platform.Api;

/// <summary>What the API needs to know of its installation.</summary>
public sealed class ApiOptions
{
    /// <summary>Base of all links, without a slash at the end; never taken from a request.</summary>
    [Required, Url]
    public string PublicUrl { get; set; } = "";

    /// <summary>The first operator key.</summary>
    [Required, MinLength(16)]
    public string AdminKey { get; set; } = "";

    /// <summary>
    /// Keys that sign quotes, at least one, each of 32 bytes or more; the same on every replica. The first signs, all verify: to replace a
    /// key, put the new one first and keep the old one for as long as its quotes last.
    /// </summary>
    [MinLength(1)]
    public IList<byte[]> QuoteKeys { get; } = [];

    /// <summary>How long a verified API key is trusted before the store is asked again (default 1 s): bounds how late a revocation works.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan KeyCacheTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a command is tried again while the silo that owns its grain is lost (default 20 s).</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:25")]
    public TimeSpan CommandPatience { get; set; } = TimeSpan.FromSeconds(20);
}
