using System.Globalization;
using Platform.Domain.Webhooks;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Webhooks;

/// <summary>On a cluster of its own, for one of its silos dies.</summary>
public sealed class KilledSiloTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    // 10,000 tasks take minutes: WEBHOOK_TASKS=10000 in the environment; the test run has fewer.
    private static readonly int Tasks =
        int.TryParse(Environment.GetEnvironmentVariable("WEBHOOK_TASKS"), CultureInfo.InvariantCulture, out var count) ? count : 300;

    private const int Receivers = 20;

    [Fact]
    public async Task Kill_OneOfTwoSilosWhileTasksEndAndATenthOfReceiversHangs_EveryEventArrivesWithOneId()
    {
        fixture.Configure(o => (o.TasksInFlight, o.QueueLength) = (200, 20_000));
        var subscriber = new Subscriber(fixture, await Customer.NewAsync(fixture, 1_000_000m));
        for (var i = 0; i < Receivers / 10; i++)
        {
            fixture.World.Receivers.Hang(Receiver(i), TimeSpan.FromSeconds(10));
        }

        for (var i = 0; i < Tasks; i++)
        {
            await subscriber.RunTaskAsync(Receiver(i % Receivers));
        }

        // In the middle of it, with deliveries on their way.
        await subscriber.Customer.UntilAsync(() => Received().Count > Tasks / 5, TimeSpan.FromMilliseconds(100));
        await fixture.Cluster.KillSiloAsync(fixture.Cluster.Silos[1]);

        var healthy = Tasks - (Tasks / 10);
        await subscriber.Customer.UntilAsync(() => Received().Select(r => r.MessageId).Distinct(StringComparer.Ordinal).Count() == healthy);

        var log = await subscriber.LogAsync();
        log.Select(d => d.Delivery.TaskId).Should().OnlyHaveUniqueItems("each event has one delivery");
        Received().GroupBy(r => r.Body, StringComparer.Ordinal)
            .Should().OnlyContain(repeats => repeats.Select(r => r.MessageId).Distinct(StringComparer.Ordinal).Count() == 1);
        await fixture.World.AssertSoundAsync();

        string Receiver(int number) => subscriber.Host($"r{number}");

        List<Received> Received() =>
            [.. Enumerable.Range(Receivers / 10, Receivers - (Receivers / 10)).SelectMany(i => fixture.World.Receivers.At(Receiver(i)))];
    }
}
