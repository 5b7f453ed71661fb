using System.Net;
using System.Net.Sockets;
using Platform.Domain.Upstreams;

namespace Platform.Upstreams.Http;

/// <summary>
/// Calls providers: pooled connections for all accounts, HTTP/2 where the server has it, every wait and every body bounded, no redirects,
/// no cookies, and no request sent twice. Addresses are the operator's settings, so the guard of tenants' URLs does not stand here.
/// </summary>
internal sealed class UpstreamHttp : IDisposable
{
    /// <summary>Longest answer that is read, in bytes (1 MiB); real ones have a few thousand.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    private readonly HttpMessageInvoker _invoker = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            EnableMultipleHttp2Connections = true,
            MaxConnectionsPerServer = 256,
        },
        disposeHandler: true);

    private readonly TimeProvider _time;

    public UpstreamHttp(TimeProvider time) => _time = time;

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    /// <summary>Sends a request once and reads the whole answer within <paramref name="limit"/>. Never throws for what the network does.</summary>
    public async Task<HttpReply> SendAsync(HttpRequestMessage request, TimeSpan limit, CancellationToken cancellationToken)
    {
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        using var timeLimit = new CancellationTokenSource(limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            using var response = await _invoker.SendAsync(request, linked.Token);
            return await ReadAsync(response, linked.Token) is { } body
                ? new HttpReply.Answered((int)response.StatusCode, response.Headers, body)
                : new HttpReply.Lost(new($"{(int)response.StatusCode}/too-long", $"The answer has more than {MaxBodyBytes} bytes."));
        }
        catch (OperationCanceledException)
        {
            return new HttpReply.Lost(new("timeout", $"No whole answer within {limit.TotalSeconds:0.#} s."));
        }
        catch (HttpRequestException error) when (IsBeforeSending(error))
        {
            return new HttpReply.NotSent(new("unreachable", $"{error.HttpRequestError}"));
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException)
        {
            return new HttpReply.Lost(new("broken-off", error.GetType().Name));
        }
    }

    // A connection that could not be made carried nothing. One that broke may have.
    private static bool IsBeforeSending(HttpRequestException error) => error.HttpRequestError
        is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError
        or HttpRequestError.ProxyTunnelError;

    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > MaxBodyBytes)
        {
            return null;
        }

        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await content.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            if (body.Length + read > MaxBodyBytes)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
