using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Callbacks;
using Platform.Upstreams.Http;

namespace Platform.Upstreams.PlatformApi;

/// <summary>
/// An upstream that speaks this platform's own API, so that platforms stack. Our reference is its <c>Idempotency-Key</c>, so that a resend
/// makes no second task, and a pair of its metadata, by which a task is looked up without asking for one.
/// </summary>
internal sealed class PlatformUpstream : IUpstream
{
    /// <summary>Kind of this upstream.</summary>
    internal const string KindName = "platform";

    /// <summary>The pair of metadata that carries our reference.</summary>
    internal const string ReferenceKey = "upstream_reference";

    private static readonly UpstreamFault Unreadable = new("unreadable", "The answer is not of the documented shape.");

    private readonly UpstreamHttp _http;
    private readonly TimeProvider _time;
    private readonly Accounts<Account> _accounts;

    public PlatformUpstream(UpstreamHttp http, IOptions<UpstreamOptions> options, TimeProvider time)
    {
        _http = http;
        _time = time;
        _accounts = new(options, KindName, a => new(
            new(a.BaseUrl!), a.ApiKey!, new(a.WebhookSecrets, time), a.Callbacks, a.Models.AsReadOnly()));
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public UpstreamCapabilities Capabilities { get; } = new()
    {
        CanCancel = true,
        CanFindByReference = true,
        NotFoundAllowsResend = true,
        CallTimeout = CallLimits.Whole,
        SendWindow = CallLimits.SendWindow,
        MinPollInterval = TimeSpan.FromSeconds(3),
        MaxPollInterval = TimeSpan.FromSeconds(30),
    };

    /// <inheritdoc/>
    public async Task<SubmitOutcome> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        if (_accounts.Find(request.Account) is not { } account)
        {
            return NoAccount.Submit;
        }

        using var message = Message(account, HttpMethod.Post, "/v1/videos/generations").With(
            new PlatformCreate
            {
                Model = account.Models.GetValueOrDefault(request.Model, request.Model),
                ImageUrls = [request.ImageUrl],
                VideoUrls = [request.VideoUrl],
                Prompt = request.Prompt,
                Quality = request.Quality,
                ModelParams = new()
                {
                    CharacterOrientation = request.CharacterOrientation,
                    KeepSound = request.KeepSound,
                    WatermarkInfo = new(request.Watermark),
                    ElementList = request.ElementId is { } element ? [new(element)] : null,
                },
                CallbackUrl = account.Callbacks ? request.CallbackUrl : null,
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [ReferenceKey] = request.Reference },
            },
            PlatformJson.Default.PlatformCreate);
        message.Headers.Add("Idempotency-Key", request.Reference);
        switch (await _http.SendAsync(message, CallLimits.Submit, cancellationToken))
        {
            case HttpReply.NotSent none:
                return new SubmitOutcome.RefusedHere(none.Fault);
            case HttpReply.Lost lost:
                return new SubmitOutcome.Unclear(lost.Fault);
            case HttpReply.Answered { IsSuccess: true } made:
                return made.Read(PlatformJson.Default.PlatformTask)?.Id is { Length: > 0 } id
                    ? new SubmitOutcome.Accepted(id)
                    : new SubmitOutcome.Unclear(Unreadable);
            case HttpReply.Answered refused:
                var problem = Problem(refused);
                return PlatformFaults.Submit(refused.Status, problem?.Code, Fault(refused, problem), PlainStatus.RetryAfter(refused, _time));
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

        using var message = Message(found, HttpMethod.Get, TaskPath(upstreamTaskId));
        return await _http.SendAsync(message, CallLimits.Query, cancellationToken) switch
        {
            HttpReply.NotSent none => new QueryOutcome.Unavailable(none.Fault),
            HttpReply.Lost lost => new QueryOutcome.Unavailable(lost.Fault),
            HttpReply.Answered { IsSuccess: true } answered => answered.Read(PlatformJson.Default.PlatformTask) is { Status: not null } task
                ? Stands(task)
                : new QueryOutcome.Unavailable(Unreadable),
            HttpReply.Answered refused => PlainStatus.Query(refused.Status, Fault(refused, Problem(refused))),
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

        using var message = Message(found, HttpMethod.Post, $"{TaskPath(upstreamTaskId)}/cancel");
        switch (await _http.SendAsync(message, CallLimits.Cancel, cancellationToken))
        {
            case HttpReply.NotSent none:
                return new CancelOutcome.Unclear(none.Fault);
            case HttpReply.Lost lost:
                return new CancelOutcome.Unclear(lost.Fault);
            case HttpReply.Answered { IsSuccess: true } answered:
                var status = answered.Read(PlatformJson.Default.PlatformTask)?.Status;
                return status switch
                {
                    "cancelled" => new CancelOutcome.Cancelled(),
                    "completed" or "failed" => new CancelOutcome.TooLate(PlainStatus.Fault(answered.Status, status, null)),

                    // The wish is recorded there, and its own upstream has not answered yet.
                    _ => new CancelOutcome.Unclear(PlainStatus.Fault(answered.Status, status, null)),
                };
            case HttpReply.Answered refused:
                var fault = Fault(refused, Problem(refused));
                return refused.Status is 404 or 409 ? new CancelOutcome.TooLate(fault) : new CancelOutcome.Unclear(fault);
            default:
                throw new InvalidOperationException("A reply without a case.");
        }
    }

    /// <inheritdoc/>
    public async Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken)
    {
        if (_accounts.Find(account) is not { } found)
        {
            return NoAccount.Find;
        }

        using var message = Message(found, HttpMethod.Get, $"/v1/tasks?limit=1&metadata.{ReferenceKey}={Uri.EscapeDataString(reference)}");
        switch (await _http.SendAsync(message, CallLimits.Query, cancellationToken))
        {
            case HttpReply.NotSent none:
                return new LookupOutcome.Unavailable(none.Fault);
            case HttpReply.Lost lost:
                return new LookupOutcome.Unavailable(lost.Fault);
            case HttpReply.Answered { IsSuccess: true } answered:
                return answered.Read(PlatformJson.Default.PlatformTasks)?.Data switch
                {
                    [] => new LookupOutcome.NotFound(),
                    [{ Id: { Length: > 0 } id, Metadata: { } metadata }, ..] when metadata.GetValueOrDefault(ReferenceKey) == reference =>
                        new LookupOutcome.Found(id),

                    // One that does not filter by metadata lists what it likes: that proves nothing.
                    _ => new LookupOutcome.Unavailable(new("no-filter", "The list is not filtered by metadata.")),
                };
            case HttpReply.Answered refused:
                return new LookupOutcome.Unavailable(Fault(refused, Problem(refused)));
            default:
                throw new InvalidOperationException("A reply without a case.");
        }
    }

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

