using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Storage.Memory;

public partial class MemoryStore : IWebhookLog
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<LoggedDelivery>> ListDeliveriesAsync(DeliveryQuery query, CancellationToken cancellationToken) =>
        WithLock<IReadOnlyList<LoggedDelivery>>(
            () =>
            [
                .. _deliveries.Where(d => Matches(d.Delivery, query))
                    .OrderByDescending(d => d.Delivery.CreatedAt)
                    .ThenByDescending(d => d.Delivery.Id, StringComparer.Ordinal)
                    .Take(query.Limit)
                    .Select(Logged),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public Task<LoggedDelivery?> FindDeliveryAsync(TenantId tenant, string id, CancellationToken cancellationToken) =>
        WithLock(
            () => _deliveriesById.TryGetValue(id, out var state) && state.Delivery.Tenant == tenant ? Logged(state) : null, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RedeliverAsync(TenantId tenant, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithLock(
            () => _deliveriesById.TryGetValue(id, out var state) && state.Delivery.Tenant == tenant && BeginAnew(state, now), cancellationToken);

    /// <inheritdoc/>
    public Task<int> RedeliverSinceAsync(
        TenantId tenant, string endpointId, DateTimeOffset since, bool alsoSucceeded, DateTimeOffset now, CancellationToken cancellationToken) =>
        WithLock(
            () => _deliveries
                .Where(d => d.Delivery.Tenant == tenant
                    && string.Equals(d.Delivery.EndpointId, endpointId, StringComparison.Ordinal)
                    && d.Delivery.CreatedAt >= UnixTime.Truncate(since)
                    && (alsoSucceeded || d.Delivery.Status != DeliveryStatus.Succeeded))
                .Count(d => BeginAnew(d, now)),
            cancellationToken);

    private static LoggedDelivery Logged(DeliveryState state) => new(state.Delivery, [.. state.Attempts.Values]);

    private static bool Matches(WebhookDelivery delivery, DeliveryQuery query) =>
        delivery.Tenant == query.Tenant
        && (query.After is not { } after || IsBehind(delivery, after))
        && (query.EndpointId is null || string.Equals(delivery.EndpointId, query.EndpointId, StringComparison.Ordinal))
        && (!query.CallbacksOnly || delivery.EndpointId is null)
        && (query.TaskId is null || delivery.TaskId == query.TaskId)
        && (query.Status is null || delivery.Status == query.Status)
        && (query.EventType is null || string.Equals(delivery.EventType, query.EventType, StringComparison.Ordinal))
        && (query.From is not { } from || delivery.CreatedAt >= UnixTime.Truncate(from))
        && (query.To is not { } to || delivery.CreatedAt < UnixTime.Truncate(to));

    private static bool IsBehind(WebhookDelivery delivery, DeliveryCursor after)
    {
        var byTime = delivery.CreatedAt.CompareTo(UnixTime.Truncate(after.CreatedAt));
        return byTime < 0 || (byTime == 0 && string.CompareOrdinal(delivery.Id, after.Id) < 0);
    }

    private bool BeginAnew(DeliveryState state, DateTimeOffset now)
    {
        var delivery = state.Delivery;
        if (delivery.EndpointId is { } endpoint && (!_endpoints.TryGetValue(endpoint, out var known) || !known.IsEnabled))
        {
            return false;
        }

        var waits = delivery.Status == DeliveryStatus.Pending;
        state.Delivery = delivery with
        {
            Status = DeliveryStatus.Pending,
            DueAt = UnixTime.Truncate(now),
            ScheduledFrom = waits ? delivery.ScheduledFrom : UnixTime.Truncate(now),
            AttemptsBefore = waits ? delivery.AttemptsBefore : delivery.Attempts,
        };
        return true;
    }
}
