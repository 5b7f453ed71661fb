using System.Collections.Concurrent;
using System.Text;
using Platform.Domain.Secrets;
using Platform.Domain.Tasks;
using Platform.Domain.Webhooks;

namespace Platform.Grains.Tests.Cluster;

/// <summary>A request that reached a receiver.</summary>
public sealed record Received(DateTimeOffset At, string Url, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string MessageId => Headers["webhook-id"];
}

/// <summary>All receivers of webhooks: each answers as its host's script says, and everything that arrives is remembered.</summary>
public sealed class FakeReceivers(TimeProvider time) : IWebhookSender, IWebhookBodies, ISecretBox
{
    private readonly ConcurrentDictionary<string, Func<int, CancellationToken, Task<AttemptResult>>> _scripts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Received> _received = new();

    public static AttemptResult Ok { get; } = Answer(200);

    public static AttemptResult TimedOut { get; } = new(AttemptOutcome.TimedOut, TimeSpan.FromSeconds(10)) { Error = "There was no answer in time." };

    /// <summary>What arrived at a host, in order.</summary>
    public IReadOnlyList<Received> At(string host) => [.. _received.Where(r => new Uri(r.Url).Host == host)];

    public static AttemptResult Answer(int status) => new(
        status is >= 200 and < 300 ? AttemptOutcome.Succeeded : AttemptOutcome.Answered, TimeSpan.Zero)
    {
        StatusCode = status,
        BodyExcerpt = "",
    };

    /// <summary>Scripts a host; the number of the request counts from 1.</summary>
    public void On(string host, Func<int, AttemptResult> answer) => _scripts[host] = (n, _) => Task.FromResult(answer(n));

    /// <summary>A host that never answers; the time-out passes as the clock does.</summary>
    public void Hang(string host, TimeSpan timeout) => _scripts[host] = async (_, stop) =>
    {
        await Task.Delay(timeout, time, stop);
        return TimedOut;
    };

    async Task<AttemptResult> IWebhookSender.SendAsync(WebhookRequest request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var host = new Uri(request.Url).Host;
        _received.Enqueue(new(
            time.GetUtcNow(),
            request.Url,
            request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.Ordinal),
            Encoding.UTF8.GetString(request.Body.Span)));
        var count = _counts.AddOrUpdate(host, 1, (_, n) => n + 1);
        return _scripts.TryGetValue(host, out var script) ? await script(count, cancellationToken) : Ok;
    }

    string IWebhookBodies.OfTask(GenerationTask task, DateTimeOffset at) => $$"""{"id":"{{task.Id}}","status":"{{task.Status}}"}""";

    string IWebhookBodies.OfEndpoint(WebhookEndpoint endpoint) => $$"""{"id":"{{endpoint.Id}}","reason":"{{endpoint.DisabledReason}}"}""";

    string IWebhookBodies.OfTest(WebhookEndpoint endpoint, string messageId, DateTimeOffset at) => $$"""{"id":"{{messageId}}"}""";

    string ISecretBox.Protect(string purpose, string secret) => $"{purpose}:{secret}";

    string ISecretBox.Unprotect(string purpose, string sealedSecret) => sealedSecret[(purpose.Length + 1)..];
}
