using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Callbacks;
using Platform.Upstreams.Http;

namespace Platform.Upstreams.Replicate;

/// <summary>Replicate's predictions. It takes no reference of ours: what a lost submit made is known only by its callback.</summary>
internal sealed class ReplicateUpstream : IUpstream
{
    /// <summary>Kind of this upstream.</summary>
    internal const string KindName = "replicate";

    /// <summary>Where the API is unless the account says otherwise.</summary>
    internal const string DefaultBaseUrl = "https://api.replicate.com";

    private const string DefaultModel = "kwaivgi/kling-v3-motion-control";

    private static readonly UpstreamFault Unreadable = new("unreadable", "The answer is not of the documented shape.");
    private static readonly string[] Events = ["completed"];

    private readonly UpstreamHttp _http;
    private readonly TimeProvider _time;
    private readonly Accounts<Account> _accounts;

    public ReplicateUpstream(UpstreamHttp http, IOptions<UpstreamOptions> options, TimeProvider time)
    {
        _http = http;
        _time = time;
        _accounts = new(options, KindName, a => new(
            new(a.BaseUrl ?? DefaultBaseUrl),
            a.ApiKey!,
            new(a.WebhookSecrets, time),
            a.Callbacks,
            a.Models.AsReadOnly(),
            a.Fields.AsReadOnly()));
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
        MinPollInterval = TimeSpan.FromSeconds(3),
        MaxPollInterval = TimeSpan.FromSeconds(60),
    };

    /// <inheritdoc/>
    public async Task<SubmitOutcome> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        if (_accounts.Find(request.Account) is not { } account)
        {
            return NoAccount.Submit;
        }

        if (request.ElementId is not null || ReplicateInput.Of(request, account.Fields) is not { } input)
        {
            return new SubmitOutcome.RefusedHere(new("input", "The model has no such quality, or no elements."));
        }

        var model = account.Models.GetValueOrDefault(request.Model, DefaultModel);
        using var message = Message(account, HttpMethod.Post, $"/v1/models/{model}/predictions").With(
            new ReplicateCreate
            {
                Input = input,
                Webhook = account.Callbacks ? request.CallbackUrl : null,
                WebhookEventsFilter = account.Callbacks ? Events : null,
            },
            ReplicateJson.Default.ReplicateCreate);
        switch (await _http.SendAsync(message, CallLimits.Submit, cancellationToken))
        {
            case HttpReply.NotSent none:
                return new SubmitOutcome.RefusedHere(none.Fault);
            case HttpReply.Lost lost:
                return new SubmitOutcome.Unclear(lost.Fault);
            case HttpReply.Answered { IsSuccess: true } made:
                return made.Read(ReplicateJson.Default.ReplicatePrediction)?.Id is { Length: > 0 } id
                    ? new SubmitOutcome.Accepted(id)
                    : new SubmitOutcome.Unclear(Unreadable);
            case HttpReply.Answered refused:
                return ReplicateFaults.Submit(refused, Problem(refused), _time);
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

        using var message = Message(found, HttpMethod.Get, PredictionPath(upstreamTaskId));
        return await _http.SendAsync(message, CallLimits.Query, cancellationToken) switch
        {
            HttpReply.NotSent none => new QueryOutcome.Unavailable(none.Fault),
            HttpReply.Lost lost => new QueryOutcome.Unavailable(lost.Fault),
            HttpReply.Answered { IsSuccess: true } answered => answered.Read(ReplicateJson.Default.ReplicatePrediction) is { Status: not null } prediction
                ? Stands(prediction)
                : new QueryOutcome.Unavailable(Unreadable),
            HttpReply.Answered refused => PlainStatus.Query(refused.Status, ReplicateFaults.Fault(refused.Status, Problem(refused))),
            _ => throw new InvalidOperationException("A reply without a case."),
        };
    }

