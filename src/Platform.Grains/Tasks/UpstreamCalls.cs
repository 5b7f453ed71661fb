using Platform.Domain.Upstreams;

namespace Platform.Grains.Tasks;

/// <summary>
/// Calls an upstream with its time-out. What the port forbids (an exception) and what nobody can know (a time-out) become the
/// outcome that assumes least: the call may have had its effect.
/// </summary>
internal static class UpstreamCalls
{
    public static Task<SubmitOutcome> SubmitAsync(IUpstream upstream, SubmitRequest request, TimeProvider time) => CallAsync(
        upstream, time, token => upstream.SubmitAsync(request, token), fault => new SubmitOutcome.Unclear(fault));

    public static Task<QueryOutcome> QueryAsync(IUpstream upstream, string account, string id, TimeProvider time) => CallAsync(
        upstream, time, token => upstream.QueryAsync(account, id, token), fault => new QueryOutcome.Unavailable(fault));

    public static Task<CancelOutcome> CancelAsync(IUpstream upstream, string account, string id, TimeProvider time) => CallAsync(
        upstream, time, token => upstream.CancelAsync(account, id, token), fault => new CancelOutcome.Unclear(fault));

    public static Task<LookupOutcome> FindAsync(IUpstream upstream, string account, string reference, TimeProvider time) => CallAsync(
        upstream, time, token => upstream.FindByReferenceAsync(account, reference, token), fault => new LookupOutcome.Unavailable(fault));

    private static async Task<TOutcome> CallAsync<TOutcome>(
        IUpstream upstream, TimeProvider time, Func<CancellationToken, Task<TOutcome>> call, Func<UpstreamFault, TOutcome> unknown)
    {
        using var limit = new CancellationTokenSource(upstream.Capabilities.CallTimeout, time);
        try
        {
            // An adapter that ignores its token must not keep the task for ever.
            return await call(limit.Token).WaitAsync(limit.Token) ?? throw new InvalidOperationException("No outcome.");
        }
        catch (OperationCanceledException)
        {
            return unknown(new("timeout", $"No answer within {upstream.Capabilities.CallTimeout}."));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return unknown(new("exception", error.GetType().Name));
        }
    }
}
