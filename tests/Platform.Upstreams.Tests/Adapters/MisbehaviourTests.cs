using System.Net;
using System.Net.Sockets;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Tests.Sandbox.Fakes;
using Platform.UpstreamSimulators;

namespace Platform.Upstreams.Tests.Adapters;

/// <summary>What every adapter makes of an upstream that misbehaves: never an exception, never a job that is lost or made twice.</summary>
public sealed class MisbehaviourTests
{
    public static TheoryData<string> Kinds => ["kling", "fal", "replicate", "platform"];

    public static TheoryData<string, Misbehaviour> AfterTheEffect()
    {
        var data = new TheoryData<string, Misbehaviour>();
        foreach (var kind in (string[])["kling", "fal", "replicate", "platform"])
        {
            foreach (var what in (Misbehaviour[])[Misbehaviour.LoseReply, Misbehaviour.ServerErrorAfterwards, Misbehaviour.MalformedJson,
                Misbehaviour.EndlessBody, Misbehaviour.HangAfterwards, Misbehaviour.SlowBody])
            {
                data.Add(kind, what);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(AfterTheEffect))]
    public async Task SubmitAsync_AnswerSpoiledAfterTheJobWasMade_IsUnclear(string kind, Misbehaviour what)
    {
        await using var world = await AdapterWorld.OpenAsync(kind);
        world.Plan.Next(CallKind.Submit, what);
        using var patience = new CancellationTokenSource();
        var submit = world.SubmitAsync(patience.Token);
        if (what is Misbehaviour.HangAfterwards or Misbehaviour.SlowBody)
        {
            // Given up once the job is there: sooner, the request might not have arrived.
            await Wait.UntilAsync("the job to be made", () => world.Jobs == 1);
            await patience.CancelAsync();
        }

        (await submit).Should().BeOfType<SubmitOutcome.Unclear>();

        world.Jobs.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SubmitAsync_ServerErrorBefore_IsUnclearAsWell(string kind)
    {
        await using var world = await AdapterWorld.OpenAsync(kind);
        world.Plan.Next(CallKind.Submit, Misbehaviour.ServerError);

        (await world.SubmitAsync()).Should().BeOfType<SubmitOutcome.Unclear>("from outside nobody can tell");

        world.Jobs.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SubmitAsync_NobodyListens_IsRefusedHere(string kind)
    {
        await using var world = await AdapterWorld.OpenAsync(kind, configure: account => account.BaseUrl = $"http://127.0.0.1:{DeadPort()}");

        (await world.SubmitAsync()).Should().BeOfType<SubmitOutcome.RefusedHere>().Which.Fault.Code.Should().Be("unreachable");
        (await world.QueryAsync("1")).Should().BeOfType<QueryOutcome.Unavailable>();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SubmitAsync_Busy_IsBusy(string kind)
    {
        await using var world = await AdapterWorld.OpenAsync(kind);
        world.Plan.Next(CallKind.Submit, Misbehaviour.Busy, Misbehaviour.TooFast);

        (await world.SubmitAsync()).Should().BeOfType<SubmitOutcome.Busy>();
        (await world.SubmitAsync()).Should().BeOfType<SubmitOutcome.Busy>();

        world.Jobs.Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SubmitAsync_OutOfFunds_IsADeadAccount(string kind)
    {
        await using var world = await AdapterWorld.OpenAsync(kind);
        world.Plan.Next(CallKind.Submit, Misbehaviour.OutOfFunds);

        (await world.SubmitAsync()).Should().BeOfType<SubmitOutcome.AccountDead>().Which.Fault.Message.Should().NotBeEmpty();

        world.Simulator.Calls(CallKind.Submit).Should().Be(1, "an adapter tries nothing again by itself");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SubmitAsync_WrongKey_IsADeadAccount(string kind)
    {
        await using var world = await AdapterWorld.OpenAsync(kind, configure: account =>
        {
            account.ApiKey = "another-key";
            account.SecretKey = "another-secret-key-of-32-characters";
        });

        (await world.SubmitAsync()).Should().BeOfType<SubmitOutcome.AccountDead>().Which.Fault.Code.Should().StartWith("401");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SubmitAsync_AccountThatIsNotConfigured_IsADeadAccount(string kind)
    {
        await using var world = await AdapterWorld.OpenAsync(kind);

        (await world.Upstream.SubmitAsync(AdapterWorld.Request() with { Account = "gone" }, default)).Should().BeOfType<SubmitOutcome.AccountDead>();
        (await world.Upstream.QueryAsync("gone", "1", default)).Should().BeOfType<QueryOutcome.Unavailable>();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task QueryAsync_UnknownStatus_IsRunning(string kind)
    {
        await using var world = await AdapterWorld.OpenAsync(kind);
        var id = await world.AcceptAsync();
        world.Plan.Next(CallKind.Query, Misbehaviour.UnknownStatus);

        (await world.QueryAsync(id)).Should().BeOfType<QueryOutcome.Running>();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task QueryAsync_SpoiledAnswers_AreUnavailable(string kind)
    {
        await using var world = await AdapterWorld.OpenAsync(kind);
        var id = await world.AcceptAsync();
        await world.SucceedAsync(id);
        world.Plan.Next(CallKind.Query, Misbehaviour.LoseReply, Misbehaviour.ServerError, Misbehaviour.MalformedJson, Misbehaviour.EndlessBody);
        foreach (var status in (int[])[408, 409, 425, 429, 500, 503])
        {
            world.Plan.Answer(CallKind.Query, new(status, "{}"));
        }

        for (var call = 0; call < 10; call++)
        {
            (await world.QueryAsync(id)).Should().BeOfType<QueryOutcome.Unavailable>();
        }

        (await world.QueryAsync(id)).Should().BeOfType<QueryOutcome.Succeeded>();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task QueryAsync_FailedForItsContent_IsFinal(string kind)
    {
        await using var world = await AdapterWorld.OpenAsync(kind);
        var id = await world.AcceptAsync(Misbehaviour.JobFailsByPolicy);
        await world.FailAsync(id);

        var failed = (await world.QueryAsync(id)).Should().BeOfType<QueryOutcome.Failed>().Which;

        failed.Error.Should().Be(Domain.Tasks.TaskErrorCode.ContentPolicyViolation);
        failed.RetryElsewhere.Should().BeFalse("what one refuses for its content is not laundered through another");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task QueryAsync_FailedByItself_MayBeTriedElsewhere(string kind)
    {
        await using var world = await AdapterWorld.OpenAsync(kind);
        var id = await world.AcceptAsync(Misbehaviour.JobFails);
        await world.FailAsync(id);

        var failed = (await world.QueryAsync(id)).Should().BeOfType<QueryOutcome.Failed>().Which;

        failed.Error.Should().Be(Domain.Tasks.TaskErrorCode.ServiceError);
        failed.RetryElsewhere.Should().BeTrue();
        failed.Fault.Message.Should().NotBeEmpty("the operator is told the upstream's words");
    }

    // A port that was free a moment ago.
    private static int DeadPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
