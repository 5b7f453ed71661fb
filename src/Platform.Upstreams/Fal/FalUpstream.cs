using Microsoft.Extensions.Options;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Http;

namespace Platform.Upstreams.Fal;

/// <summary>
/// fal's queue. It takes no reference of ours: what a lost submit made is known only by its callback. It knows no failed status: a job
/// that failed is completed, and its result is the error.
/// </summary>
internal sealed class FalUpstream : IUpstream
{
    /// <summary>Kind of this upstream.</summary>
    internal const string KindName = "fal";

    /// <summary>Where the queue is unless the account says otherwise.</summary>
    internal const string DefaultBaseUrl = "https://queue.fal.run";

    /// <summary>Where the keys of callbacks are unless the account says otherwise.</summary>
    internal const string DefaultKeysUrl = "https://rest.fal.ai/.well-known/jwks.json";

    private const string DefaultModel = "fal-ai/kling-video/v3";

    private static readonly UpstreamFault Unreadable = new("unreadable", "The answer is not of the documented shape.");

    private readonly UpstreamHttp _http;
    private readonly TimeProvider _time;
    private readonly Accounts<Account> _accounts;

    public FalUpstream(UpstreamHttp http, IOptions<UpstreamOptions> options, TimeProvider time)
    {
        _http = http;
        _time = time;
        _accounts = new(options, KindName, a => new(
            new(a.BaseUrl ?? DefaultBaseUrl),
            a.ApiKey!,
            new(new(http, new(a.KeysUrl ?? DefaultKeysUrl), time), time),
            a.Callbacks,
            a.Models.Values.FirstOrDefault() ?? DefaultModel));
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public UpstreamCapabilities Capabilities { get; } = new()
    {
        CanCancel = true,
        CanFindByReference = false,
        NotFoundAllowsResend = false,
        DoubtPatience = TimeSpan.FromMinutes(30),
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

        if (Tier(request.Quality) is not { } tier)
        {
            return new SubmitOutcome.RefusedHere(new("quality", $"fal has no {request.Quality}."));
        }

        if (request.ElementId is not null)
        {
            return new SubmitOutcome.RefusedHere(new("element", "fal does not know our elements."));
        }

        // Only a submit goes below the app; everything else is asked of the app itself.
        var path = $"/{account.Model}/{tier}/motion-control";
        if (account.Callbacks)
        {
            path += $"?fal_webhook={Uri.EscapeDataString(request.CallbackUrl)}";
        }

        using var message = Message(account, HttpMethod.Post, path).With(
            new FalInput
            {
                ImageUrl = request.ImageUrl,
                VideoUrl = request.VideoUrl,
                CharacterOrientation = request.CharacterOrientation,
                KeepOriginalSound = request.KeepSound,
                Prompt = request.Prompt,
            },
            FalJson.Default.FalInput);

        // What fails there is ours to try again, on a route that we choose.
        message.Headers.Add("x-fal-no-retry", "1");
        switch (await _http.SendAsync(message, CallLimits.Submit, cancellationToken))
        {
            case HttpReply.NotSent none:
                return new SubmitOutcome.RefusedHere(none.Fault);
            case HttpReply.Lost lost:
                return new SubmitOutcome.Unclear(lost.Fault);
            case HttpReply.Answered { IsSuccess: true } queued:
                return queued.Read(FalJson.Default.FalQueued)?.RequestId is { Length: > 0 } id
                    ? new SubmitOutcome.Accepted(id)
                    : new SubmitOutcome.Unclear(Unreadable);
            case HttpReply.Answered refused:
                var result = refused.Read(FalJson.Default.FalResult);
                return FalFaults.Submit(refused.Status, result, Fault(refused, result), PlainStatus.RetryAfter(refused, _time));
            default:
                throw new InvalidOperationException("A reply without a case.");
        }
    }

    /// <inheritdoc/>
    public async Task<QueryOutcome> QueryAsync(string account, string upstreamTaskId, CancellationToken cancellationToken)
    {
        if (_accounts.Find(account) is not { } found)
        {
            return NoAccount.Query;
        }

        using var message = Message(found, HttpMethod.Get, $"{JobPath(found, upstreamTaskId)}/status");
        switch (await _http.SendAsync(message, CallLimits.Query, cancellationToken))
        {
            case HttpReply.NotSent none:
                return new QueryOutcome.Unavailable(none.Fault);
            case HttpReply.Lost lost:
                return new QueryOutcome.Unavailable(lost.Fault);
            case HttpReply.Answered { IsSuccess: true } answered:
                return answered.Read(FalJson.Default.FalStatus)?.Status switch
                {
                    "COMPLETED" => await ResultAsync(found, upstreamTaskId, cancellationToken),
                    { Length: > 0 } => new QueryOutcome.Running(),
                    _ => new QueryOutcome.Unavailable(Unreadable),
                };
            case HttpReply.Answered refused:
                return PlainStatus.Query(refused.Status, Fault(refused, refused.Read(FalJson.Default.FalResult)));
            default:
                throw new InvalidOperationException("A reply without a case.");
        }
    }

    /// <inheritdoc/>
    public async Task<CancelOutcome> CancelAsync(string account, string upstreamTaskId, CancellationToken cancellationToken)
    {
        if (_accounts.Find(account) is not { } found)
        {
            return NoAccount.Cancel;
        }

        using var message = Message(found, HttpMethod.Put, $"{JobPath(found, upstreamTaskId)}/cancel");
        switch (await _http.SendAsync(message, CallLimits.Cancel, cancellationToken))
        {
            case HttpReply.NotSent none:
                return new CancelOutcome.Unclear(none.Fault);
            case HttpReply.Lost lost:
                return new CancelOutcome.Unclear(lost.Fault);
            case HttpReply.Answered answered:
                var fault = PlainStatus.Fault(answered.Status, answered.Read(FalJson.Default.FalCancel)?.Status, null);
                return answered.Status switch
                {
                    // 200: taken out of the queue. 202: asked for, which a job that has started need not heed.
                    200 => new CancelOutcome.Cancelled(),
                    400 or 404 or 409 => new CancelOutcome.TooLate(fault),
                    _ => new CancelOutcome.Unclear(fault),
                };
            default:
                throw new InvalidOperationException("A reply without a case.");
        }
    }

    /// <inheritdoc/>
    public Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken) =>
        Task.FromResult<LookupOutcome>(new LookupOutcome.Unavailable(new("no-look-up", "fal takes no reference of ours.")));

