using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Api.Tests.Webhooks;

/// <summary>A webhook as it arrived.</summary>
public sealed record Arrived(string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A real server that is told of things; what it answers is the last part of the path, for example <c>/a/500</c>.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Arrived> _arrived = new();

    private Receiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public IReadOnlyList<Arrived> At(string path) => [.. _arrived.Where(a => a.Path == path)];

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.HandleAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var path = context.Request.Path.Value!;
        _arrived.Enqueue(new(path, context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString(), StringComparer.Ordinal), body));
        context.Response.StatusCode = int.TryParse(path[(path.LastIndexOf('/') + 1)..], System.Globalization.CultureInfo.InvariantCulture, out var status) ? status : 200;
        if (context.Response.StatusCode is not (204 or 304))
        {
            await context.Response.WriteAsync("seen");
        }
    }
}

/// <summary>A platform that may call receivers on this machine.</summary>
public sealed class WebhookPlatform : Hosting.TestPlatform
{
    protected override IEnumerable<string> Settings => ["--Platform:Egress:AllowPrivateNetworks=true", "--Platform:Egress:AllowHttp=true"];
}
