namespace Platform.Domain.Upstreams;

/// <summary>
/// A provider that makes videos. An implementation knows its own wire format and nothing else; it keeps no state of tasks.
/// Every call is bounded by the caller's cancellation token, and every answer is classified, never thrown: an exception is a bug
/// and is treated as unclear. The account names which of the provider's accounts is asked; its secrets and its base URL are the
/// implementation's own settings.
/// </summary>
public interface IUpstream
{
    /// <summary>Kind of the provider, for example <c>sandbox</c>; routes name it.</summary>
    string Kind { get; }

    /// <summary>What the provider can do beyond submit and query.</summary>
    UpstreamCapabilities Capabilities { get; }

    /// <summary>Asks the provider to start a job. May reach it although the answer is lost: the reference says which job it was.</summary>
    Task<SubmitOutcome> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Asks the provider to make an element; only where <see cref="UpstreamCapabilities.MakesElements"/>. Its job is asked for by
    /// <see cref="QueryAsync"/> like any other, and succeeds with <see cref="UpstreamOutput.ElementId"/>.
    /// </summary>
    Task<SubmitOutcome> SubmitElementAsync(ElementRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<SubmitOutcome>(new SubmitOutcome.RefusedHere(new UpstreamFault("no-elements", "This provider makes no elements.")));

    /// <summary>Asks how a job stands.</summary>
    Task<QueryOutcome> QueryAsync(string account, string upstreamTaskId, CancellationToken cancellationToken);

    /// <summary>Asks to stop a job; only where <see cref="UpstreamCapabilities.CanCancel"/>.</summary>
    Task<CancelOutcome> CancelAsync(string account, string upstreamTaskId, CancellationToken cancellationToken);

    /// <summary>Looks a job up by our reference; only where <see cref="UpstreamCapabilities.CanFindByReference"/>.</summary>
    Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken);

    /// <summary>
    /// Verifies and reads what the provider sent to our callback URL. That the URL was ours, and for which attempt, is known already
    /// (<see cref="IUpstreamLinks"/>); here the provider's own proof is judged. A provider without callbacks believes nothing.
    /// </summary>
    Task<CallbackReading> ReadCallbackAsync(UpstreamCallback callback, CancellationToken cancellationToken) =>
        Task.FromResult<CallbackReading>(new CallbackReading.Refused("This provider sends no callbacks."));
}

/// <summary>What a provider can do beyond submit and query, and how long it is waited for.</summary>
public sealed record UpstreamCapabilities
{
    /// <summary>Whether a running job can be stopped.</summary>
    public required bool CanCancel { get; init; }

    /// <summary>Whether a job can be found by the reference we gave it.</summary>
    public required bool CanFindByReference { get; init; }

    /// <summary>
    /// Whether a look-up that finds nothing, once the request can no longer be on its way, allows the same reference to be sent again
    /// to the same account. Only of use with <see cref="CanFindByReference"/>; false where the provider's look-up may lag behind and
    /// the provider does not itself refuse a reference it has seen.
    /// </summary>
    public bool NotFoundAllowsResend { get; init; } = true;

    /// <summary>
    /// How long an attempt in doubt that cannot be cleared waits for its callback, from the last moment at which its request may have
    /// been on its way. After that the task fails and is refunded; it is never sent again blindly, here or elsewhere.
    /// </summary>
    public TimeSpan DoubtPatience { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Whether it makes elements: <see cref="IUpstream.SubmitElementAsync"/>.</summary>
    public bool MakesElements { get; init; }

    /// <summary>Longest wait for the answer to one call.</summary>
    public required TimeSpan CallTimeout { get; init; }

    /// <summary>How long after an attempt was recorded its request may still be sent.</summary>
    public required TimeSpan SendWindow { get; init; }

    /// <summary>Shortest time between two polls of one job.</summary>
    public required TimeSpan MinPollInterval { get; init; }

    /// <summary>Longest time between two polls of one job.</summary>
    public required TimeSpan MaxPollInterval { get; init; }
}

/// <summary>A job for an upstream. A resend of an attempt carries the very same values: some providers compare bodies.</summary>
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

    /// <summary>Signed link to our copy of the character image.</summary>
    public required string ImageUrl { get; init; }

    /// <summary>Signed link to our copy of the motion clip.</summary>
    public required string VideoUrl { get; init; }

    /// <summary>Where the provider may tell how the job goes: names the attempt and carries its MAC.</summary>
    public required string CallbackUrl { get; init; }

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

    /// <summary>The element to keep the character's look by, by the id that this account knows it under, or null.</summary>
    public string? ElementId { get; init; }
}

/// <summary>An element for an upstream to make, from images or from a clip.</summary>
public sealed record ElementRequest
{
    /// <summary>Which of the provider's accounts pays.</summary>
    public required string Account { get; init; }

    /// <summary>Our reference of the attempt, unique for ever; sent along where the provider takes one.</summary>
    public required string Reference { get; init; }

    /// <summary>Its name, at most 20 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Its description, at most 100 characters.</summary>
    public required string Description { get; init; }

    /// <summary>Signed links to our copies of the images, the frontal one first; empty where it is made from a clip.</summary>
    public IReadOnlyList<string> ImageUrls { get; init; } = [];

    /// <summary>Signed link to our copy of the clip; null where it is made from images.</summary>
    public string? VideoUrl { get; init; }

    /// <summary>Where the provider may tell how the job goes: names the attempt and carries its MAC.</summary>
    public required string CallbackUrl { get; init; }
}

/// <summary>What an upstream made.</summary>
/// <param name="Location">
/// An <c>https:</c> URL, or <c>blob:KEY</c> for a video that is already in our blob store, or <c>element:ID</c> for an element, which
/// has no bytes.
/// </param>
/// <param name="DurationSeconds">The length that the upstream claims, in seconds; never billed by.</param>
public sealed record UpstreamOutput(string Location, decimal? DurationSeconds)
{
    private const string ElementScheme = "element:";

    /// <summary>The upstream's id of the element, or null where a video was made.</summary>
    public string? ElementId => Location.StartsWith(ElementScheme, StringComparison.Ordinal) ? Location[ElementScheme.Length..] : null;

    /// <summary>An element that was made.</summary>
    public static UpstreamOutput Element(string id) => new(ElementScheme + id, null);
}
