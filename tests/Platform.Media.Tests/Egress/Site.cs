using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Media.Egress;

namespace Platform.Media.Tests.Egress;

/// <summary>
/// The internet of a test: a real server on loopback, which the guarded client believes to be at public addresses. It plays
/// the name server as well, and notes every address that a connection was made to.
/// </summary>
internal sealed class Site : IHostResolver, IOutboundConnector, IAsyncDisposable
{
    public const string PublicAddress = "93.184.216.34";

    private readonly WebApplication _app;
    private readonly Dictionary<string, Queue<string[]>> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _lock = new();

    private Site(WebApplication app) => _app = app;

    /// <summary>What the server answers; by default 404.</summary>
    public RequestDelegate Handler { get; set; } = context =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    };

    public List<IPAddress> Connected { get; } = [];

    public List<string> Resolved { get; } = [];

    public List<string> Requests { get; } = [];

    public static async Task<Site> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        var site = new Site(app);
        app.Run(context =>
        {
            lock (site._lock)
            {
                site.Requests.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Range}".TrimEnd());
            }

            return site.Handler(context);
        });
        await app.StartAsync();
        return site;
    }

    /// <summary>Says what a name resolves to: each answer once, the last for ever.</summary>
    public void Name(string host, params string[][] answers) => _names[host] = new(answers);

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Resolved.Add(host);
            if (!_names.TryGetValue(host, out var answers))
            {
                return host.EndsWith("acme.com", StringComparison.Ordinal)
                    ? Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Parse(PublicAddress)])
                    : throw new SocketException((int)SocketError.HostNotFound);
            }

            var answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
            return Task.FromResult<IReadOnlyList<IPAddress>>([.. answer.Select(IPAddress.Parse)]);
        }
    }

    public async Task<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Connected.Add(endpoint.Address);
        }

        var url = new Uri(_app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return await new TcpConnector().ConnectAsync(new IPEndPoint(IPAddress.Loopback, url.Port), cancellationToken);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
