using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Http;

namespace Platform.Upstreams.Kling;

/// <summary>Kling's official API. Our reference is its <c>external_task_id</c>, so that a lost submit can be looked up.</summary>
internal sealed class KlingUpstream : IUpstream
{
    /// <summary>Kind of this upstream.</summary>
    internal const string KindName = "kling";

    /// <summary>Where the API is unless the account says otherwise.</summary>
    internal const string DefaultBaseUrl = "https://api-singapore.klingai.com";

    private const string MotionPath = "/v1/videos/motion-control";
    private const string ElementPath = "/v1/general/advanced-custom-elements";
    private const string DefaultModel = "kling-v3";
    private const int NoSuchResource = 1203;

    // What tells an element's job from a video's, in the ids that we keep.
    private const string ElementPrefix = "element/";

    private static readonly (string Path, string IdPrefix)[] Places = [(MotionPath, ""), (ElementPath, ElementPrefix)];

    private static readonly UpstreamFault Unreadable = new("unreadable", "The answer is not of the documented shape.");

    private readonly UpstreamHttp _http;
    private readonly TimeProvider _time;
    private readonly Accounts<Account> _accounts;

    public KlingUpstream(UpstreamHttp http, IOptions<UpstreamOptions> options, TimeProvider time)
    {
        _http = http;
        _time = time;
        _accounts = new(options, KindName, a => new(
            new(a.BaseUrl ?? DefaultBaseUrl), new(a.AccessKey!, a.SecretKey!, time), a.Callbacks, a.Models.AsReadOnly()));
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public UpstreamCapabilities Capabilities { get; } = new()
    {
        CanCancel = false,
        CanFindByReference = true,
        NotFoundAllowsResend = true,
        MakesElements = true,
        CallTimeout = CallLimits.Whole,
        SendWindow = CallLimits.SendWindow,
        MinPollInterval = TimeSpan.FromSeconds(5),
        MaxPollInterval = TimeSpan.FromSeconds(60),
    };

    /// <inheritdoc/>
    public async Task<SubmitOutcome> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        if (_accounts.Find(request.Account) is not { } account)
        {
            return NoAccount.Submit;
        }

        if (Mode(request.Quality) is not { } mode)
        {
            return new SubmitOutcome.RefusedHere(new("quality", $"Kling has no {request.Quality}."));
        }

        if (!TryReadElement(request.ElementId, out var elements))
        {
            return new SubmitOutcome.RefusedHere(new("element", "Kling's elements have numbers."));
        }

        var body = new KlingMotion
        {
            ModelName = account.Models.GetValueOrDefault(request.Model, DefaultModel),
            ImageUrl = request.ImageUrl,
            VideoUrl = request.VideoUrl,
            Prompt = request.Prompt,
            KeepOriginalSound = request.KeepSound ? "yes" : "no",
            CharacterOrientation = request.CharacterOrientation,
            Mode = mode,
            ElementList = elements,
            WatermarkInfo = new(request.Watermark),
            CallbackUrl = account.Callbacks ? request.CallbackUrl : null,
            ExternalTaskId = request.Reference,
        };
        var reply = await SendAsync(account, HttpMethod.Post.To(account.BaseUrl, MotionPath).With(body, KlingJson.Default.KlingMotion), CallLimits.Submit, cancellationToken);
        return Submitted(reply, idPrefix: "");
    }

    /// <inheritdoc/>
    public async Task<SubmitOutcome> SubmitElementAsync(ElementRequest request, CancellationToken cancellationToken)
    {
        if (_accounts.Find(request.Account) is not { } account)
        {
            return NoAccount.Submit;
        }

        var body = new KlingElement
        {
            ElementName = request.Name,
            ElementDescription = request.Description,
            ReferenceType = request.VideoUrl is null ? "image_refer" : "video_refer",
            ElementImageList = request.VideoUrl is null && request.ImageUrls is [var frontal, ..]
                ? new(frontal, [.. request.ImageUrls.Skip(1).Select(url => new KlingImageReference(url))])
                : null,
            ElementVideoList = request.VideoUrl is { } video ? new([new(video)]) : null,
            CallbackUrl = account.Callbacks ? request.CallbackUrl : null,
            ExternalTaskId = request.Reference,
        };
        var reply = await SendAsync(account, HttpMethod.Post.To(account.BaseUrl, ElementPath).With(body, KlingJson.Default.KlingElement), CallLimits.Submit, cancellationToken);
        return Submitted(reply, ElementPrefix);
    }

    /// <inheritdoc/>
    public async Task<QueryOutcome> QueryAsync(string account, string upstreamTaskId, CancellationToken cancellationToken)
    {
        if (_accounts.Find(account) is not { } found)
        {
            return NoAccount.Query;
        }

        var path = upstreamTaskId.StartsWith(ElementPrefix, StringComparison.Ordinal)
            ? $"{ElementPath}/{Uri.EscapeDataString(upstreamTaskId[ElementPrefix.Length..])}"
            : $"{MotionPath}/{Uri.EscapeDataString(upstreamTaskId)}";
        return await GetAsync(found, path, cancellationToken) switch
        {
            { Job: { } job } => Stands(job),
            { NotFound: true } none => new QueryOutcome.NotFound(none.Fault!),
            var other => new QueryOutcome.Unavailable(other.Fault!),
        };
    }

