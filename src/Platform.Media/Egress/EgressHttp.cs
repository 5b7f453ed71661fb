using Microsoft.Extensions.Options;

namespace Platform.Media.Egress;

/// <summary>
/// Makes the message handlers of the guarded client. Whoever sends to a URL that a tenant has given (media here, callbacks
/// elsewhere) sends through one of these: <c>IHttpClientFactory.CreateClient(EgressHttp.ClientName)</c>. It follows no
/// redirect, keeps no cookie, uses no proxy, and refuses by <see cref="EgressRefusedException"/>.
/// </summary>
public sealed class EgressHttp
{
    /// <summary>Name of the guarded client in the client factory.</summary>
    public const string ClientName = "Platform.Egress";

    private const int MaxHeaderKilobytes = 32;

    // Connections are kept shortly: a name's addresses are judged on connecting only.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(20);

    private readonly EgressGuard _guard;
    private readonly EgressConnector _connector;
    private readonly EgressOptions _options;

    internal EgressHttp(EgressGuard guard, EgressConnector connector, IOptions<MediaOptions> options)
    {
        _guard = guard;
        _connector = connector;
        _options = options.Value.Egress;
    }

    /// <summary>Makes a handler; the caller disposes it.</summary>
    public HttpMessageHandler CreateHandler() => new CheckingHandler(_guard, _options.UserAgent)
    {
        InnerHandler = new SocketsHttpHandler
        {
            // A proxy would resolve names itself, behind the guard's back.
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            Credentials = null,
            PreAuthenticate = false,

            // Trace identifiers are nobody's business outside.
            ActivityHeadersPropagator = null,
            AutomaticDecompression = System.Net.DecompressionMethods.None,
            MaxResponseHeadersLength = MaxHeaderKilobytes,

            // An answer that is not read to its end costs its connection, not our time.
            MaxResponseDrainSize = 0,
            ConnectTimeout = _options.ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            PooledConnectionIdleTimeout = IdleTimeout,
            ConnectCallback = async (context, cancellationToken) =>
                await _connector.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken),
        },
    };

    /// <summary>Judges each request's URL before it goes anywhere near a connection.</summary>
    private sealed class CheckingHandler(EgressGuard guard, string userAgent) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var refusal = request.RequestUri is { } url ? guard.Check(url) : new EgressRefusal("There is no URL.");
            if (refusal is not null)
            {
                throw new EgressRefusedException(refusal);
            }

            if (request.Headers.UserAgent.Count == 0)
            {
                request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
