using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;

namespace Platform.Media.Egress;

/// <summary>Fetches URLs that a tenant has named: follows few redirects, each checked like the first URL, and bounds every wait.</summary>
internal sealed class GuardedHttp : IDisposable
{
    private static readonly StringWithQualityHeaderValue Identity = new("identity");

    private readonly HttpMessageInvoker _invoker;
    private readonly EgressGuard _guard;
    private readonly EgressOptions _options;
    private readonly TimeProvider _time;

    public GuardedHttp(EgressHttp handlers, EgressGuard guard, IOptions<MediaOptions> options, TimeProvider time)
    {
        _invoker = new HttpMessageInvoker(handlers.CreateHandler(), disposeHandler: true);
        _guard = guard;
        _options = options.Value.Egress;
        _time = time;
    }

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    /// <summary>Sends a GET and returns once the head of the last answer is there.</summary>
    /// <param name="url">The URL as given.</param>
    /// <param name="range">The part that is wanted, or null for all.</param>
    /// <param name="cancellationToken">Ends the fetch, and the reading of the body.</param>
    public async Task<GuardedAnswer> GetAsync(string url, RangeHeaderValue? range, CancellationToken cancellationToken) =>
        _guard.Check(url) is { } refusal
            ? new GuardedAnswer.Refused(refusal.Reason)
            : await GetAsync(new Uri(url, UriKind.Absolute), range, cancellationToken);

    /// <summary>As <see cref="GetAsync(string, RangeHeaderValue?, CancellationToken)"/>, for a URL that an answer came from.</summary>
    public async Task<GuardedAnswer> GetAsync(Uri url, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        using var headTimeout = new CancellationTokenSource(_options.HeaderTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(headTimeout.Token, cancellationToken);
        try
        {
            return await FollowAsync(url, range, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The connection's own time limit ends in the same way.
            return new GuardedAnswer.Failed("The server did not answer in time.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return Explain(e);
        }
    }

    private static GuardedAnswer Explain(Exception exception)
    {
        if (EgressRefusedException.Find(exception) is { } refusal)
        {
            return new GuardedAnswer.Refused(refusal.Reason);
        }

        for (var current = exception; current is not null; current = current.InnerException)
        {
            switch (current)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                    return new GuardedAnswer.Refused("The URL's host does not exist.");
                case AuthenticationException:
                    return new GuardedAnswer.Failed("The server has no certificate that can be trusted.");
                default:
                    break;
            }
        }

        return new GuardedAnswer.Failed("The server could not be reached.");
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private async Task<GuardedAnswer> FollowAsync(Uri url, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        for (var hop = 0; ; hop++)
        {
            if (_guard.Check(url) is { } refusal)
            {
                return new GuardedAnswer.Refused(hop == 0 ? refusal.Reason : $"The URL redirects to one that is not allowed: {refusal.Reason}");
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Range = range;

            // A compressed body has other offsets than the file, and could grow without bound.
            request.Headers.AcceptEncoding.Add(Identity);
            var message = await _invoker.SendAsync(request, cancellationToken);
            if (!IsRedirect(message.StatusCode))
            {
                var content = await message.Content.ReadAsStreamAsync(cancellationToken);
                return new GuardedAnswer.Answered(new GuardedResponse(message, url, new ProgressStream(content, _options, _time)));
            }

            using (message)
            {
                if (message.Headers.Location is not { } location || !Uri.TryCreate(url, location, out var next))
                {
                    return new GuardedAnswer.Refused("The URL redirects to nowhere.");
                }

                if (hop == _options.MaxRedirects)
                {
                    return new GuardedAnswer.Refused($"The URL redirects more than {_options.MaxRedirects} times.");
                }

                url = next;
            }
        }
    }
}
