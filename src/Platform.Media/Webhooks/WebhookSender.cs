using System.Buffers;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Platform.Domain.Webhooks;
using Platform.Media.Egress;

namespace Platform.Media.Webhooks;

/// <summary>Sends webhooks through the guarded client; what a receiver does wrong becomes a result, and none of it takes longer than it may.</summary>
internal sealed class WebhookSender(EgressHttp handlers, EgressGuard guard, TimeProvider time) : IWebhookSender, IDisposable
{
    private const string TooLate = "There was no answer in time.";
    private const string BadAnswer = "The connection broke off before there was an answer.";

    // One byte a second must not keep a place taken once the status is known, which is all that counts.
    private static readonly TimeSpan BodyPatience = TimeSpan.FromSeconds(1);

    private readonly HttpMessageInvoker _invoker = new(handlers.CreateHandler(), disposeHandler: true);

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    /// <inheritdoc/>
    public async Task<AttemptResult> SendAsync(WebhookRequest request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (guard.Check(request.Url) is { } refusal)
        {
            return Without(AttemptOutcome.Refused, refusal.Reason, started);
        }

        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var message = Message(request);
            using var answer = await _invoker.SendAsync(message, linked.Token);
            var excerpt = await ReadExcerptAsync(answer.Content, linked.Token);
            cancellationToken.ThrowIfCancellationRequested();
            return new(answer.IsSuccessStatusCode ? AttemptOutcome.Succeeded : AttemptOutcome.Answered, time.GetElapsedTime(started))
            {
                StatusCode = (int)answer.StatusCode,
                BodyExcerpt = excerpt,
                RetryAfter = RetryAfter(answer.Headers.RetryAfter),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The connection's own time limit ends in the same way.
            return Without(AttemptOutcome.TimedOut, TooLate, started);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            return EgressRefusedException.Find(e) is { } refused
                ? Without(AttemptOutcome.Refused, refused.Reason, started)
                : Without(AttemptOutcome.Unreachable, Explain(e), started);
        }
    }

    private static HttpRequestMessage Message(WebhookRequest request)
    {
        var content = new ReadOnlyMemoryContent(request.Body);
        content.Headers.TryAddWithoutValidation("Content-Type", WebhookHeaders.ContentType);
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(request.Url, UriKind.Absolute)) { Content = content };
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private static string Explain(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            switch (current)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                    return "The host does not exist.";
                case AuthenticationException:
                    return "The receiver has no certificate that can be trusted.";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "The connection was refused.";
                default:
                    break;
            }
        }

        return BadAnswer;
    }

    private AttemptResult Without(AttemptOutcome outcome, string error, long started) =>
        new(outcome, time.GetElapsedTime(started)) { Error = error };

    /// <summary>The first bytes of an answer. Whatever happens to the rest, the status is known, and it is what counts.</summary>
    private async Task<string> ReadExcerptAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(AttemptResult.MaxExcerptBytes);
        var length = 0;
        try
        {
            using var patience = new CancellationTokenSource(BodyPatience, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            await using var body = await content.ReadAsStreamAsync(linked.Token);
            while (length < AttemptResult.MaxExcerptBytes)
            {
                var read = await body.ReadAsync(buffer.AsMemory(length, AttemptResult.MaxExcerptBytes - length), linked.Token);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // What was read is kept.
        }

        var text = Text(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return text;
    }

    // A character that the bound has cut in two is left out, and so is what no database takes as text.
    private static string Text(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(bytes).TrimEnd('\uFFFD').Replace("\0", "\uFFFD", StringComparison.Ordinal);

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? value) => value switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };
}