    /// <inheritdoc/>
    public Task<CancelOutcome> CancelAsync(string account, string upstreamTaskId, CancellationToken cancellationToken) =>
        Task.FromResult<CancelOutcome>(new CancelOutcome.TooLate(new("no-cancel", "Kling has no way to stop a job.")));

    /// <inheritdoc/>
    public async Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken)
    {
        if (_accounts.Find(account) is not { } found)
        {
            return NoAccount.Find;
        }

        // A reference is of a video or of an element; that there is nothing is sure only where both say so.
        foreach (var (path, prefix) in Places)
        {
            switch (await GetAsync(found, $"{path}/{Uri.EscapeDataString(reference)}", cancellationToken))
            {
                case { Job: { TaskId: { Length: > 0 } id } job }:
                    return job.TaskInfo?.ExternalTaskId is { } said && said != reference
                        ? new LookupOutcome.Unavailable(new("another-job", "Kling answered with a job of another reference."))
                        : new LookupOutcome.Found(prefix + id);
                case { SaysNoSuchJob: true }:
                    continue;
                case var other:
                    return new LookupOutcome.Unavailable(other.Fault ?? Unreadable);
            }
        }

        return new LookupOutcome.NotFound();
    }

    /// <inheritdoc/>
    /// <remarks>Kling signs nothing: a callback is a reason to ask, and no more.</remarks>
    public Task<CallbackReading> ReadCallbackAsync(UpstreamCallback callback, CancellationToken cancellationToken) =>
        Task.FromResult<CallbackReading>(new CallbackReading.AskNow());

    private static string? Mode(string quality) => quality switch
    {
        "720p" => "std",
        "1080p" => "pro",
        _ => null,
    };

    private static bool TryReadElement(string? id, out IReadOnlyList<KlingElementReference>? elements)
    {
        elements = null;
        if (id is null)
        {
            return true;
        }

        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        elements = [new(number)];
        return true;
    }

    private static QueryOutcome Stands(KlingJob job) => job.TaskStatus switch
    {
        "succeed" when job.TaskResult?.Videos is [{ Url: { Length: > 0 } url } video, ..] =>
            new QueryOutcome.Succeeded(new(url, Seconds(video.Duration))),
        "succeed" when job.TaskResult?.Elements is [{ ElementId: { } id }, ..] =>
            new QueryOutcome.Succeeded(UpstreamOutput.Element(id.ToString(CultureInfo.InvariantCulture))),
        "succeed" => new QueryOutcome.Failed(
            TaskErrorCode.GenerationFailedNoContent, new("succeed", "The job has succeeded and has no result."), RetryElsewhere: true),
        "failed" => KlingFaults.Job(job),

        // submitted, processing, and whatever Kling may think of.
        _ => new QueryOutcome.Running(),
    };

    private static decimal? Seconds(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;

    private Task<HttpReply> SendAsync(Account account, HttpRequestMessage request, TimeSpan limit, CancellationToken cancellationToken) =>
        _http.SendAsync(request.Authorized("Bearer", account.Token.Current()), limit, cancellationToken);

    private SubmitOutcome Submitted(HttpReply reply, string idPrefix)
    {
        switch (reply)
        {
            case HttpReply.NotSent refused:
                return new SubmitOutcome.RefusedHere(refused.Fault);
            case HttpReply.Lost lost:
                return new SubmitOutcome.Unclear(lost.Fault);
        }

        var answered = (HttpReply.Answered)reply;
        var answer = answered.Read(KlingJson.Default.KlingAnswer);
        if (answer is { Code: 0, Data.TaskId: { Length: > 0 } id } && answered.IsSuccess)
        {
            return new SubmitOutcome.Accepted(idPrefix + id);
        }

        var fault = Fault(answered, answer);
        var retryAfter = PlainStatus.RetryAfter(answered, _time);
        return (answer?.Code is { } code ? KlingFaults.Submit(code, fault, retryAfter) : null)
            ?? PlainStatus.Submit(answered.Status, fault, retryAfter);
    }

    private async Task<Read> GetAsync(Account account, string path, CancellationToken cancellationToken)
    {
        switch (await SendAsync(account, HttpMethod.Get.To(account.BaseUrl, path), CallLimits.Query, cancellationToken))
        {
            case HttpReply.NotSent none:
                return new(null, none.Fault);
            case HttpReply.Lost lost:
                return new(null, lost.Fault);
            case HttpReply.Answered answered:
                var answer = answered.Read(KlingJson.Default.KlingAnswer);
                return answered.IsSuccess && answer is { Code: 0, Data: { } job }
                    ? new(job, null)
                    : new(null, Fault(answered, answer))
                    {
                        NotFound = answered.Status is 404 or 410 || answer?.Code == NoSuchResource,

                        // A 404 of something between us and Kling proves nothing, and a resend hangs on it.
                        SaysNoSuchJob = answer?.Code == NoSuchResource,
                    };
            default:
                throw new InvalidOperationException("A reply without a case.");
        }
    }

    private static UpstreamFault Fault(HttpReply.Answered answered, KlingAnswer? answer) => PlainStatus.Fault(
        answered.Status, answer?.Code?.ToString(CultureInfo.InvariantCulture) ?? Unreadable.Code, answer?.Message ?? Unreadable.Message);

    private sealed record Account(Uri BaseUrl, KlingToken Token, bool Callbacks, IReadOnlyDictionary<string, string> Models);

    private sealed record Read(KlingJob? Job, UpstreamFault? Fault)
    {
        public bool NotFound { get; init; }

        public bool SaysNoSuchJob { get; init; }
    }
}
