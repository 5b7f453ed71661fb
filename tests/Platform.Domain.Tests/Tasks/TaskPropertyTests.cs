using System.Collections.Concurrent;
using CsCheck;

namespace Platform.Domain.Tests.Tasks;

public sealed class TaskPropertyTests
{
    private static readonly Lazy<ConcurrentDictionary<(string Phase, string Command), int>> Reached = new(() =>
    {
        var reached = new ConcurrentDictionary<(string Phase, string Command), int>();
        TaskRunStep.Runs.Sample(steps => TaskRun.FirstViolation(steps, clockMayGoBack: false, reached) is null, iter: 6_000);
        return reached;
    });

    [Fact]
    public void Task_AnyCommandsInAnyOrder_KeepsTheRules() => Check(clockMayGoBack: false);

    [Fact]
    public void Task_AnyCommandsWhileTheClockJumpsBack_KeepsTheRules() => Check(clockMayGoBack: true);

    /// <summary>A property that never meets a case proves nothing about it.</summary>
    [Fact]
    public void Commands_AcrossTheRuns_MeetEveryPhaseTenTimes()
    {
        var pairs = TransitionTable.Phases.SelectMany(p => TransitionTable.Commands.Select(c => (p, c)));

        pairs.Where(pair => Reached.Value.GetValueOrDefault(pair) < 10).Should().BeEmpty();
    }

    private static void Check(bool clockMayGoBack) => TaskRunStep.Runs.Sample(
        steps => TaskRun.FirstViolation(steps, clockMayGoBack).Should().BeNull(),
        iter: 3_000,
        print: steps => string.Join('\n', steps.Select(s => s.ToString())));
}
