using CsCheck;
using Platform.Domain.Webhooks;

namespace Platform.Domain.Tests.Webhooks;

public sealed class DeliveryScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<TimeSpan> AnyWait = Gen.Long[-1_000_000, 10_000_000_000].Select(TimeSpan.FromMilliseconds);

    private static readonly Gen<(DeliverySchedule Schedule, int Attempts, TimeSpan Late, TimeSpan? RetryAfter, double Jitter)> AnyTry =
        Gen.Select(
            Gen.Bool.Select(c => c ? DeliverySchedule.Callback : DeliverySchedule.Endpoint),
            Gen.Int[1, 12],
            Gen.Long[0, 200_000_000].Select(TimeSpan.FromMilliseconds),
            Gen.Select(Gen.Bool, AnyWait).Select((asked, wait) => asked ? wait : (TimeSpan?)null),
            Gen.Double[0, 0.999_999]);

    [Fact]
    public void Endpoint_EveryTryAtOnce_FollowsTheTableOfTheProduct()
    {
        TimeSpan[] expected =
        [
            TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
            TimeSpan.FromHours(10), TimeSpan.FromHours(24),
        ];
        var now = Noon;
        for (var attempts = 1; attempts <= expected.Length; attempts++)
        {
            var next = DeliverySchedule.Endpoint.Next(Noon, attempts, now, null, jitter: 0.9);

            next.Should().Be(Noon + expected[attempts - 1]);
            now = next!.Value;
        }

        DeliverySchedule.Endpoint.Next(Noon, 8, now, null, 0.5).Should().BeNull("eight tries are all");
    }

    [Theory]
    [InlineData(1, 0.0, 0.75)]
    [InlineData(1, 0.5, 1.0)]
    [InlineData(2, 0.5, 2.0)]
    [InlineData(3, 0.5, 4.0)]
    [InlineData(3, 0.0, 3.0)]
    public void Callback_Retries_PauseAndJitter(int attempts, double jitter, double seconds) =>
        DeliverySchedule.Callback.Next(Noon, attempts, Noon.AddHours(1), null, jitter).Should().Be(Noon.AddHours(1).AddSeconds(seconds));

    [Fact]
    public void Callback_FourTries_AreAll() => DeliverySchedule.Callback.Next(Noon, 4, Noon, null, 0).Should().BeNull();

    [Theory]
    [InlineData(30, 30)]
    [InlineData(1, 5)]
    [InlineData(999_999, 3600)]
    public void Endpoint_RetryAfter_IsHonouredWithinItsBound(int asked, int seconds) =>
        DeliverySchedule.Endpoint.Next(Noon, 1, Noon, TimeSpan.FromSeconds(asked), 0).Should().Be(Noon.AddSeconds(seconds));

    [Fact]
    public void Next_Anything_IsLaterThanNowAndBounded() => AnyTry.Sample(t =>
    {
        var now = Noon + t.Late;
        var next = t.Schedule.Next(Noon, t.Attempts, now, t.RetryAfter, t.Jitter);
        if (t.Attempts >= t.Schedule.MaxAttempts)
        {
            return next is null;
        }

        // Never at once, never more than the longest pause of the table and of a bounded wish away.
        return next > now && next <= now + TimeSpan.FromHours(24) + t.Schedule.MostRetryAfter;
    });

    [Fact]
    public void Next_RetryAfter_NeverMakesItSooner() => AnyTry.Sample(t =>
    {
        var now = Noon + t.Late;
        var asked = t.Schedule.Next(Noon, t.Attempts, now, t.RetryAfter, t.Jitter);
        var free = t.Schedule.Next(Noon, t.Attempts, now, null, t.Jitter);
        return (asked is null) == (free is null) && (asked is null || asked >= free);
    });

    [Fact]
    public void Next_UntilTheEnd_GivesExactlyTheTriesOfTheTable() => AnyTry.Sample(t =>
    {
        var attempts = 1;
        var at = Noon;
        while (t.Schedule.Next(Noon, attempts, at, t.RetryAfter, t.Jitter) is { } next)
        {
            at = next;
            attempts++;
        }

        return attempts == t.Schedule.MaxAttempts;
    });
}
