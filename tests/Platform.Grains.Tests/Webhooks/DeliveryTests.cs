using System.Text;
using Platform.Domain.Tasks;
using Platform.Domain.Webhooks;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Webhooks;

[Collection(SharedCluster.Name)]
public sealed class DeliveryTests(ClusterFixture fixture) : GrainTest(fixture)
{
    [Fact]
    public async Task EndedTask_CallbackAndEndpoints_AllAreToldOfTheSameWithTheirOwnSignature()
    {
        var subscriber = await SubscribeAsync();
        var endpoint = await subscriber.AddEndpointAsync("all");
        await subscriber.AddEndpointAsync("failures", WebhookEvents.TaskFailed);

        var task = await subscriber.RunTaskAsync(subscriber.Host("cb"));
        var log = await subscriber.UntilAsync(l => l.Count == 2 && l.All(d => d.Delivery.Status == DeliveryStatus.Succeeded));

        var callback = World.Receivers.At(subscriber.Host("cb")).Should().ContainSingle().Subject;
        var hook = World.Receivers.At(subscriber.Host("all")).Should().ContainSingle().Subject;
        World.Receivers.At(subscriber.Host("failures")).Should().BeEmpty();
        callback.Url.Should().Be($"https://{subscriber.Host("cb")}/done");
        callback.Body.Should().Be($$"""{"id":"{{task}}","status":"Completed"}""").And.Be(hook.Body);
        callback.MessageId.Should().StartWith("msg_").And.Be(hook.MessageId);
        await ShouldBeSignedAsync(subscriber, callback, WebhookSecret.OfCallbacks);
        await ShouldBeSignedAsync(subscriber, hook, endpoint.Id);
        log.Should().OnlyContain(d => d.Attempts.Count == 1 && d.Delivery.TaskId == task);
    }

    [Fact]
    public async Task Callback_ReceiverThatFails_IsTriedFourTimesAfter1And2And4Seconds()
    {
        var subscriber = await SubscribeAsync();
        World.Receivers.On(subscriber.Host("cb"), _ => FakeReceivers.Answer(500));

        await subscriber.RunTaskAsync(subscriber.Host("cb"));
        var logged = await subscriber.UntilAsync(l => l is [{ Delivery.Status: DeliveryStatus.Failed }], TimeSpan.FromMilliseconds(250));

        var pauses = Pauses(logged[0]);
        pauses.Should().HaveCount(3);
        Array.TrueForAll([.. pauses.Zip([1, 2, 4])], p => p.First >= TimeSpan.FromSeconds(p.Second * 0.75) && p.First <= TimeSpan.FromSeconds((p.Second * 1.25) + 2))
            .Should().BeTrue($"it was {string.Join(", ", pauses)}");
        World.Receivers.At(subscriber.Host("cb")).Select(r => r.MessageId).Distinct(StringComparer.Ordinal).Should().ContainSingle();
        World.Receivers.At(subscriber.Host("cb")).Select(r => r.Body).Distinct(StringComparer.Ordinal).Should().ContainSingle();
    }

    [Fact]
    public async Task Endpoint_ReceiverThatFails_IsTriedAtTheTimesOfTheTable()
    {
        var subscriber = await SubscribeAsync();
        await subscriber.AddEndpointAsync("down");
        World.Receivers.On(subscriber.Host("down"), _ => FakeReceivers.Answer(302));

        await subscriber.RunTaskAsync();
        var started = (await subscriber.UntilAsync(l => l is [{ Attempts.Count: 1 }]))[0].Delivery.ScheduledFrom;
        TimeSpan[] expected =
        [
            TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
            TimeSpan.FromHours(10), TimeSpan.FromHours(24),
        ];
        IReadOnlyList<LoggedDelivery> log = [];
        for (var i = 0; i < expected.Length; i++)
        {
            var due = started + expected[i];
            (await subscriber.LogAsync())[0].Delivery.DueAt.Should().Be(due);
            World.Time.Advance(due - World.Time.GetUtcNow() - TimeSpan.FromMilliseconds(1));
            log = await subscriber.UntilAsync(l => l[0].Attempts.Count == i + 2, TimeSpan.FromMilliseconds(500));
            (log[0].Attempts[^1].At - due).Should().BeGreaterThanOrEqualTo(TimeSpan.Zero).And.BeLessThan(TimeSpan.FromSeconds(20));
        }

        log[0].Delivery.Status.Should().Be(DeliveryStatus.Failed);
        log[0].Attempts.Should().HaveCount(8);
    }

