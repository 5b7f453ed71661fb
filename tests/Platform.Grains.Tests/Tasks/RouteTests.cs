using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Tasks;

/// <summary>The way of a task over the upstreams (product.md section 4).</summary>
public sealed class RouteTests(ClusterFixture fixture) : GrainTest(fixture)
{
    private const decimal Rest = 1000m - 40.824m;

    [Fact]
    public async Task Accept_AllGoesWell_IsBilledExactlyAsLongAsTheVideoIs()
    {
        var customer = await NewCustomerAsync();
        customer.Script.OnStore = () => Task.FromResult(World.GoodResult(4.4m));
        var id = await customer.AcceptAsync();

        var task = await customer.EndAsync(id);

        task.Status.Should().Be(GenerationStatus.Completed);
        var used = 4 * 8.1648m;
        await customer.ShouldHaveAsync(1000m - used, used);
        (await customer.LedgerAsync()).Select(e => (e.Kind, e.OperationId, e.AvailableAfter.Value, e.HeldAfter.Value)).Should().Equal(
            (LedgerEntryKind.Grant, "g1", 1000m, 0m),
            (LedgerEntryKind.Hold, id.Value, 1000m - 40.824m, 40.824m),
            (LedgerEntryKind.Settlement, id.Value, 1000m - 40.824m, 40.824m - used),
            (LedgerEntryKind.Release, id.Value, 1000m - used, 0m));
        (await customer.HistoryAsync(id)).Select(e => e.GetType().Name).Should().Equal(
            "Accepted", "InputsCopied", "AttemptStarted", "AttemptAccepted", "OutputReady", "Completed");
        task.Attempts.Should().ContainSingle().Which.Upstream.Should().Be(World.Alpha);
    }

