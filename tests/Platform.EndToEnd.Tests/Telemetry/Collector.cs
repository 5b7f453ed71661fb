using System.Collections.Concurrent;
using System.Net;
using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Telemetry;

/// <summary>A span as it came over the wire; ids are hexadecimal, the parent's is empty for a root.</summary>
internal sealed record Span(string TraceId, string SpanId, string ParentSpanId, string Name, IReadOnlyList<string> LinkedTraceIds);

/// <summary>An OpenTelemetry collector for traces by OTLP over HTTP: keeps every span.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly Task _serving;

    public Collector()
    {
        Url = $"http://127.0.0.1:{Ports.Take()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    public IReadOnlyCollection<Span> Spans => _spans;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            if (context.Request.Url!.AbsolutePath == "/v1/traces")
            {
                foreach (var span in OtlpSpans.Read(body.ToArray()))
                {
                    _spans.Enqueue(span);
                }
            }

            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }
}