    [Fact]
    public async Task RetryAfter_Asked_IsHonoured()
    {
        var subscriber = await SubscribeAsync();
        World.Receivers.On(
            subscriber.Host("cb"), n => n == 1 ? FakeReceivers.Answer(429) with { RetryAfter = TimeSpan.FromSeconds(20) } : FakeReceivers.Ok);

        await subscriber.RunTaskAsync(subscriber.Host("cb"));
        var log = await subscriber.UntilAsync(l => l is [{ Delivery.Status: DeliveryStatus.Succeeded }]);

        Pauses(log[0])[0].Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Receiver_ThatHangs_DelaysNobodyElse()
    {
        var subscriber = await SubscribeAsync();
        await subscriber.AddEndpointAsync("hangs");
        World.Receivers.Hang(subscriber.Host("hangs"), TimeSpan.FromHours(9));
        World.Receivers.Hang(subscriber.Host("cb-hangs"), TimeSpan.FromHours(9));

        for (var i = 0; i < 25; i++)
        {
            await subscriber.RunTaskAsync(subscriber.Host(i % 5 == 0 ? "cb-hangs" : $"cb-{i % 5}"));
        }

        // Nothing but the times of tasks pass: far less than what the hanging ones wait for.
        var log = await subscriber.UntilAsync(l => l.Count(d => d.Delivery.Status == DeliveryStatus.Succeeded) == 20);
        log.Should().HaveCount(50);
        World.Receivers.At(subscriber.Host("hangs")).Count.Should().BeLessThanOrEqualTo(16, "that is the bound of one receiver");
    }

    [Fact]
    public async Task Endpoint_ThatIsGone_IsDisabledAndItsTenantIsTold()
    {
        var subscriber = await SubscribeAsync();
        var gone = await subscriber.AddEndpointAsync("gone");
        await subscriber.AddEndpointAsync("other", WebhookEvents.EndpointDisabled);
        World.Receivers.On(subscriber.Host("gone"), _ => FakeReceivers.Answer(410));

        await subscriber.RunTaskAsync();
        await subscriber.UntilAsync(l => l.Any(d => d.Delivery is { EventType: WebhookEvents.EndpointDisabled, Status: DeliveryStatus.Succeeded }));

        (await subscriber.FindAsync(gone)).DisabledReason.Should().Be(EndpointDisabledReason.Gone);
        World.Receivers.At(subscriber.Host("gone")).Should().ContainSingle();
        World.Receivers.At(subscriber.Host("other")).Should().ContainSingle()
            .Which.Body.Should().Be($$"""{"id":"{{gone.Id}}","reason":"Gone"}""");
    }

    [Fact]
    public async Task Endpoint_ThatFailsForDays_IsDisabledAndItsTenantIsTold()
    {
        var subscriber = await SubscribeAsync();
        var failing = await subscriber.AddEndpointAsync("failing");
        await subscriber.AddEndpointAsync("other", WebhookEvents.EndpointDisabled);
        World.Receivers.On(subscriber.Host("failing"), _ => FakeReceivers.Answer(500));
        await subscriber.RunTaskAsync();
        await subscriber.UntilAsync(l => l is [{ Attempts.Count: 1 }]);
        World.Time.Advance(TimeSpan.FromDays(3));

        await subscriber.UntilAsync(l => l.Any(d => d.Delivery is { EventType: WebhookEvents.EndpointDisabled, Status: DeliveryStatus.Succeeded }));

        (await subscriber.FindAsync(failing)).DisabledReason.Should().Be(EndpointDisabledReason.Failing);
        (await subscriber.LogAsync()).Should().Contain(d => d.Delivery.EndpointId == failing.Id && d.Delivery.Status == DeliveryStatus.Discarded);
    }

    [Fact]
    public async Task Secret_RotatedInTheMiddleOfAStream_SignsByBothUntilTheOverlapEnds()
    {
        var subscriber = await SubscribeAsync();
        var endpoint = await subscriber.AddEndpointAsync("hook");
        var old = await KeysAsync(subscriber, endpoint.Id);
        await RunAsync(5);
        var now = World.Time.GetUtcNow();
        var rotated = NewSecret.Make(subscriber.Customer.Id, endpoint.Id, World, World.Receivers, now);
        await World.Memory.RotateSecretAsync(rotated.Stored, now.AddHours(24), CancellationToken.None);
        var newKey = WebhookSecret.KeyOf(rotated.Text);
        await RunAsync(5);
        World.Time.Advance(TimeSpan.FromHours(25));
        await RunAsync(5);

        var received = World.Receivers.At(subscriber.Host("hook"));
        received.Should().HaveCount(15);
        received.Take(10).Should().OnlyContain(r => IsSignedBy(r, old[0]));
        received.Skip(5).Should().OnlyContain(r => IsSignedBy(r, newKey));
        received.Skip(10).Should().OnlyContain(r => !IsSignedBy(r, old[0]), "its overlap is over");

        async Task RunAsync(int count)
        {
            var before = World.Receivers.At(subscriber.Host("hook")).Count;
            for (var i = 0; i < count; i++)
            {
                await subscriber.RunTaskAsync();
            }

            await subscriber.UntilAsync(l => l.Count(d => d.Delivery.Status == DeliveryStatus.Succeeded) == before + count);
        }
    }

    private static IReadOnlyList<TimeSpan> Pauses(LoggedDelivery logged) =>
        [.. logged.Attempts.Zip(logged.Attempts.Skip(1), (a, b) => b.At - a.At)];

    private static bool IsSignedBy(Received received, byte[] key)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(received.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture));
        var expected = WebhookSignature.Sign([key], received.MessageId, at, Encoding.UTF8.GetBytes(received.Body));
        return received.Headers["webhook-signature"].Split(' ').Contains(expected, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<byte[]>> KeysAsync(Subscriber subscriber, string owner)
    {
        var secrets = await World.Memory.ListSecretsAsync(subscriber.Customer.Id, owner, World.Time.GetUtcNow(), CancellationToken.None);
        return [.. secrets.Select(s => WebhookSecret.KeyOf(((Domain.Secrets.ISecretBox)World.Receivers).Unprotect(WebhookSecret.Purpose, s.Sealed)))];
    }

    private async Task ShouldBeSignedAsync(Subscriber subscriber, Received received, string owner)
    {
        var keys = await KeysAsync(subscriber, owner);
        keys.Should().ContainSingle();
        IsSignedBy(received, keys[0]).Should().BeTrue();
    }

    private async Task<Subscriber> SubscribeAsync() => new(Fixture, await NewCustomerAsync(100_000m));
}
