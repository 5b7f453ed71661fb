using Orleans.Concurrency;

namespace Platform.Grains.Contracts;

/// <summary>
/// Delivers to one receiver: an endpoint of a tenant, or the origin of its callback URLs. Key: the lane,
/// <c>{tenant}/{receiver}</c>.
/// </summary>
[Alias("platform.webhook-endpoint")]
public interface IWebhookEndpointGrain : IGrainWithStringKey
{
    /// <summary>
    /// Looks in the store for what is due. Safe to lose and to repeat: a dispatcher finds by its due time what nobody was woken for.
    /// </summary>
    [Alias("Wake")]
    [OneWay]
    Task Wake();
}
