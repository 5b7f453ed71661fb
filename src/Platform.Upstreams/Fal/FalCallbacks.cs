using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Platform.Domain.Upstreams;

namespace Platform.Upstreams.Fal;

/// <summary>
/// Verifies fal's callbacks: ED25519 over request id, user id, timestamp and the body's SHA-256, each on a line of its own; at most five
/// minutes old or early. fal signs for all its customers by the same keys, so that the MAC of our address is what ties one to an attempt.
/// </summary>
internal sealed class FalCallbacks(FalKeys keys, TimeProvider time)
{
    private const string Prefix = "X-Fal-Webhook-";
    private const int MaxHeaderLength = 200;
    private static readonly long Tolerance = (long)TimeSpan.FromMinutes(5).TotalSeconds;

    public async Task<CallbackReading> ReadAsync(UpstreamCallback callback, CancellationToken cancellationToken)
    {
        if (Header(callback, "Request-Id") is not { } requestId
            || Header(callback, "User-Id") is not { } userId
            || Header(callback, "Timestamp") is not { } timestamp
            || Header(callback, "Signature") is not { } signature)
        {
            return new CallbackReading.Refused("A header of the signature is missing.");
        }

        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - seconds) > Tolerance)
        {
            return new CallbackReading.Refused("The timestamp is more than five minutes off.");
        }

        var message = $"{requestId}\n{userId}\n{timestamp}\n{Convert.ToHexStringLower(SHA256.HashData(callback.Body.Span))}";
        return await keys.VerifyAsync(message, signature, cancellationToken) switch
        {
            true => Judge(requestId, callback.Body.Span),
            false => new CallbackReading.Refused("None of fal's keys signed it."),
            null => new CallbackReading.Refused("fal's keys could not be fetched."),
        };
    }

    private static CallbackReading Judge(string requestId, ReadOnlySpan<byte> body)
    {
        FalWebhook? told;
        try
        {
            told = JsonSerializer.Deserialize(body, FalJson.Default.FalWebhook);
        }
        catch (JsonException)
        {
            told = null;
        }

        if (told?.RequestId is { } named && named != requestId)
        {
            return new CallbackReading.Refused("Header and body name different jobs.");
        }

        return new CallbackReading.Told(requestId, told switch
        {
            { Status: "OK", Payload.Video.Url: { Length: > 0 } url } => new QueryOutcome.Succeeded(new(url, null)),
            { Status: "ERROR", Payload: { Detail: not null } failed } => FalFaults.Job(failed, FalFaults.Fault(200, told.Error, failed)),

            // What it says no more of, the result will.
            _ => new QueryOutcome.Unavailable(new("callback", told?.Error ?? "")),
        });
    }

    private static string? Header(UpstreamCallback callback, string name) =>
        callback.Headers.TryGetValue(Prefix + name, out var value) && value.Length is > 0 and <= MaxHeaderLength ? value : null;
}
