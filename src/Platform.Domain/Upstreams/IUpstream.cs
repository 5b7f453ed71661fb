namespace Platform.Domain.Upstreams;

/// <summary>
/// A provider that makes videos. An implementation knows its own wire format and nothing else; it keeps no state of tasks.
/// Every call is bounded by the caller's cancellation token, and every answer is classified, never thrown: an exception is a bug
/// and is treated as unclear.
/// </summary>
public interface IUpstream
{
    /// <summary>Kind of the provider, for example <c>sandbox</c>; routes name it.</summary>
    string Kind { get; }

    /// <summary>What the provider can do beyond submit and query.</summary>
    UpstreamCapabilities Capabilities { get; }

    /// <summary>Asks the provider to start a job. May reach it although the answer is lost: the reference says which job it was.</summary>
    Task<SubmitOutcome> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken);

    /// <summary>Asks how a job stands.</summary>
    Task<QueryOutcome> QueryAsync(string account, string upstreamTaskId, CancellationToken cancellationToken);

    /// <summary>Asks to stop a job; only where <see cref="UpstreamCapabilities.CanCancel"/>.</summary>
    Task<CancelOutcome> CancelAsync(string account, string upstreamTaskId, CancellationToken cancellationToken);

    /// <summary>Looks a job up by our reference; only where <see cref="UpstreamCapabilities.CanFindByReference"/>.</summary>
    Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken);
}

/// <summary>What a provider can do beyond submit and query, and how long it is waited for.</summary>
public sealed record UpstreamCapabilities
{
    /// <summary>Whether a running job can be stopped.</summary>
    public required bool CanCancel { get; init; }

    /// <summary>Whether a job can be found by the reference we gave it.</summary>
    public required bool CanFindByReference { get; init; }

    /// <summary>Longest wait for the answer to one call.</summary>
    public required TimeSpan CallTimeout { get; init; }

    /// <summary>How long after an attempt was recorded its request may still be sent.</summary>
    public required TimeSpan SendWindow { get; init; }

    /// <summary>Shortest time between two polls of one job.</summary>
    public required TimeSpan MinPollInterval { get; init; }

    /// <summary>Longest time between two polls of one job.</summary>
    public required TimeSpan MaxPollInterval { get; init; }
}

/// <summary>A job for an upstream.</summary>
public sealed record SubmitRequest
{
    /// <summary>Which of the provider's accounts pays.</summary>
    public required string Account { get; init; }

    /// <summary>Our reference of the attempt, unique for ever; sent along where the provider takes one.</summary>
    public required string Reference { get; init; }

    /// <summary>The model, by the platform's name.</summary>
    public required string Model { get; init; }

    /// <summary>Blob key of the character image.</summary>
    public required string ImageBlobKey { get; init; }

    /// <summary>Blob key of the motion clip.</summary>
    public required string VideoBlobKey { get; init; }

    /// <summary>Optional text, at most 2,500 characters.</summary>
    public string? Prompt { get; init; }

    /// <summary><c>720p</c> or <c>1080p</c>: the short side of the output.</summary>
    public required string Quality { get; init; }

    /// <summary><c>image</c> (at most 10 s) or <c>video</c> (at most 30 s).</summary>
    public required string CharacterOrientation { get; init; }

    /// <summary>Whether the sound of the motion clip is kept.</summary>
    public required bool KeepSound { get; init; }

    /// <summary>Whether a watermark is wanted.</summary>
    public required bool Watermark { get; init; }
}

/// <summary>Where an upstream keeps a finished video.</summary>
/// <param name="Location">An <c>https:</c> URL, or <c>blob:KEY</c> for one that is already in our blob store.</param>
/// <param name="DurationSeconds">The length that the upstream claims, in seconds; never billed by.</param>
public sealed record UpstreamOutput(string Location, decimal? DurationSeconds);
