using CsCheck;
using Platform.Domain.Tenants;
using Platform.Domain.Webhooks;

namespace Platform.Domain.Tests.Webhooks;

public sealed class FanOutTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TenantId Ann = new("ten_ann");

    private static readonly WebhookMessage Message = new()
    {
        Id = "msg_1",
        Tenant = Ann,
        EventType = WebhookEvents.TaskFailed,
        Body = "{}",
        CreatedAt = Noon,
    };

    [Fact]
    public void Plan_Filters_TellsWhoWantsIt()
    {
        WebhookEndpoint[] endpoints =
        [
            Endpoint("we_all"),
            Endpoint("we_failed") with { Events = [WebhookEvents.TaskCompleted, WebhookEvents.TaskFailed] },
            Endpoint("we_completed") with { Events = [WebhookEvents.TaskCompleted] },
            Endpoint("we_off") with { DisabledReason = EndpointDisabledReason.ByTenant },
            Endpoint("we_bob") with { Tenant = new("ten_bob") },
        ];

        var planned = FanOut.Plan(Message, "https://hooks.example:8443/done?x=1", endpoints, Noon.AddSeconds(1));

        planned.Select(d => d.EndpointId).Should().Equal(null, "we_all", "we_failed");
        planned.Select(d => d.Url).Should().Equal("https://hooks.example:8443/done?x=1", "https://we_all.example/", "https://we_failed.example/");
        planned.Should().OnlyContain(d => d.DueAt == Noon.AddSeconds(1) && d.ScheduledFrom == Noon && d.Status == DeliveryStatus.Pending);
    }

    [Fact]
    public void Plan_Repeated_MakesTheSameDeliveriesAndNoTwoOfOneId() => Gen.Int[0, 10].Sample(count =>
    {
        var endpoints = Enumerable.Range(0, count).Select(i => Endpoint($"we_{i}")).ToList();
        var first = FanOut.Plan(Message, "https://a.example/", endpoints, Noon);
        var again = FanOut.Plan(Message, "https://a.example/", endpoints, Noon.AddDays(1));
        return first.Select(d => d.Id).SequenceEqual(again.Select(d => d.Id), StringComparer.Ordinal)
            && first.Select(d => d.Id).Distinct(StringComparer.Ordinal).Count() == count + 1;
    });

    [Theory]
    [InlineData("https://a.example/x", "https://a.example/y?z=1", true)]
    [InlineData("https://a.example/x", "https://A.EXAMPLE:443/x", true)]
    [InlineData("https://a.example/x", "https://a.example:8443/x", false)]
    [InlineData("https://a.example/x", "https://b.example/x", false)]
    [InlineData("https://a.example/x", "http://a.example/x", false)]
    public void Lane_OfCallbacks_IsOnePerOrigin(string first, string second, bool same) =>
        (DeliveryLane.OfCallback(Ann, first) == DeliveryLane.OfCallback(Ann, second)).Should().Be(same);

    [Fact]
    public void Lane_Always_NamesItsTenantAndItsEndpoint()
    {
        var endpoint = DeliveryLane.OfEndpoint(Ann, "we_1");
        var callback = DeliveryLane.OfCallback(Ann, "https://a.example/");

        DeliveryLane.TenantOf(endpoint).Should().Be(Ann);
        DeliveryLane.TenantOf(callback).Should().Be(Ann);
        DeliveryLane.EndpointOf(endpoint).Should().Be("we_1");
        DeliveryLane.EndpointOf(callback).Should().BeNull();
        callback.Should().NotBe(DeliveryLane.OfCallback(new("ten_bob"), "https://a.example/"));
    }

    private static WebhookEndpoint Endpoint(string id) =>
        new() { Id = id, Tenant = Ann, Version = 1, Url = $"https://{id}.example/", CreatedAt = Noon };
}