        return Task.FromResult<CallbackReading>(Read(callback.Body.Span) is { Id: { Length: > 0 } id, Status: not null } task
            ? new CallbackReading.Told(id, Stands(task))
            : new CallbackReading.AskNow());
    }

    private static PlatformTask? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, PlatformJson.Default.PlatformTask);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static QueryOutcome Stands(PlatformTask task) => task.Status switch
    {
        "completed" when task.ResultData is [{ VideoUrl: { Length: > 0 } url } result, ..] => new QueryOutcome.Succeeded(new(url, result.Duration)),
        "completed" when task.Results is [{ Length: > 0 } url, ..] => new QueryOutcome.Succeeded(new(url, null)),
        "completed" => new QueryOutcome.Failed(
            TaskErrorCode.GenerationFailedNoContent, new("completed", "The task has no result, or its media were erased."), RetryElsewhere: true),
        "failed" => PlatformFaults.Job(task.Error),
        "cancelled" => new QueryOutcome.Cancelled(),
        _ => new QueryOutcome.Running(),
    };

    private static PlatformProblem? Problem(HttpReply.Answered answered) => answered.Read(PlatformJson.Default.PlatformRefusal)?.Error;

    private static UpstreamFault Fault(HttpReply.Answered answered, PlatformProblem? problem) =>
        PlainStatus.Fault(answered.Status, problem?.Code, problem?.Message);

    private static string TaskPath(string id) => $"/v1/tasks/{Uri.EscapeDataString(id)}";

    private static HttpRequestMessage Message(Account account, HttpMethod method, string path) =>
        method.To(account.BaseUrl, path).Authorized("Bearer", account.ApiKey);

    private sealed record Account(
        Uri BaseUrl, string ApiKey, StandardWebhook Webhooks, bool Callbacks, IReadOnlyDictionary<string, string> Models);
}
