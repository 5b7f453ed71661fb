using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using static Platform.Domain.Tests.Tasks.TestTask;

namespace Platform.Domain.Tests.Tasks;

/// <summary>Given a task somewhere, when a command comes, then this follows.</summary>
public sealed class TaskTests
{
    private static readonly DateTimeOffset Later = Start.AddMinutes(1);

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var phase in TransitionTable.Phases)
            {
                foreach (var command in TransitionTable.Commands)
                {
                    pairs.Add(phase, command);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Decide_EachPhaseAndCommand_FollowsTheTable(string phase, string command)
    {
        var task = In(phase);

        var outcome = TransitionTable.Outcome(task, Command(command, "a1"), out var after);

        outcome.Should().Be(TransitionTable.Next(phase, command));
        after.Version.Should().Be(task.Version + (outcome is "-" or "!" or "E" ? 0 : 1));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Decide_AnswerToAnotherAttempt_ChangesNothing(string phase, string command)
    {
        if (!command.StartsWith("Record", StringComparison.Ordinal) || command == "RecordInputs")
        {
            return;
        }

        var task = In(phase);

        TransitionTable.Outcome(task, Command(command, "a9"), out var after).Should().Be("-");
        after.Should().BeSameAs(task);
    }

    [Theory]
    [InlineData("RecordAccepted")]
    [InlineData("RecordRefused")]
    [InlineData("RecordUnclear")]
    [InlineData("RecordNotFound")]
    [InlineData("RecordOutput")]
    [InlineData("RecordAttemptFailed")]
    [InlineData("RecordCancelDeclined")]
    public void Decide_AnswerToAnAttemptThatIsOver_DoesNotTouchTheNext(string command)
    {
        foreach (var next in new[] { RecordUnclear("a2"), RecordAccepted("a2"), RecordOutput("a2"), null })
        {
            var task = Given(In("Submitting"), RecordRefused("a1"), StartAttempt("a2"));
            task = next is null ? task : Given(task, next);

            TransitionTable.Outcome(task, Command(command, "a1"), out _).Should().Be("-");
        }
    }

    [Fact]
    public void StartAttempt_WithTheIdOfAnEarlierOne_ChangesNothing() =>
        TransitionTable.Outcome(Given(In("Submitting"), RecordRefused("a1")), StartAttempt("a1"), out _).Should().Be("-");

    [Theory]
    [InlineData("Submitting")]
    [InlineData("InDoubt")]
    [InlineData("Running")]
    [InlineData("Storing")]
    public void StartAttempt_Repeated_ChangesNothing(string phase) =>
        TransitionTable.Outcome(In(phase), StartAttempt("a1"), out _).Should().Be("-");

    [Fact]
    public void StartAttempt_AfterACancelRequest_IsOutOfPlace() =>
        TransitionTable.Outcome(Given(In("Ready"), RequestCancel()), StartAttempt("a1"), out _).Should().Be("!");

    [Fact]
    public void StartAttempt_AfterOneThatWasTaken_KeepsTheGenerationDeadline()
    {
        var task = Given(
            In("Ready"), StartAttempt("a1", Later), RecordAccepted("a1", Later), RecordAttemptFailed("a1", Later), StartAttempt("a2", Later.AddMinutes(5)));

        task.GenerationDeadline.Should().Be(Later.AddHours(1));
        Given(task, RecordRefused("a2", Later.AddMinutes(6))).GenerationDeadline.Should().Be(Later.AddHours(1));
        task.Attempts.Select(a => a.StartedAt).Should().Equal(Later, Later.AddMinutes(5));
    }

    [Fact]
    public void RecordRefused_NoneWasEverTaken_LiftsTheGenerationDeadline()
    {
        var refused = Given(In("Ready"), StartAttempt("a1", Later), RecordRefused("a1", Later));

        refused.GenerationDeadline.Should().BeNull("what everybody was too busy for was not submitted");
        Given(refused, StartAttempt("a2", Later.AddMinutes(5))).GenerationDeadline.Should().Be(Later.AddMinutes(65));
    }

    [Fact]
    public void RecordNotFound_BeforeTheSendByTime_ProvesNothing()
    {
        // The request may still be on its way; sent again it would be made twice.
        TransitionTable.Outcome(In("InDoubt"), RecordNotFound("a1", Start.AddSeconds(10).AddTicks(-1)), out _).Should().Be("-");
        TransitionTable.Outcome(In("Submitting"), RecordNotFound("a1", Start.AddSeconds(10).AddTicks(-1)), out _).Should().Be("-");
    }

    [Fact]
    public void RecordNotFound_Twice_ResendsOnce()
    {
        var task = Given(In("InDoubt"), RecordNotFound("a1", Later));

        task.CurrentAttempt.Should().BeEquivalentTo(new { Id = "a1", Sends = 2, SendBy = Later.AddSeconds(10) });
        TransitionTable.Outcome(task, RecordNotFound("a1", Later), out _).Should().Be("-");
        TransitionTable.Outcome(Given(task, RecordUnclear("a1", Later)), RecordNotFound("a1", Later), out _).Should().Be("-");
    }

    [Fact]
    public void RecordNotFound_AfterTheSiloDiedWhileSubmitting_Resends()
    {
        // The plan says to clear the doubt, so the answer has to count.
        var task = In("Submitting");
        var step = TaskPlan.Next(task, _ => Capable, Later).Should().BeOfType<TaskStep.ClearDoubt>().Subject;

        TransitionTable.Outcome(task, RecordNotFound("a1", step.NotBefore), out var after).Should().Be("Submitting");
        after.CurrentAttempt!.Sends.Should().Be(2);
    }

    [Theory]
    [InlineData("InDoubt")]
    [InlineData("Submitting")]
    public void RecordNotFound_AfterACancelRequest_SendsNothingMoreAndLetsTheTaskEnd(string phase)
    {
        var task = Given(In(phase), RequestCancel(), RecordNotFound("a1", Later));

        task.CurrentAttempt.Should().BeNull();
        task.Attempts[0].Ending.Should().Be(AttemptEnding.Refused);
        TaskPlan.Next(task, _ => Capable, Later).Should().BeOfType<TaskStep.End>().Which.Command.Should().BeOfType<TaskCommand.Cancel>();
    }

    [Fact]
    public void RequestCancel_Twice_ChangesNothing() =>
        TransitionTable.Outcome(Given(In("Running"), RequestCancel()), RequestCancel(), out _).Should().Be("-");

    [Fact]
    public void RecordCancelDeclined_Twice_ChangesNothing() =>
        TransitionTable.Outcome(Given(In("Running"), RequestCancel(), RecordCancelDeclined("a1")), RecordCancelDeclined("a1"), out _).Should().Be("-");

    [Fact]
    public void Complete_AfterACancelRequest_Stands()
    {
        var task = Given(In("Running"), RequestCancel(), RecordOutput("a1"), Complete());

        task.Status.Should().Be(GenerationStatus.Completed);
        TransitionTable.Outcome(task, Cancel(upstreamStopped: true), out _).Should().Be("E");
    }

    [Theory]
    [InlineData(5.0, 5, "40.824")]
    [InlineData(3.4, 3, "24.4944")]
    [InlineData(0.2, 1, "8.1648")]
    [InlineData(99.0, 5, "40.824")]
    [InlineData(null, 1, "8.1648")]
    public void Complete_OutputOfSomeLength_BillsItsSecondsUpToTheReserved(double? seconds, int billed, string credits)
    {
        var task = Given(In("Storing"), Complete(seconds: (decimal?)seconds));

        var completed = ((TaskPhase.Ended)task.Phase).Outcome.Should().BeOfType<TaskOutcome.Completed>().Subject;
        completed.BilledSeconds.Should().Be(billed);
        completed.CreditsUsed.ToString().Should().Be(credits);
        task.Attempts[0].Ending.Should().Be(AttemptEnding.Succeeded);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Complete_LessWasReservedThanThePriceAsks_UsesWhatWasReserved(int reserved)
    {
        // Otherwise the account would refuse the settlement, and the task could never end.
        var task = Given(In("Storing") with { CreditsReserved = CreditAmount.From(reserved) }, Complete());

        ((TaskPhase.Ended)task.Phase).Outcome.Should().BeOfType<TaskOutcome.Completed>().Which.CreditsUsed.Value.Should().Be(reserved);
    }

    [Fact]
    public void RecordOutput_AfterTheTaskWasAbandoned_IsKeptOnceAndChangesNoEnd()
    {
        var ended = Given(In("Running"), Fail(Later));

        var late = Given(ended, RecordOutput("a1", Later.AddHours(1)));

        late.Should().BeEquivalentTo(new { ended.Status, ended.EndedAt, Version = ended.Version + 1 });
        late.Phase.Should().Be(ended.Phase);
        late.Attempts[0].Ending.Should().Be(AttemptEnding.Succeeded);
        TransitionTable.Outcome(late, RecordOutput("a1"), out _).Should().Be("-");
    }

    [Fact]
    public void RecordOutput_AfterTheUpstreamSaidItStopped_IsKeptAndNotBilled()
    {
        var late = Given(In("Running"), RequestCancel(), Cancel(upstreamStopped: true), RecordOutput("a1", Later));

        late.Status.Should().Be(GenerationStatus.Cancelled);
        late.Attempts[0].Ending.Should().Be(AttemptEnding.Succeeded);
    }

    [Fact]
    public void EraseMedia_OfATaskThatHasEnded_IsKeptOnceAndChangesNoEnd()
    {
        var ended = Given(In("Storing"), Complete(Later));

        var erased = Given(ended, EraseMedia(Later.AddHours(1)));

        erased.Should().BeEquivalentTo(
            new { ended.Status, ended.EndedAt, Version = ended.Version + 1, MediaDeletedAt = Later.AddHours(1) });
        erased.Phase.Should().Be(ended.Phase);
        TransitionTable.Outcome(erased, EraseMedia(Later.AddHours(2)), out _).Should().Be("-");
    }

    [Fact]
    public void MediaKeys_OfAnyTask_AreThoseOfBothInputsAndTheResult() => In("Accepted").MediaKeys.Should().Equal(
        "inputs/ten_x/task-unified-1/image", "inputs/ten_x/task-unified-1/video", "results/ten_x/task-unified-1/0.mp4");

    [Fact]
    public void RecordOutput_OfACompletedTask_ChangesNothing() =>
        TransitionTable.Outcome(Given(In("Storing"), Complete()), RecordOutput("a1"), out _).Should().Be("-");

    [Fact]
    public void Cancel_WhileAnUpstreamMayHaveIt_NeedsTheUpstreamToStop()
    {
        TransitionTable.Outcome(Given(In("Running"), RequestCancel()), Cancel(upstreamStopped: false), out _).Should().Be("!");
        var stopped = Given(In("Running"), RequestCancel(), Cancel(upstreamStopped: true));
        stopped.Status.Should().Be(GenerationStatus.Cancelled);
        stopped.Attempts[0].Ending.Should().Be(AttemptEnding.Cancelled);
    }

    [Fact]
    public void Fail_WithAnOpenAttempt_AbandonsIt() => In("Ended").Attempts[0].Should().BeEquivalentTo(
        new { Ending = AttemptEnding.Abandoned, EndedAt = Start });

    [Theory]
    [InlineData("Submitting", AttemptEnding.Refused)]
    [InlineData("Running", AttemptEnding.Failed)]
    public void Fail_ForWhatTheUpstreamSaid_EndsTheAttemptForSure(string phase, AttemptEnding ending) =>
        Given(In(phase), new TaskCommand.Fail(Error, Fault) { Now = Start }).Attempts[0].Ending.Should().Be(ending);

    [Fact]
    public void RecordNoOutput_OfAnAttemptThatWasGivenUp_EndsItAndChangesNoEnd()
    {
        var ended = In("Ended");

        var cleared = Given(ended, RecordNoOutput("a1", Later));

        cleared.Phase.Should().Be(ended.Phase);
        cleared.Attempts[0].Should().BeEquivalentTo(new { Ending = AttemptEnding.Failed, EndedAt = Later, CostUsd = (decimal?)null });
        TransitionTable.Outcome(cleared, RecordNoOutput("a1", Later), out _).Should().Be("-");
    }

    [Theory]
    [InlineData("Submitting", true)]
    [InlineData("InDoubt", true)]
    [InlineData("Running", true)]
    [InlineData("Storing", false)]
    [InlineData("Ended", false)]
    public void OccupiedSlot_EachPhase_IsHeldWhileTheUpstreamMayWork(string phase, bool held)
    {
        var task = In(phase);
        var inSlot = task with { Attempts = [.. task.Attempts.Select(a => a with { Slot = 3 })] };

        inSlot.OccupiedSlot.Should().Be(held ? new Domain.Routing.SlotClaim("up/acc", 3) : null);
        task.OccupiedSlot.Should().BeNull("its account has no limit");
    }

    [Fact]
    public void RecordAttemptFailed_FromStoring_LetsAnotherRouteTry()
    {
        var task = Given(In("Storing"), RecordAttemptFailed("a1", Later), StartAttempt("a2", Later));

        task.Attempts.Select(a => a.Ending).Should().Equal(AttemptEnding.Failed, null);
        task.Attempts[0].Error.Should().Be(TaskErrorCode.ServiceError);
    }

    [Fact]
    public void Apply_SeveralEvents_IsOneVersion()
    {
        var task = In("Running");

        TaskDecider.Apply(task, [new TaskEvent.CancelRequested { At = Start }, new TaskEvent.CancelDeclined("a1", Fault) { At = Start }])
            .Version.Should().Be(task.Version + 1);
        TaskDecider.Apply(task, []).Should().BeSameAs(task);
    }

    [Fact]
    public void Status_AfterAnAttemptWasRefused_StaysProcessing() =>
        Given(In("Submitting"), RecordRefused("a1")).Status.Should().Be(GenerationStatus.Processing);

    [Fact]
    public void Status_UntilAnUpstreamIsAsked_IsPending()
    {
        In("Accepted").Status.Should().Be(GenerationStatus.Pending);
        In("Ready").Status.Should().Be(GenerationStatus.Pending);
        In("Submitting").Status.Should().Be(GenerationStatus.Processing);
    }

    [Theory]
    [InlineData("Accepted", 0)]
    [InlineData("Ready", 5)]
    [InlineData("Submitting", 10)]
    [InlineData("Storing", 95)]
    [InlineData("Ended", 10)]
    public void Progress_EachPhaseAtItsStart_IsItsShare(string phase, int progress) => Progress.Of(In(phase), Start).Should().Be(progress);

    [Fact]
    public void Progress_OfARunThatTakesForEver_NearsTheEndOnly()
    {
        Progress.Of(In("Running"), Start.AddSeconds(90)).Should().Be(52);
        Progress.Of(In("Running"), Start.AddYears(100)).Should().Be(94);
        Progress.Of(In("Running") with { EstimatedSeconds = 0 }, Start).Should().BeInRange(10, 94);
        Progress.Of(Given(In("Storing"), Complete()), Start).Should().Be(100);
    }

    [Fact]
    public void Progress_SecondAttempt_DoesNotGoBack()
    {
        var task = Given(In("Running"), RecordAttemptFailed("a1", Start.AddMinutes(10)));
        var reached = Progress.Of(task, Start.AddMinutes(10));

        reached.Should().BeGreaterThan(80);
        Progress.Of(Given(task, StartAttempt("a2", Start.AddMinutes(11))), Start.AddMinutes(11)).Should().Be(reached);
        Progress.Of(Given(task, Fail(Start.AddMinutes(11))), Start.AddMinutes(11)).Should().Be(reached);
    }

    /// <summary>The command of a name, a minute later: after the send-by time of the attempt.</summary>
    private static TaskCommand Command(string name, string attempt) => name switch
    {
        "RecordInputs" => RecordInputs(Later),
        "StartAttempt" => StartAttempt("a2", Later),
        "RecordAccepted" => RecordAccepted(attempt, Later),
        "RecordRefused" => RecordRefused(attempt, Later),
        "RecordUnclear" => RecordUnclear(attempt, Later),
        "RecordNotFound" => RecordNotFound(attempt, Later),
        "RecordOutput" => RecordOutput(attempt, Later),
        "RecordAttemptFailed" => RecordAttemptFailed(attempt, Later),
        "RecordNoOutput" => RecordNoOutput(attempt, Later),
        "RequestCancel" => RequestCancel(Later),
        "RecordCancelDeclined" => RecordCancelDeclined(attempt, Later),
        "Complete" => Complete(Later),
        "Fail" => Fail(Later),
        "CancelUnstopped" => Cancel(upstreamStopped: false, Later),
        "CancelStopped" => Cancel(upstreamStopped: true, Later),
        "EraseMedia" => EraseMedia(Later),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a command."),
    };
}
