using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Platform.Domain;
using Platform.Domain.Secrets;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;
using Platform.Grains.Contracts;
using Platform.Grains.Faults;

namespace Platform.Grains.Webhooks;

/// <summary>
/// Delivers to one receiver: takes from the store no more than it can send at once, so that what waits for a receiver that hangs
/// waits in the store. It owns nothing: a second activation would share the work with it by the store's claims.
/// </summary>
[Reentrant]
internal sealed partial class WebhookEndpointGrain(
    IWebhookDeliveries deliveries,
    IWebhookEndpointStore endpoints,
    IWebhookBodies bodies,
    DeliveryAttempts attempts,
    TenantPlaces places,
    SigningKeys keys,
    ISecretBox box,
    IIdSource ids,
    IFaultPoints faults,
    TimeProvider time,
    IOptions<WebhookOptions> options,
    ILogger<WebhookEndpointGrain> logger) : Grain, IWebhookEndpointGrain, IDisposable
{
    // A retry that is due later than this is left to the dispatcher's look, which is as good and keeps no grain.
    private static readonly TimeSpan OwnTimer = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private string _lane = "";
    private TenantId _tenant;
    private ReceiverWindow _window = null!;
    private IGrainTimer? _timer;
    private DateTimeOffset? _timerAt;
    private int _running;
    private bool _pumping;
    private bool _lookAgain;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _lane = this.GetPrimaryKeyString();
        _tenant = DeliveryLane.TenantOf(_lane);
        _window = ReceiverWindow.Open(options.Value.PerReceiver);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _stopping.CancelAsync();

    public void Dispose() => _stopping.Dispose();

    public Task Wake()
    {
        _lookAgain = true;
        return PumpAsync();
    }

    /// <summary>Claims and starts as much as the window has room for, as long as there is more.</summary>
    private async Task PumpAsync()
    {
        if (_pumping)
        {
            return;
        }

        _pumping = true;
        try
        {
            while (_lookAgain && !_stopping.IsCancellationRequested)
            {
                var room = places.Take(_tenant, Math.Max(0, _window.Size - _running));
                if (room == 0)
                {
                    // The end of a delivery looks again; where the tenant's places are taken by its other receivers, the dispatcher does.
                    return;
                }

                _lookAgain = false;
                var started = 0;
                try
                {
                    started = await StartAsync(room);
                }
                finally
                {
                    places.Return(_tenant, room - started);
                }

                _lookAgain |= started == room;
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // What was claimed comes back with the end of its lease.
            LogClaimFailed(logger, error, _lane);
        }
        finally
        {
            _pumping = false;
        }
    }

    private async Task<int> StartAsync(int room)
    {
        var now = time.GetUtcNow();
        var lane = await deliveries.ClaimLaneAsync(_lane, now, now + options.Value.Lease, room, CancellationToken.None);
        if (lane.Deliveries.IsEmpty)
        {
            return 0;
        }

        var signing = (lane.SealedSecrets.IsEmpty ? await MakeSecretAsync(now) : lane.SealedSecrets).Select(keys.Open).ToList();
        foreach (var claimed in lane.Deliveries)
        {
            _running++;
            _ = DeliverAsync(claimed, signing, lane.Endpoint);
        }

        return lane.Deliveries.Length;
    }

    private async Task DeliverAsync(ClaimedDelivery claimed, IReadOnlyCollection<byte[]> signing, WebhookEndpoint? endpoint)
    {
        try
        {
            faults.Reach(FaultPoint.BeforeDelivery);

            // Not on this grain's thread: signing and sending of one delivery need not wait for the bookkeeping of another.
            var record = await Task.Run(() => attempts.TryAsync(claimed, signing, _stopping.Token));
            _window = _window.After(record.Attempt.Result);
            if (endpoint?.DisabledBy(record.Attempt.Result, time.GetUtcNow(), options.Value.DisableAfter) is { } reason)
            {
                await DisableAsync(endpoint, reason);
            }

            WakeAt(record.DueAt);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (!_stopping.IsCancellationRequested)
            {
                LogDeliveryFailed(logger, error, claimed.Delivery.Id);
            }
        }
        finally
        {
            _running--;
            places.Return(_tenant, 1);
        }

        await PumpAsync();
    }

    // A tenant that has never asked for its secret gets signed callbacks all the same.
    private async Task<IReadOnlyList<string>> MakeSecretAsync(DateTimeOffset now)
    {
        await endpoints.EnsureSecretAsync(NewSecret.Make(_tenant, WebhookSecret.OfCallbacks, ids, box, now).Stored, CancellationToken.None);
        return [.. (await endpoints.ListSecretsAsync(_tenant, WebhookSecret.OfCallbacks, now, CancellationToken.None)).Select(s => s.Sealed)];
    }

    private async Task DisableAsync(WebhookEndpoint endpoint, EndpointDisabledReason reason)
    {
        var now = time.GetUtcNow();
        var disabled = endpoint with { DisabledReason = reason, DisabledAt = now };
        var message = new WebhookMessage
        {
            Id = WebhookMessage.NewId(ids),
            Tenant = _tenant,
            EventType = WebhookEvents.EndpointDisabled,
            Body = bodies.OfEndpoint(disabled),
            CreatedAt = now,
        };
        var others = (await endpoints.ListEndpointsAsync([_tenant], CancellationToken.None))
            .Where(e => !string.Equals(e.Id, endpoint.Id, StringComparison.Ordinal));
        var told = FanOut.Plan(message, callbackUrl: null, others, now);
        if (await deliveries.DisableAsync(new(endpoint.Id, reason, now, told.IsEmpty ? null : message, told), CancellationToken.None))
        {
            LogDisabled(logger, endpoint.Id, reason);
            foreach (var delivery in told)
            {
                _ = GrainFactory.GetGrain<IWebhookEndpointGrain>(delivery.Lane).Wake();
            }
        }
    }

    private void WakeAt(DateTimeOffset? at)
    {
        var now = time.GetUtcNow();
        if (at is not { } due || due - now > OwnTimer || _timerAt <= due)
        {
            return;
        }

        _timer?.Dispose();
        _timerAt = due;
        _timer = this.RegisterGrainTimer(
            () =>
            {
                _timer?.Dispose();
                (_timer, _timerAt) = (null, null);
                return Wake();
            },
            new() { DueTime = due > now ? due - now : TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Claiming deliveries of {Lane} failed; a later look tries again")]
    private static partial void LogClaimFailed(ILogger logger, Exception error, string lane);

    [LoggerMessage(Level = LogLevel.Error, Message = "Delivery {Delivery} could not be recorded; it is tried again after its lease")]
    private static partial void LogDeliveryFailed(ILogger logger, Exception error, string delivery);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook endpoint {Endpoint} was disabled: {Reason}")]
    private static partial void LogDisabled(ILogger logger, string endpoint, EndpointDisabledReason reason);
}
