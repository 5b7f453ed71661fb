using System.Collections.Immutable;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Storage.Memory;

public partial class MemoryStore : IWebhookDeliveries
{
    private readonly List<OutboxState> _outbox = [];
    private readonly Dictionary<string, WebhookMessage> _webhooks = new(StringComparer.Ordinal);

    // In the order in which they were made.
    private readonly List<DeliveryState> _deliveries = [];
    private readonly Dictionary<string, DeliveryState> _deliveriesById = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OutboxItem>> ClaimOutboxAsync(
        DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<OutboxItem>>(
            () =>
            {
                var due = _outbox.Where(o => o.DueAt <= UnixTime.Truncate(now)).OrderBy(o => o.DueAt).Take(limit).ToList();
                due.ForEach(o => o.DueAt = UnixTime.Truncate(leaseUntil));
                return [.. due.Select(o => new OutboxItem(o.Message, _tasks[new(o.Tenant, o.Message.TaskId)].Task))];
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> FanOutAsync(IReadOnlyCollection<FannedOut> messages, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                var count = 0;
                foreach (var fanned in messages)
                {
                    if (_outbox.Find(o => string.Equals(o.Message.Id, fanned.OutboxId, StringComparison.Ordinal)) is not { DueAt: not null } row)
                    {
                        continue;
                    }

                    row.DueAt = null;
                    count++;
                    if (fanned.Message is { } message)
                    {
                        Enqueue(message, fanned.Deliveries);
                    }
                }

                // What is done is not looked at again; the books keep their own copy.
                _outbox.RemoveAll(o => o.DueAt is null);
                return count;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task EnqueueAsync(WebhookMessage message, ImmutableArray<WebhookDelivery> deliveries, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                Enqueue(message, deliveries);
                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FindDueLanesAsync(DateTimeOffset now, string? after, int limit, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<string>>(
            () =>
            [
                .. _deliveries.Where(d => d.Delivery.DueAt <= UnixTime.Truncate(now)).Select(d => d.Delivery.Lane)
                    .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                    .Where(lane => string.CompareOrdinal(lane, after) > 0)
                    .Take(limit),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedLane> ClaimLaneAsync(
        string lane, DateTimeOffset now, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                var tenant = DeliveryLane.TenantOf(lane);
                var endpoint = DeliveryLane.EndpointOf(lane) is { } id ? FindEndpoint(tenant, id) : null;
                if (DeliveryLane.EndpointOf(lane) is not null && endpoint is not { IsEnabled: true })
                {
                    Discard(lane);
                    return ClaimedLane.Nothing;
                }

                var due = _deliveries
                    .Where(d => d.Delivery.DueAt <= UnixTime.Truncate(now) && string.Equals(d.Delivery.Lane, lane, StringComparison.Ordinal))
                    .OrderBy(d => d.Delivery.DueAt)
                    .Take(limit)
                    .ToList();
                var claimed = due.ConvertAll(d => new ClaimedDelivery(
                    d.Delivery with { Url = endpoint?.Url ?? d.Delivery.Url }, _webhooks[d.Delivery.MessageId].Body));
                due.ForEach(d => d.Delivery = d.Delivery with { DueAt = UnixTime.Truncate(leaseUntil) });
                return due.Count == 0
                    ? ClaimedLane.Nothing
                    : new([.. claimed], endpoint, [.. ListSecrets(tenant, endpoint?.Id ?? WebhookSecret.OfCallbacks, now).Select(s => s.Sealed)]);
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task RecordAsync(IReadOnlyCollection<DeliveryRecord> records, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                foreach (var record in records)
                {
                    Record(record);
                }

                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DisableAsync(EndpointDisabling disabling, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                if (!_endpoints.TryGetValue(disabling.EndpointId, out var endpoint) || !endpoint.IsEnabled)
                {
                    return false;
                }

                _endpoints[endpoint.Id] = endpoint with
                {
                    DisabledReason = disabling.Reason,
                    DisabledAt = UnixTime.Truncate(disabling.At),
                    Version = endpoint.Version + 1,
                };
                Discard(DeliveryLane.OfEndpoint(endpoint.Tenant, endpoint.Id));
                if (disabling.Told is { } message)
                {
                    Enqueue(message, disabling.Deliveries);
                }

                return true;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                var waiting = _deliveries.Where(d => d.Delivery.DueAt is not null).Select(d => d.Delivery.MessageId).ToHashSet(StringComparer.Ordinal);
                var old = _webhooks.Values
                    .Where(m => m.CreatedAt < UnixTime.Truncate(before) && !waiting.Contains(m.Id))
                    .OrderBy(m => m.CreatedAt)
                    .Take(limit)
                    .Select(m => m.Id)
                    .ToHashSet(StringComparer.Ordinal);
                foreach (var gone in _deliveries.Where(d => old.Contains(d.Delivery.MessageId)).ToList())
                {
                    _deliveries.Remove(gone);
                    _deliveriesById.Remove(gone.Delivery.Id);
                }

                foreach (var id in old)
                {
                    _webhooks.Remove(id);
                }

                return old.Count;
            },
            cancellationToken);

    private void Enter(TenantId tenant, OutboxMessage message) =>
        _outbox.Add(new() { Tenant = tenant, Message = message with { CreatedAt = UnixTime.Truncate(message.CreatedAt) }, DueAt = DateTimeOffset.UnixEpoch });

    private void Enqueue(WebhookMessage message, ImmutableArray<WebhookDelivery> deliveries)
    {
        _webhooks.TryAdd(message.Id, message with { CreatedAt = UnixTime.Truncate(message.CreatedAt) });
        foreach (var delivery in deliveries)
        {
            var state = new DeliveryState
            {
                Delivery = delivery with
                {
                    ScheduledFrom = UnixTime.Truncate(delivery.ScheduledFrom),
                    CreatedAt = UnixTime.Truncate(delivery.CreatedAt),
                    DueAt = UnixTime.Truncate(delivery.DueAt),
                },
            };
            if (_deliveriesById.TryAdd(delivery.Id, state))
            {
                _deliveries.Add(state);
            }
        }
    }

    private void Discard(string lane)
    {
        foreach (var state in _deliveries.Where(d => d.Delivery.DueAt is not null && string.Equals(d.Delivery.Lane, lane, StringComparison.Ordinal)))
        {
            state.Delivery = state.Delivery with { Status = DeliveryStatus.Discarded, DueAt = null };
        }
    }

    private void Record(DeliveryRecord record)
    {
        if (!_deliveriesById.TryGetValue(record.Delivery.Id, out var state))
        {
            return;
        }

        state.Attempts.TryAdd(record.Attempt.Number, record.Attempt with
        {
            At = UnixTime.Truncate(record.Attempt.At),
            Result = record.Attempt.Result with
            {
                Latency = WholeMilliseconds(record.Attempt.Result.Latency),
                RetryAfter = record.Attempt.Result.RetryAfter is { } wait ? WholeMilliseconds(wait) : null,
            },
        });
        var now = state.Delivery;
        if (record.Status == DeliveryStatus.Succeeded)
        {
            state.Delivery = now with
            {
                Status = DeliveryStatus.Succeeded,
                DueAt = null,
                Attempts = Math.Max(now.Attempts, record.Attempt.Number),
                Url = record.Attempt.Url,
            };
            Failing(now.EndpointId, null);
            return;
        }

        if (now.Attempts == record.Attempt.Number - 1)
        {
            var goesOn = now.Status == DeliveryStatus.Pending && now.AttemptsBefore == record.Delivery.AttemptsBefore;
            state.Delivery = now with
            {
                Attempts = record.Attempt.Number,
                Url = record.Attempt.Url,
                Status = goesOn ? record.Status : now.Status,
                DueAt = goesOn ? UnixTime.Truncate(record.DueAt) : now.DueAt,
            };
        }

        Failing(now.EndpointId, UnixTime.Truncate(record.Attempt.At));
    }

    private void Failing(string? endpointId, DateTimeOffset? since)
    {
        if (endpointId is not null && _endpoints.TryGetValue(endpointId, out var endpoint) && (since is null || endpoint.IsEnabled))
        {
            _endpoints[endpointId] = endpoint with { FailingSince = since is null ? null : endpoint.FailingSince ?? since };
        }
    }

    private static TimeSpan WholeMilliseconds(TimeSpan span) => TimeSpan.FromMilliseconds((long)span.TotalMilliseconds);

    private sealed class OutboxState
    {
        public required TenantId Tenant { get; init; }

        public required OutboxMessage Message { get; init; }

        public DateTimeOffset? DueAt { get; set; }
    }

    private sealed class DeliveryState
    {
        public required WebhookDelivery Delivery { get; set; }

        public SortedDictionary<int, DeliveryAttempt> Attempts { get; } = [];
    }
}
