using Platform.Domain.ServiceLevels;

namespace Platform.Domain.Tests.ServiceLevels;

public sealed class ServiceLevelTests
{
    [Theory]
    [InlineData(1, "0.1", "0.1")]
    [InlineData(2, "0.1", "0.2")]
    [InlineData(19, "1.0", "1.9")]
    [InlineData(20, "1.0", "1.9")]
    [InlineData(100, "5.0", "9.5")]
    [InlineData(101, "5.1", "9.6")]
    public void Of_TimesFromOneTenthUp_GivesTheNearestRank(int count, string p50, string p95)
    {
        var ends = Enumerable.Range(1, count).Reverse().Select(i => End(completed: true, i, 1)).ToList();

        ServiceLevel.Of(ends).Should().Be(new ServiceLevel(1m, decimal.Parse(p50), decimal.Parse(p95)));
    }

    [Fact]
    public void Of_FailuresToo_CountInTheRateAndNotInTheTimes() => ServiceLevel.Of(
        [End(true, 50, 2), End(false, 9_000, 1), End(true, 70, 6), End(false, 1, 2)])
        .Should().Be(new ServiceLevel(0.7273m, 7m, 7m));

    [Fact]
    public void Of_FailuresOnly_HasNoTimes() => ServiceLevel.Of([End(false, 5, 3)]).Should().Be(new ServiceLevel(0m, null, null));

    [Fact]
    public void Of_Nothing_Throws() => FluentAct(() => ServiceLevel.Of([])).Should().Throw<ArgumentException>();

    private static Action FluentAct(Action act) => act;

    private static EndCount End(bool completed, long tenths, long count) => new("m", DateTimeOffset.UnixEpoch, completed, tenths, count);
}
