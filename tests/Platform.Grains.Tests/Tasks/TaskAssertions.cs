using AwesomeAssertions.Primitives;
using Platform.Domain.Tasks;

namespace Platform.Grains.Tests.Tasks;

internal static class TaskAssertions
{
    public static void HaveFailedWith(this ObjectAssertions task, TaskErrorCode code) =>
        task.Subject.Should().BeOfType<GenerationTask>().Which.Phase.Should().BeOfType<TaskPhase.Ended>()
            .Which.Outcome.Should().BeOfType<TaskOutcome.Failed>().Which.Error.Code.Should().Be(code);
}
