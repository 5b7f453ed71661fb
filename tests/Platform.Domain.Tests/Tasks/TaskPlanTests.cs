using Platform.Domain.Tasks;
using static Platform.Domain.Tests.Tasks.TestTask;

namespace Platform.Domain.Tests.Tasks;

public sealed class TaskPlanTests
{
    private static readonly DateTimeOffset QueueDeadline = Start.AddHours(24);
    private static readonly DateTimeOffset GenerationDeadline = Start.AddHours(1);

    [Fact]
    public void Next_EachPhase_IsItsStep()
    {
        Next(In("Accepted"), Start).Should().Be(new TaskStep.CopyInputs());
        Next(In("Ready"), Start).Should().Be(new TaskStep.Submit(Start));
        Next(In("Submitting"), Start).Should().BeOfType<TaskStep.ClearDoubt>().Which.NotBefore.Should().Be(Start.AddSeconds(40));
        Next(In("InDoubt"), Start).Should().BeOfType<TaskStep.ClearDoubt>().Which.NotBefore.Should().Be(Start.AddSeconds(40));
        Next(In("Running"), Start).Should().BeOfType<TaskStep.Poll>().Which.UpstreamTaskId.Should().Be("job-a1");
        Next(In("Storing"), Start).Should().BeOfType<TaskStep.StoreOutput>().Which.Output.Should().Be(Output);
        Next(In("Ended"), Start).Should().Be(new TaskStep.Rest());
    }

    [Theory]
    [InlineData("Accepted")]
    [InlineData("Ready")]
    public void Next_CancelWantedAndNobodyWorksOnIt_EndsIt(string phase) =>
        Next(Given(In(phase), RequestCancel()), Start).Should().Be(
            new TaskStep.End(new TaskCommand.Cancel(UpstreamStopped: false) { Now = Start }));

    [Fact]
    public void Next_CancelWantedWhileRunning_StopsTheUpstreamWhereItCan()
    {
        var task = Given(In("Running"), RequestCancel());

        Next(task, Start).Should().BeOfType<TaskStep.StopUpstream>();
        TaskPlan.Next(task, _ => Capable with { CanCancel = false }, Start).Should().BeOfType<TaskStep.Poll>();
        TaskPlan.Next(task, _ => null, Start).Should().BeOfType<TaskStep.Poll>();
        Next(Given(task, RecordCancelDeclined("a1")), Start).Should().BeOfType<TaskStep.Poll>();
    }

    [Theory]
    [InlineData("Accepted")]
    [InlineData("Ready")]
    public void Next_QueueDeadlinePassed_FailsForLackOfCapacity(string phase)
    {
        Next(In(phase), QueueDeadline.AddTicks(-1)).Should().NotBeOfType<TaskStep.End>();
        ErrorOf(Next(In(phase), QueueDeadline)).Should().Be(TaskErrorCode.ResourceExhausted);
    }

    [Theory]
    [InlineData("Submitting")]
    [InlineData("InDoubt")]
    [InlineData("Running")]
    public void Next_GenerationDeadlinePassed_FailsForTime(string phase)
    {
        Next(In(phase), GenerationDeadline.AddTicks(-1)).Should().NotBeOfType<TaskStep.End>();
        ErrorOf(Next(In(phase), GenerationDeadline)).Should().Be(TaskErrorCode.GenerationTimeout);
    }

    [Fact]
    public void Next_ReadyAgainAfterTheGenerationDeadline_FailsForTime() =>
        ErrorOf(Next(Given(In("Running"), RecordAttemptFailed("a1")), GenerationDeadline)).Should().Be(TaskErrorCode.GenerationTimeout);

    [Fact]
    public void Next_AnHourOfRefusals_IsNoGenerationTimeout()
    {
        var refused = Given(In("Submitting"), RecordRefused("a1"));

        Next(refused, GenerationDeadline).Should().BeOfType<TaskStep.Submit>();
        ErrorOf(Next(refused, QueueDeadline)).Should().Be(TaskErrorCode.ResourceExhausted);
    }

    [Fact]
    public void Next_OutputThatIsThere_IsStoredLateButNotForEver()
    {
        Next(In("Storing"), GenerationDeadline.AddHours(24).AddTicks(-1)).Should().BeOfType<TaskStep.StoreOutput>();
        ErrorOf(Next(In("Storing"), GenerationDeadline.AddHours(24))).Should().Be(TaskErrorCode.GenerationTimeout);
    }

    [Fact]
    public void Next_UpstreamThatIsNoLongerConfigured_StillHasAStep()
    {
        foreach (var phase in TransitionTable.Phases)
        {
            var next = () => TaskPlan.Next(In(phase), _ => null, Start);
            next.Should().NotThrow();
        }
    }

    [Fact]
    public void Deadline_OfATaskThatHasEnded_IsNull() => TaskPlan.Deadline(In("Ended")).Should().BeNull();

    private static TaskStep Next(GenerationTask task, DateTimeOffset now) => TaskPlan.Next(task, _ => Capable, now);

    private static TaskErrorCode ErrorOf(TaskStep step) =>
        step.Should().BeOfType<TaskStep.End>().Which.Command.Should().BeOfType<TaskCommand.Fail>().Which.Error.Code;
}