    /// <inheritdoc/>
    public async Task<CallbackReading> ReadCallbackAsync(UpstreamCallback callback, CancellationToken cancellationToken) =>
        _accounts.Find(callback.Account) is { } account ? await account.Webhooks.ReadAsync(callback, cancellationToken) : NoAccount.Callback;

    private static string? Tier(string quality) => quality switch
    {
        "720p" => "standard",
        "1080p" => "pro",
        _ => null,
    };

    // Owner and app: a job is asked for there, not below.
    private static string JobPath(Account account, string upstreamTaskId) =>
        $"/{string.Join('/', account.Model.Split('/').Take(2))}/requests/{Uri.EscapeDataString(upstreamTaskId)}";

    private static HttpRequestMessage Message(Account account, HttpMethod method, string path) =>
        method.To(account.BaseUrl, path).Authorized("Key", account.ApiKey);

    private static UpstreamFault Fault(HttpReply.Answered answered, FalResult? result) =>
        FalFaults.Fault(answered.Status, answered.Header("X-Fal-Error-Type"), result);

    private async Task<QueryOutcome> ResultAsync(Account account, string upstreamTaskId, CancellationToken cancellationToken)
    {
        using var message = Message(account, HttpMethod.Get, JobPath(account, upstreamTaskId));
        switch (await _http.SendAsync(message, CallLimits.Query, cancellationToken))
        {
            case HttpReply.NotSent none:
                return new QueryOutcome.Unavailable(none.Fault);
            case HttpReply.Lost lost:
                return new QueryOutcome.Unavailable(lost.Fault);
            case HttpReply.Answered answered:
                return Judge(answered, answered.Read(FalJson.Default.FalResult));
            default:
                throw new InvalidOperationException("A reply without a case.");
        }
    }

    private static QueryOutcome Judge(HttpReply.Answered answered, FalResult? result)
    {
        if (answered.IsSuccess)
        {
            return result switch
            {
                { Video.Url: { Length: > 0 } url } => new QueryOutcome.Succeeded(new(url, null)),
                { Detail: not null } => FalFaults.Job(result, Fault(answered, result)),
                not null => new QueryOutcome.Failed(TaskErrorCode.GenerationFailedNoContent, new("no-video", "The result has no video."), RetryElsewhere: true),
                null => new QueryOutcome.Unavailable(Unreadable),
            };
        }

        var fault = Fault(answered, result);
        if (FalFaults.IsTooEarly(answered.Status, result))
        {
            return new QueryOutcome.Running();
        }

        return answered.Status switch
        {
            // The job was completed and its result is not kept any more.
            404 or 410 => new QueryOutcome.Failed(TaskErrorCode.GenerationFailedNoContent, fault, RetryElsewhere: true),

            // Not the job's result, but fal that does not answer as it should.
            401 or 403 or 408 or 409 or 425 or 429 => new QueryOutcome.Unavailable(fault),
            >= 500 when result?.Detail is null && answered.Header("X-Fal-Error-Type") is null => new QueryOutcome.Unavailable(fault),
            _ => FalFaults.Job(result, fault),
        };
    }

    private sealed record Account(Uri BaseUrl, string ApiKey, FalCallbacks Webhooks, bool Callbacks, string Model);
}
