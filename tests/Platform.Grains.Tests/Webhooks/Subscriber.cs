using Platform.Domain.Tasks;
using Platform.Domain.Webhooks;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Webhooks;

/// <summary>A customer who wants to be told.</summary>
public sealed class Subscriber(ClusterFixture fixture, Customer customer)
{
    public Customer Customer => customer;

    private Platform.Storage.Memory.MemoryStore Store => fixture.World.Memory;

    /// <summary>A host of its own, so that tests that share the cluster do not meet.</summary>
    public string Host(string name) => $"{name}-{customer.Id.Value.Replace('_', '-')}.example";

    public async Task<WebhookEndpoint> AddEndpointAsync(string name, params string[] events)
    {
        var now = fixture.World.Time.GetUtcNow();
        var endpoint = new WebhookEndpoint
        {
            Id = WebhookEndpoint.IdPrefix + fixture.World.Next(12),
            Tenant = customer.Id,
            Version = 1,
            Url = $"https://{Host(name)}/hook",
            Events = [.. events],
            CreatedAt = now,
        };
        var secret = NewSecret.Make(customer.Id, endpoint.Id, fixture.World, fixture.World.Receivers, now);
        (await Store.AddEndpointAsync(endpoint, secret.Stored, WebhookEndpoint.MaxPerTenant, CancellationToken.None)).Should().BeTrue();
        return endpoint;
    }

    /// <summary>Accepts a task that completes.</summary>
    public async Task<TaskId> RunTaskAsync(string? callbackHost = null)
    {
        var command = customer.Command();
        return await customer.AcceptAsync(command with
        {
            Request = command.Request with { CallbackUrl = callbackHost is null ? null : $"https://{callbackHost}/done" },
        });
    }

    public Task<IReadOnlyList<LoggedDelivery>> LogAsync() =>
        Store.ListDeliveriesAsync(new() { Tenant = customer.Id, Limit = 100_000 }, CancellationToken.None);

    public async Task<WebhookEndpoint> FindAsync(WebhookEndpoint endpoint) =>
        (await Store.FindEndpointAsync(customer.Id, endpoint.Id, CancellationToken.None))!;

    /// <summary>Lets time pass until the log is as it should be.</summary>
    public async Task<IReadOnlyList<LoggedDelivery>> UntilAsync(Func<IReadOnlyList<LoggedDelivery>, bool> reached, TimeSpan? step = null)
    {
        IReadOnlyList<LoggedDelivery> log = [];
        await customer.UntilAsync(
            () =>
            {
                // The store is in memory: its answer is there.
                log = LogAsync().GetAwaiter().GetResult();
                return reached(log);
            },
            step,
            $"the log is {string.Join("; ", log.Select(d => $"{d.Delivery.Status} {d.Delivery.DueAt:T} after {d.Attempts.Count}"))}");
        return log;
    }
}