    /// <inheritdoc/>
    public async Task<CancelOutcome> CancelAsync(string account, string upstreamTaskId, CancellationToken cancellationToken)
    {
        if (_accounts.Find(account) is not { } found)
        {
            return NoAccount.Cancel;
        }

        using var message = Message(found, HttpMethod.Post, $"{PredictionPath(upstreamTaskId)}/cancel");
        switch (await _http.SendAsync(message, CallLimits.Cancel, cancellationToken))
        {
            case HttpReply.NotSent none:
                return new CancelOutcome.Unclear(none.Fault);
            case HttpReply.Lost lost:
                return new CancelOutcome.Unclear(lost.Fault);
            case HttpReply.Answered { IsSuccess: true } answered:
                var status = answered.Read(ReplicateJson.Default.ReplicatePrediction)?.Status;
                return status switch
                {
                    "canceled" or "aborted" => new CancelOutcome.Cancelled(),
                    "succeeded" or "failed" => new CancelOutcome.TooLate(PlainStatus.Fault(answered.Status, status, null)),

                    // Asked for, and not done yet: its state will tell.
                    _ => new CancelOutcome.Unclear(PlainStatus.Fault(answered.Status, status, null)),
                };
            case HttpReply.Answered refused:
                var fault = ReplicateFaults.Fault(refused.Status, Problem(refused));
                return refused.Status is 404 or 409 or 422 ? new CancelOutcome.TooLate(fault) : new CancelOutcome.Unclear(fault);
            default:
                throw new InvalidOperationException("A reply without a case.");
        }
    }

    /// <inheritdoc/>
    public Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken) =>
        Task.FromResult<LookupOutcome>(new LookupOutcome.Unavailable(new("no-look-up", "Replicate takes no reference of ours.")));

    /// <inheritdoc/>
    public Task<CallbackReading> ReadCallbackAsync(UpstreamCallback callback, CancellationToken cancellationToken)
    {
        if (_accounts.Find(callback.Account) is not { } account)
        {
            return Task.FromResult(NoAccount.Callback);
        }

        if (!account.Webhooks.CanVerify)
        {
            return Task.FromResult<CallbackReading>(new CallbackReading.AskNow());
        }

        if (account.Webhooks.Refuse(callback) is { } reason)
        {
            return Task.FromResult<CallbackReading>(new CallbackReading.Refused(reason));
        }

        return Task.FromResult<CallbackReading>(Read(callback.Body.Span) is { Id: { Length: > 0 } id, Status: not null } prediction
            ? new CallbackReading.Told(id, Stands(prediction))
            : new CallbackReading.AskNow());
    }

    private static ReplicatePrediction? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ReplicateJson.Default.ReplicatePrediction);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static QueryOutcome Stands(ReplicatePrediction prediction) => prediction.Status switch
    {
        "succeeded" when prediction.Output is [{ Length: > 0 } url, ..] => new QueryOutcome.Succeeded(new(url, null)),
        "succeeded" => new QueryOutcome.Failed(
            TaskErrorCode.GenerationFailedNoContent,
            new("succeeded", prediction.DataRemoved is true ? "The output was removed; it is kept for an hour." : "The prediction has no output."),
            RetryElsewhere: true),
        "failed" => ReplicateFaults.Job(prediction.Error),
        "canceled" => new QueryOutcome.Cancelled(),

        // It was never started, and costs nothing.
        "aborted" => new QueryOutcome.Failed(TaskErrorCode.ServiceUnavailable, new("aborted", PlainStatus.Shorten(prediction.Error ?? "")), RetryElsewhere: true),
        _ => new QueryOutcome.Running(),
    };

    private static ReplicateProblem? Problem(HttpReply.Answered answered) => answered.Read(ReplicateJson.Default.ReplicateProblem);

    private static string PredictionPath(string id) => $"/v1/predictions/{Uri.EscapeDataString(id)}";

    private static HttpRequestMessage Message(Account account, HttpMethod method, string path) =>
        method.To(account.BaseUrl, path).Authorized("Bearer", account.ApiKey);

    private sealed record Account(
        Uri BaseUrl,
        string ApiKey,
        StandardWebhook Webhooks,
        bool Callbacks,
        IReadOnlyDictionary<string, string> Models,
        IReadOnlyDictionary<string, string> Fields);
}
