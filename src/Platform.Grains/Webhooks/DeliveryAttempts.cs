using System.Text;
using Microsoft.Extensions.Options;
using Platform.Domain;
using Platform.Domain.Webhooks;
using Platform.Grains.Faults;

namespace Platform.Grains.Webhooks;

/// <summary>One try: signed, sent, recorded.</summary>
internal sealed class DeliveryAttempts(
    IWebhookSender sender,
    DeliveryRecorder recorder,
    IRandomSource random,
    IFaultPoints faults,
    TimeProvider time,
    IOptions<WebhookOptions> options)
{
    /// <summary>Tries a delivery once; returns what was recorded.</summary>
    /// <exception cref="OperationCanceledException">The silo stops: nothing is recorded, and the delivery is tried again.</exception>
    public async Task<DeliveryRecord> TryAsync(ClaimedDelivery claimed, IReadOnlyCollection<byte[]> keys, CancellationToken cancellationToken)
    {
        var (delivery, text) = claimed;
        var startedAt = time.GetUtcNow();
        var body = Encoding.UTF8.GetBytes(text);
        var request = new WebhookRequest
        {
            Url = delivery.Url,
            Headers =
            [
                .. WebhookHeaders.Of(delivery.MessageId, delivery.Id, delivery.Attempts + 1, startedAt),
                new(WebhookHeaders.Signature, WebhookSignature.Sign(keys, delivery.MessageId, startedAt, body)),
            ],
            Body = body,
        };
        var result = await sender.SendAsync(request, options.Value.AttemptTimeout, cancellationToken);
        faults.Reach(FaultPoint.AfterDelivery);
        var record = DeliveryRecord.Of(delivery, startedAt, delivery.Url, result, time.GetUtcNow(), random.NextDouble());
        await recorder.RecordAsync(record);
        return record;
    }
}
