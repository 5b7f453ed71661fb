using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Tasks;

/// <summary>What upstreams say of their own accord: once, twice, late, of another job.</summary>
public sealed class CallbackTests(ClusterFixture fixture) : GrainTest(fixture)
{
    [Fact]
    public async Task Notify_SubmitWithoutAnswerAndWithoutLookUp_IsRecoveredAndNotSentAgain()
    {
        var customer = await NewCustomerAsync(sandbox: true);
        customer.Script.Blind.OnSubmit = (_, accept, _) =>
        {
            accept();
            return Task.FromResult<SubmitOutcome>(new SubmitOutcome.Unclear(World.Fault));
        };
        var id = await customer.AcceptAsync();
        var task = await customer.UntilAsync(id, t => t.Phase is TaskPhase.InDoubt, TimeSpan.Zero);

        (await customer.Task(id).Notify(Succeeded(task) with { UpstreamTaskId = $"blind-{task.Attempts[0].Id}" })).Should().BeTrue();

        task = await customer.EndAsync(id, TimeSpan.Zero);
        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts.Should().ContainSingle().Which.UpstreamTaskId.Should().Be($"blind-{task.Attempts[0].Id}");
        customer.Script.Blind.Submits.Should().Be(1);
    }

    [Fact]
    public async Task Notify_AskNowInDoubt_LooksTheJobUpAtOnce()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.OnSubmit = (_, accept, _) =>
        {
            accept();
            return Task.FromResult<SubmitOutcome>(new SubmitOutcome.Unclear(World.Fault));
        };
        var id = await customer.AcceptAsync();
        var task = await customer.UntilAsync(id, t => t.Phase is TaskPhase.InDoubt, TimeSpan.Zero);

        // No time passes: without the callback the look-up would wait until the request is surely through.
        await customer.Task(id).Notify(new() { AttemptId = task.Attempts[0].Id, Kind = UpstreamNewsKind.AskNow });

        (await customer.EndAsync(id, TimeSpan.Zero)).Status.Should().Be(GenerationStatus.Completed);
        customer.Script.Alpha.Submits.Should().Be(1);
    }

    [Fact]
    public async Task Notify_AskNowWhileRunning_PollsAtOnce()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running, World.Succeeded);
        var id = await customer.AcceptAsync();
        var task = await customer.UntilAsync(id, _ => customer.Script.Alpha.Queries == 1, TimeSpan.Zero);

        await customer.Task(id).Notify(new() { AttemptId = task.Attempts[0].Id, Kind = UpstreamNewsKind.AskNow });

        (await customer.EndAsync(id, TimeSpan.Zero)).Status.Should().Be(GenerationStatus.Completed);
    }

    [Fact]
    public async Task Notify_TwiceAndFailureAfterSuccess_TheFirstEndStands()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        var id = await customer.AcceptAsync();
        var task = await customer.UntilAsync(id, t => t.Phase is TaskPhase.Running, TimeSpan.Zero);

        await customer.Task(id).Notify(Succeeded(task));
        await customer.Task(id).Notify(Succeeded(task));
        await customer.Task(id).Notify(Failed(task, retryElsewhere: false));

        task = await customer.EndAsync(id, TimeSpan.Zero);
        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts.Should().ContainSingle();
        await customer.Task(id).Notify(Failed(task, retryElsewhere: true));
        (await customer.FindAsync(id)).Version.Should().Be(task.Version);
    }

    [Fact]
    public async Task Notify_FailedFinally_EndsTheTaskAndAsksNobodyElse()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        var id = await customer.AcceptAsync();
        var task = await customer.UntilAsync(id, t => t.Phase is TaskPhase.Running, TimeSpan.Zero);

        await customer.Task(id).Notify(Failed(task, retryElsewhere: false));

        task = await customer.EndAsync(id, TimeSpan.Zero);
        task.Phase.Should().BeOfType<TaskPhase.Ended>().Which.Outcome.Should().BeOfType<TaskOutcome.Failed>()
            .Which.Error.Code.Should().Be(TaskErrorCode.ContentPolicyViolation);
        task.Attempts.Should().ContainSingle();
    }

    [Fact]
    public async Task Notify_FailedHere_GoesToTheNext()
    {
        var customer = await NewCustomerAsync();
        customer.Script.UpstreamsLie = true;
        customer.Script.Alpha.Query(World.Running);
        var id = await customer.AcceptAsync();
        var task = await customer.UntilAsync(id, t => t.Phase is TaskPhase.Running, TimeSpan.Zero);

        await customer.Task(id).Notify(Failed(task, retryElsewhere: true));

        task = await customer.EndAsync(id);
        task.Attempts.Select(a => (a.Upstream, a.Ending)).Should().Equal(
            (World.Alpha, AttemptEnding.Failed), (World.Beta, AttemptEnding.Succeeded));
    }

    [Fact]
    public async Task Notify_OfAnotherJob_IsNotBelieved()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        var id = await customer.AcceptAsync();
        var task = await customer.UntilAsync(id, t => t.Phase is TaskPhase.Running, TimeSpan.Zero);

        await customer.Task(id).Notify(Succeeded(task) with { UpstreamTaskId = "alpha-of-somebody-else" });

        (await customer.FindAsync(id)).Phase.Should().BeOfType<TaskPhase.Running>();
        customer.Script.Alpha.Query(World.Succeeded);
        await customer.EndAsync(id);
    }

    [Fact]
    public async Task Notify_SuccessAfterTheDeadline_IsRecordedAndNotBilled()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        customer.Script.Alpha.OnCancel = _ => Task.FromResult<CancelOutcome>(new CancelOutcome.TooLate(World.Fault));
        var id = await customer.AcceptAsync();
        var task = await customer.EndAsync(id, TimeSpan.FromMinutes(5));
        task.Attempts[0].Ending.Should().Be(AttemptEnding.Abandoned);

        await customer.Task(id).Notify(Succeeded(task));

        task = await customer.FindAsync(id);
        task.Status.Should().Be(GenerationStatus.Failed);
        task.Attempts[0].Ending.Should().Be(AttemptEnding.Succeeded);
        (await customer.Grain.GetBalance()).Settled.Value.Should().Be(0m);
    }

    [Fact]
    public async Task Notify_AttemptThatNeverWas_SaysSo()
    {
        var customer = await NewCustomerAsync();
        var id = await customer.AcceptAsync();

        (await customer.Task(id).Notify(new() { AttemptId = "att_never", Kind = UpstreamNewsKind.AskNow })).Should().BeFalse();
        (await customer.Task(customer.NewTaskId()).Notify(new() { AttemptId = "att_never", Kind = UpstreamNewsKind.AskNow })).Should().BeFalse();
        await customer.EndAsync(id);
    }

    private static UpstreamNews Succeeded(GenerationTask task) => new()
    {
        AttemptId = task.Attempts[^1].Id,
        Kind = UpstreamNewsKind.Succeeded,
        UpstreamTaskId = task.Attempts[^1].UpstreamTaskId,
        OutputLocation = "blob:out",
        OutputSeconds = 5m,
    };

    private static UpstreamNews Failed(GenerationTask task, bool retryElsewhere) => new()
    {
        AttemptId = task.Attempts[^1].Id,
        Kind = UpstreamNewsKind.Failed,
        UpstreamTaskId = task.Attempts[^1].UpstreamTaskId,
        Error = retryElsewhere ? TaskErrorCode.ServiceError : TaskErrorCode.ContentPolicyViolation,
        Fault = World.Fault,
        RetryElsewhere = retryElsewhere,
    };
}
