using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Create_WithACollector_IsOneTraceFromTheRequestToTheCommit()
    {
        await using var collector = new Collector();
        await using var platform = new PlatformProcess(
            ("Platform__Otlp__Endpoint", collector.Url), ("Platform__Otlp__Protocol", "http"), ("OTEL_BSP_SCHEDULE_DELAY", "200"));
        await platform.StartAsync();
        var caller = platform.Caller();
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);

        await caller.CreatedAsync(inputs);

        var create = await Wait.ForAsync(
            "the span of the create", () => Task.FromResult(collector.Spans.FirstOrDefault(s => s.Name == "POST /v1/videos/generations")));
        await Wait.UntilAsync("the span of its commit", () => Task.FromResult(Names(create).Contains("account.commit")));
        Names(create).Should().Contain(name => name.Contains("ITenantGrain", StringComparison.Ordinal), "the grain's call is a step of the request");
        foreach (var span in InTrace(create).Where(s => s.ParentSpanId.Length > 0))
        {
            InTrace(create).Should().Contain(s => s.SpanId == span.ParentSpanId, "{0} must hang on another span of the trace", span.Name);
        }

        IEnumerable<Span> InTrace(Span root) => collector.Spans.Where(s => s.TraceId == root.TraceId);
        List<string> Names(Span root) => [.. InTrace(root).Select(s => s.Name)];
    }

    [Fact]
    public async Task Metrics_AfterATask_TellOfItOnAPortOfTheirOwn()
    {
        var port = Ports.Take();
        await using var platform = new PlatformProcess(("Platform__Metrics__Port", $"{port}"));
        await platform.StartAsync();
        var caller = platform.Caller();
        await caller.EndedAsync(await caller.CreatedAsync(await caller.UploadAsync(await Clips.Image, await Clips.Quick)));

        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"));

        metrics.Should().Contain("platform_tasks_accepted").And.Contain("platform_tasks_ended").And.Contain("platform_storage_commits");
        metrics.Should().Contain("orleans_").And.Contain("dotnet_gc");
        metrics.Should().NotContain("ten_demo").And.NotContain("task-unified-", "their number has no bound");
        (await caller.GetAsync("/metrics")).Status.Should().Be(System.Net.HttpStatusCode.NotFound, "tenants do not see it");
    }

    [Fact]
    public async Task Start_MetricsPortTaken_WarnsAndServes()
    {
        await using var collector = new Collector();
        await using var platform = new PlatformProcess(("Platform__Metrics__Port", new Uri(collector.Url).Port.ToString()));

        await platform.StartAsync();

        platform.Log.Should().Contain("Platform:Metrics:Port");
    }
}