    [Fact]
    public async Task Submit_RefusedHere_GoesToTheNextCheapest()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.RefusedHere(World.Fault));

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts.Select(a => (a.Upstream, a.Ending)).Should().Equal(
            (World.Alpha, AttemptEnding.Refused), (World.Beta, AttemptEnding.Succeeded));
        await customer.ShouldHaveAsync(Rest, 40.824m);
    }

    [Fact]
    public async Task Submit_RefusedByAll_FailsAndGivesEverythingBack()
    {
        var customer = await NewCustomerAsync();
        foreach (var upstream in new[] { customer.Script.Alpha, customer.Script.Beta, customer.Script.Gamma })
        {
            upstream.Submit(new SubmitOutcome.RefusedHere(World.Fault));
        }

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Should().HaveFailedWith(TaskErrorCode.ServiceUnavailable);
        task.Attempts.Should().HaveCount(3);
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Submit_ContentPolicy_IsFinalAfterOneAttempt()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.RefusedEverywhere(TaskErrorCode.ContentPolicyViolation, World.Fault));

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Should().HaveFailedWith(TaskErrorCode.ContentPolicyViolation);
        task.Attempts.Should().ContainSingle();
        customer.Script.Beta.Submits.Should().Be(0);
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Submit_AccountDead_GoesToTheNextAndNeverBack()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.AccountDead(World.Fault));

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Attempts.Select(a => (a.Upstream, a.Ending)).Should().Equal(
            (World.Alpha, AttemptEnding.AccountDead), (World.Beta, AttemptEnding.Succeeded));
    }

    [Fact]
    public async Task Submit_Busy_PassesOnAtOnceWhateverTheUpstreamAsksToWait()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.Busy(World.Fault, TimeSpan.FromHours(12)));

        // No time passes: who was busy must not hold up the next route.
        var task = await customer.UntilAsync(await customer.AcceptAsync(), t => t.Attempts.Length == 2, TimeSpan.Zero);

        task.Attempts[1].Upstream.Should().Be(World.Beta);
        await customer.EndAsync(task.Id);
        await customer.ShouldHaveAsync(Rest, 40.824m);
    }

    [Fact]
    public async Task Submit_BusyEverywhere_IsAskedAgainLater()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.OnSubmit = (n, accept, _) => Task.FromResult(
            n < 3 ? new SubmitOutcome.Busy(World.Fault, TimeSpan.FromSeconds(3)) : accept());
        var before = World.Time.GetUtcNow();

        var task = await customer.EndAsync(await customer.AcceptAsync(customer.Command(quality: "1080p")));

        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts.Select(a => a.Ending).Should().Equal(AttemptEnding.Busy, AttemptEnding.Busy, AttemptEnding.Succeeded);
        (task.Attempts[2].StartedAt - before).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(6));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task Submit_BusyWithoutAPause_IsNotAskedWithoutOne(int retryAfterSeconds)
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.Busy(World.Fault, TimeSpan.FromSeconds(retryAfterSeconds)));
        var id = await customer.AcceptAsync(customer.Command(quality: "1080p"));
        await customer.UntilAsync(id, t => t.Attempts.Length == 1, TimeSpan.Zero);
        await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);

        customer.Script.Alpha.Submits.Should().Be(1, "no time has passed");
        customer.Script.Alpha.OnSubmit = (_, accept, _) => Task.FromResult(accept());
        (await customer.EndAsync(id)).Status.Should().Be(GenerationStatus.Completed);
    }

    [Fact]
    public async Task Submit_BusyForEver_ABoundedPauseIsTaken()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.OnSubmit = (n, accept, _) => Task.FromResult(
            n == 1 ? new SubmitOutcome.Busy(World.Fault, TimeSpan.MaxValue) : accept());

        var task = await customer.EndAsync(await customer.AcceptAsync(customer.Command(quality: "1080p")), TimeSpan.FromSeconds(20));

        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts.Select(a => a.Ending).Should().Equal(AttemptEnding.Busy, AttemptEnding.Succeeded);
    }

    [Fact]
    public async Task Submit_UnclearButArrived_IsFoundByReferenceAndNotSentAgain()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.OnSubmit = (_, accept, _) =>
        {
            accept();
            return Task.FromResult<SubmitOutcome>(new SubmitOutcome.Unclear(World.Fault));
        };

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts.Should().ContainSingle().Which.Sends.Should().Be(1);
        customer.Script.Alpha.Submits.Should().Be(1);
        customer.Script.Alpha.Finds.Should().Be(1);
    }

    [Fact]
    public async Task Submit_UnclearAndNotThere_IsSentOnceMoreWithTheSameReferenceToTheSameAccount()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.OnSubmit = (n, accept, _) => Task.FromResult(n == 1 ? new SubmitOutcome.Unclear(World.Fault) : accept());

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts.Should().ContainSingle().Which.Sends.Should().Be(2);
        customer.Script.Alpha.Submits.Should().Be(2);
        customer.Script.Beta.Submits.Should().Be(0);
    }

    [Fact]
    public async Task Submit_Unclear_IsNotLookedUpWhileItMayStillBeOnItsWay()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.Unclear(World.Fault));
        var id = await customer.AcceptAsync();
        var task = await customer.UntilAsync(id, t => t.Phase is TaskPhase.InDoubt, TimeSpan.Zero);

        await customer.UntilAsync(() => customer.Script.Alpha.Finds > 0);

        World.Time.GetUtcNow().Should().BeOnOrAfter(task.Attempts[0].SendBy + TimeSpan.FromSeconds(20));
        customer.Script.Alpha.OnSubmit = (_, accept, _) => Task.FromResult(accept());
        (await customer.EndAsync(id)).Status.Should().Be(GenerationStatus.Completed);
    }

    [Fact]
    public async Task Submit_NeverArrives_GoesElsewhereInTheEnd()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Submit(new SubmitOutcome.Unclear(World.Fault));

        var task = await customer.EndAsync(await customer.AcceptAsync(), TimeSpan.FromSeconds(5));

        task.Attempts.Select(a => (a.Upstream, a.Sends)).Should().Equal((World.Alpha, 3), (World.Beta, 1));
        await customer.ShouldHaveAsync(Rest, 40.824m);
    }

    [Fact]
    public async Task Submit_ThrowsAfterItArrived_IsUnclearAndFound()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.OnSubmit = (_, accept, _) =>
        {
            accept();
            throw new InvalidOperationException("A bug of the adapter.");
        };

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Status.Should().Be(GenerationStatus.Completed);
        customer.Script.Alpha.Submits.Should().Be(1);
    }

    [Fact]
    public async Task Submit_HangsAndIgnoresItsToken_IsGivenUpAndTheTaskEnds()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.OnSubmit = (_, accept, _) =>
        {
            accept();
            return new TaskCompletionSource<SubmitOutcome>().Task;
        };

        var task = await customer.EndAsync(await customer.AcceptAsync(), TimeSpan.FromSeconds(5));

        task.Status.Should().Be(GenerationStatus.Completed);
        customer.Script.Alpha.Submits.Should().Be(1);
    }

    [Fact]
    public async Task Submit_InDoubtWhereNobodyCanBeAsked_EndsWhenItsPatienceIsOverAndIsNeverSentAgain()
    {
        var customer = await NewCustomerAsync(sandbox: true);
        customer.Script.Blind.Submit(new SubmitOutcome.Unclear(World.Fault));

        var task = await customer.EndAsync(await customer.AcceptAsync(), TimeSpan.FromMinutes(1));

        task.Should().HaveFailedWith(TaskErrorCode.ServiceError);
        (task.EndedAt!.Value - task.Attempts[0].SendBy).Should().BeCloseTo(TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(2));
        customer.Script.Blind.Submits.Should().Be(1);
        customer.Script.Alpha.Submits.Should().Be(0, "going elsewhere could make it twice");
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Submit_AcceptedButTheStoreFails_TheAnswerIsNotLost()
    {
        // Where nobody can be asked for a reference, the upstream's id is all there is: one failed write must not lose it.
        var customer = await NewCustomerAsync(sandbox: true);
        var failures = 2;
        customer.Script.OnTaskCommit = (unit, commit) => unit.Events[0] is TaskEvent.AttemptAccepted && failures-- > 0
            ? throw new InvalidOperationException("The store is away.")
            : commit();

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Status.Should().Be(GenerationStatus.Completed);
        customer.Script.Blind.Submits.Should().Be(1);
    }

    [Fact]
    public async Task Poll_ThreeTimesNotFound_IsUnclearNotFailed()
    {
        var customer = await NewCustomerAsync();
        var lost = new QueryOutcome.NotFound(World.Fault);
        customer.Script.Alpha.Query(lost, lost, World.Running, lost, lost, lost, World.Succeeded);
        var id = await customer.AcceptAsync();

        var task = await customer.EndAsync(id);

        task.Status.Should().Be(GenerationStatus.Completed);
        (await customer.HistoryAsync(id)).OfType<TaskEvent.AttemptUnclear>().Should().ContainSingle();
        customer.Script.Alpha.Finds.Should().Be(1);
        customer.Script.Alpha.Submits.Should().Be(1);
        customer.Script.Alpha.Queries.Should().Be(7);
    }

    [Fact]
    public async Task Poll_FailedAfterAccept_GoesToTheNextRoute()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running, new QueryOutcome.Failed(TaskErrorCode.ServiceError, World.Fault, RetryElsewhere: true));

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts.Select(a => (a.Upstream, a.Ending)).Should().Equal(
            (World.Alpha, AttemptEnding.Failed), (World.Beta, AttemptEnding.Succeeded));
    }

    [Fact]
    public async Task Poll_FailedEverywhere_TellsTheLastError()
    {
        var customer = await NewCustomerAsync();
        foreach (var upstream in new[] { customer.Script.Alpha, customer.Script.Beta, customer.Script.Gamma })
        {
            upstream.Query(new QueryOutcome.Failed(TaskErrorCode.ImageProcessingError, World.Fault, RetryElsewhere: true));
        }

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Should().HaveFailedWith(TaskErrorCode.ImageProcessingError);
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Poll_ContentPolicy_IsFinalAndNothingIsStopped()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(new QueryOutcome.Failed(TaskErrorCode.ContentPolicyViolation, World.Fault, RetryElsewhere: false));

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Should().HaveFailedWith(TaskErrorCode.ContentPolicyViolation);
        customer.Script.Beta.Submits.Should().Be(0);
        customer.Script.Alpha.Cancels.Should().Be(0, "it has ended there by itself");
    }

    [Fact]
    public async Task Poll_StoppedUnasked_GoesToTheNextRoute()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(new QueryOutcome.Cancelled());

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts[^1].Upstream.Should().Be(World.Beta);
    }

    [Fact]
    public async Task Poll_ThrowsOrIsUnavailable_GoesOn()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.OnQuery = (n, _) => n switch
        {
            1 => throw new InvalidOperationException("A bug of the adapter."),
            2 => Task.FromResult<QueryOutcome>(new QueryOutcome.Unavailable(World.Fault)),
            3 => Task.FromResult<QueryOutcome>(null!),
            _ => Task.FromResult(World.Succeeded),
        };

        (await customer.EndAsync(await customer.AcceptAsync())).Status.Should().Be(GenerationStatus.Completed);
    }

    [Fact]
    public async Task Deadline_Generation_RefundsAndStopsTheUpstream()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);

        var task = await customer.EndAsync(await customer.AcceptAsync(), TimeSpan.FromSeconds(45));

        task.Should().HaveFailedWith(TaskErrorCode.GenerationTimeout);
        task.EndedAt.Should().BeCloseTo(task.GenerationDeadline!.Value, TimeSpan.FromSeconds(46));
        await customer.UntilAsync(() => customer.Script.Alpha.Cancels == 1, TimeSpan.Zero);
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Deadline_PassesDuringAPoll_EndsWithoutAnotherPause()
    {
        var customer = await NewCustomerAsync();
        var late = new TaskCompletionSource<QueryOutcome>();
        customer.Script.Beta.OnQuery = (_, _) => late.Task;
        customer.Script.Alpha.Submit(new SubmitOutcome.RefusedHere(World.Fault));
        var id = await customer.AcceptAsync();
        await customer.UntilAsync(() => customer.Script.Beta.Queries == 1, TimeSpan.Zero);

        World.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));
        late.TrySetResult(World.Running);

        (await customer.EndAsync(id, TimeSpan.Zero)).Should().HaveFailedWith(TaskErrorCode.GenerationTimeout);
    }

    [Fact]
    public async Task Success_AfterTheRefund_IsRecordedAndNotBilled()
    {
        var customer = await NewCustomerAsync();
        var late = new TaskCompletionSource<QueryOutcome>();
        customer.Script.Alpha.OnQuery = (_, _) => late.Task;
        var id = await customer.AcceptAsync();
        var task = await customer.UntilAsync(id, t => t.Phase is TaskPhase.Running, TimeSpan.Zero);
        await customer.UntilAsync(() => customer.Script.Alpha.Queries == 1, TimeSpan.Zero);

        // Behind the grain's back, as another activation would.
        await customer.Grain.Resolve(new()
        {
            TaskId = id,
            TaskVersion = task.Version,
            End = Contracts.TaskEnd.Fail,
            Error = new(TaskErrorCode.GenerationTimeout, "late"),
        });
        late.SetResult(World.Succeeded);

        await customer.UntilAsync(id, t => t.Attempts[0].Ending == AttemptEnding.Succeeded, TimeSpan.Zero);
        (await customer.HistoryAsync(id))[^1].Should().BeOfType<TaskEvent.LateOutput>();
        (await customer.FindAsync(id)).Status.Should().Be(GenerationStatus.Failed);
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Success_FoundWhenTheDeadlineStopsIt_IsRecordedAndNotBilled()
    {
        var customer = await NewCustomerAsync();
        customer.Script.Alpha.Query(World.Running);
        customer.Script.Alpha.OnCancel = _ =>
        {
            customer.Script.Alpha.Query(World.Succeeded);
            return Task.FromResult<CancelOutcome>(new CancelOutcome.TooLate(World.Fault));
        };
        var id = await customer.AcceptAsync();
        await customer.EndAsync(id, TimeSpan.FromSeconds(45));

        await customer.UntilAsync(id, t => t.Attempts[0].Ending == AttemptEnding.Succeeded, TimeSpan.Zero);

        (await customer.FindAsync(id)).Should().HaveFailedWith(TaskErrorCode.GenerationTimeout);
        await customer.ShouldHaveAsync(1000m, 0m);
    }

    [Fact]
    public async Task Result_LongerThanReserved_IsBilledAsReserved()
    {
        var customer = await NewCustomerAsync();
        customer.Script.OnStore = () => Task.FromResult(World.GoodResult(29.7m));

        await customer.EndAsync(await customer.AcceptAsync());

        await customer.ShouldHaveAsync(Rest, 40.824m);
    }

    [Fact]
    public async Task Result_Unusable_GoesToTheNextRoute()
    {
        var customer = await NewCustomerAsync();
        customer.Script.UpstreamsLie = true;
        var stores = 0;
        customer.Script.OnStore = () => Task.FromResult(stores++ == 0 ? new Domain.Media.ResultCopy.Unusable("no video") : World.GoodResult(5m));

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Status.Should().Be(GenerationStatus.Completed);
        task.Attempts[0].Error.Should().Be(TaskErrorCode.GenerationFailedNoContent);
        await customer.ShouldHaveAsync(Rest, 40.824m);
    }

    [Fact]
    public async Task Result_UnavailableForAWhile_IsFetchedAgain()
    {
        var customer = await NewCustomerAsync();
        var stores = 0;
        customer.Script.OnStore = () => stores++ switch
        {
            0 => Task.FromResult<Domain.Media.ResultCopy>(new Domain.Media.ResultCopy.Unavailable("not yet")),
            1 => throw new InvalidOperationException("A bug."),
            _ => Task.FromResult(World.GoodResult(5m)),
        };

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Attempts.Should().ContainSingle().Which.Ending.Should().Be(AttemptEnding.Succeeded);
        await customer.ShouldHaveAsync(Rest, 40.824m);
    }

    [Fact]
    public async Task Result_UnavailableForEver_FailsAndGivesEverythingBack()
    {
        var customer = await NewCustomerAsync();
        customer.Script.UpstreamsLie = true;
        customer.Script.OnStore = () => Task.FromResult<Domain.Media.ResultCopy>(new Domain.Media.ResultCopy.Unavailable("never"));

        var task = await customer.EndAsync(await customer.AcceptAsync(customer.Command(quality: "1080p")), TimeSpan.FromMinutes(1));

        task.Status.Should().Be(GenerationStatus.Failed);
        await customer.ShouldHaveAsync(1000m, 0m);
    }
}
