using System.Collections.Concurrent;
using CsCheck;

namespace Platform.Domain.Tests.Credits;

public sealed class AccountPropertyTests
{
    private const int Runs = 3_000;

    [Fact]
    public void Account_AnySteps_AgreesWithItsDouble() => AccountStep.Runs.Sample(
        steps => AccountRun.FirstViolation(AccountRules.Real, steps).Should().BeNull(),
        iter: Runs,
        print: steps => string.Join('\n', steps.Select(s => s.ToString())));

    /// <summary>A property that never meets a case proves nothing about it.</summary>
    [Theory]
    [InlineData("Grant done")]
    [InlineData("Grant invalid")]
    [InlineData("Grant lost")]
    [InlineData("Adjust done")]
    [InlineData("Adjust invalid")]
    [InlineData("Adjust insufficient")]
    [InlineData("Adjust lost")]
    [InlineData("Reserve done")]
    [InlineData("Reserve nothing")]
    [InlineData("Reserve invalid")]
    [InlineData("Reserve insufficient")]
    [InlineData("Reserve full")]
    [InlineData("Reserve lost")]
    [InlineData("Resolve done")]
    [InlineData("Resolve invalid")]
    [InlineData("Resolve no")]
    [InlineData("ExpireLots done")]
    [InlineData("ExpireLots nothing")]
    [InlineData("HoldSettled")]
    [InlineData("HoldReleased")]
    [InlineData("LotExpired")]
    [InlineData("late release")]
    [InlineData("TaskPromoted")]
    public void Steps_AcrossTheRuns_ReachEveryCase(string reached) => Reached.Value.GetValueOrDefault(reached).Should().BeGreaterThan(50);

    private static readonly Lazy<ConcurrentDictionary<string, int>> Reached = new(() =>
    {
        var reached = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        AccountStep.Runs.Sample(steps => AccountRun.FirstViolation(AccountRules.Real, steps, reached) is null, iter: 1_500);
        return reached;
    });
}
