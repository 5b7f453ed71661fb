using Platform.Media.Egress;

namespace Platform.Media;

/// <summary>Settings of media storage, links, probing and fetching. Checked at start; the message names the bad property.</summary>
public sealed class MediaOptions
{
    /// <summary>Shortest accepted signing key, in bytes: the strength of HMAC-SHA256.</summary>
    public const int MinSigningKeyBytes = 32;

    /// <summary>Directory of the blob store; created where it is missing. Required, unless another store is registered first.</summary>
    public string? RootDirectory { get; set; }

    /// <summary>
    /// Base of every link, for example <c>https://api.example.com</c>; a path is allowed, a query is not. Required. It also says
    /// which URLs are the platform's own, and these are never fetched over the network.
    /// </summary>
    public string? PublicUrl { get; set; }

    /// <summary>
    /// Keys that sign links, at least one, each of 32 bytes or more. The first signs, all verify: to replace a key, put the new
    /// one first and keep the old one for as long as its links last.
    /// </summary>
    public IList<byte[]> LinkSigningKeys { get; } = [];

    /// <summary>How URLs that a tenant names may be fetched.</summary>
    public EgressOptions Egress { get; } = new();

    /// <summary>
    /// Longest look at a foreign input before a task is accepted. Default 5 s, range 0.1 s – 1 min. Longer keeps the caller
    /// waiting; shorter makes more tasks reserve the upper bound.
    /// </summary>
    public TimeSpan InspectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest copy of a foreign input. Default 120 s, range 1 s – 1 h. 100 MB at 1 MB/s take 100 s.</summary>
    public TimeSpan InputCopyTimeout { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>Longest copy of an upstream's result. Default 5 min, range 1 s – 1 h. Results are larger than inputs.</summary>
    public TimeSpan ResultCopyTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The <c>ffprobe</c> program, asked about files that our own parser can't tell. Default null: looked for in <c>PATH</c>, and
    /// done without where it is missing. Empty: never used.
    /// </summary>
    public string? FfprobePath { get; set; }

    /// <summary>
    /// The <c>ffmpeg</c> program, asked for the cuts of uploaded clips. Default null: looked for in <c>PATH</c>; without it nothing is
    /// warned of. Empty: never used.
    /// </summary>
    public string? FfmpegPath { get; set; }

    /// <summary>
    /// How long an estimate waits for the cuts of a clip. Default 3 s, range 0.1 s – 1 min. What is found later is told to the next one.
    /// </summary>
    public TimeSpan SceneCutPatience { get; set; } = TimeSpan.FromSeconds(3);
}
