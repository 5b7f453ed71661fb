using Microsoft.Extensions.Time.Testing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.UpstreamSimulators;

namespace Platform.Upstreams.Tests.Adapters;

/// <summary>Kling, row by row of the fact sheet.</summary>
public sealed class KlingTests
{
    [Theory]
    [InlineData(401, 1000, typeof(SubmitOutcome.AccountDead))]
    [InlineData(401, 1001, typeof(SubmitOutcome.AccountDead))]
    [InlineData(401, 1002, typeof(SubmitOutcome.AccountDead))]
    [InlineData(401, 1003, typeof(SubmitOutcome.AccountDead))]
    [InlineData(401, 1004, typeof(SubmitOutcome.AccountDead))]
    [InlineData(429, 1101, typeof(SubmitOutcome.AccountDead))]
    [InlineData(429, 1102, typeof(SubmitOutcome.AccountDead))]
    [InlineData(403, 1103, typeof(SubmitOutcome.RefusedHere))]
    [InlineData(400, 1200, typeof(SubmitOutcome.RefusedEverywhere))]
    [InlineData(400, 1201, typeof(SubmitOutcome.RefusedEverywhere))]
    [InlineData(404, 1202, typeof(SubmitOutcome.RefusedHere))]
    [InlineData(404, 1203, typeof(SubmitOutcome.RefusedHere))]
    [InlineData(400, 1300, typeof(SubmitOutcome.RefusedEverywhere))]
    [InlineData(400, 1301, typeof(SubmitOutcome.RefusedEverywhere))]
    [InlineData(429, 1302, typeof(SubmitOutcome.Busy))]
    [InlineData(429, 1303, typeof(SubmitOutcome.Busy))]
    [InlineData(429, 1304, typeof(SubmitOutcome.AccountDead))]
    [InlineData(500, 5000, typeof(SubmitOutcome.Unclear))]
    [InlineData(503, 5001, typeof(SubmitOutcome.Unclear))]
    [InlineData(504, 5002, typeof(SubmitOutcome.Unclear))]
    [InlineData(429, 9999, typeof(SubmitOutcome.Busy))]
    [InlineData(400, 9999, typeof(SubmitOutcome.RefusedHere))]
    [InlineData(500, 9999, typeof(SubmitOutcome.Unclear))]
    [InlineData(200, 5000, typeof(SubmitOutcome.Unclear))]
    public async Task SubmitAsync_ErrorCode_IsOfItsClass(int status, int code, Type expected)
    {
        await using var world = await AdapterWorld.OpenAsync("kling");
        world.Plan.Answer(CallKind.Submit, SimulatorAnswer.Of(status, new { code, message = "as documented", request_id = "r" }));

        var outcome = await world.SubmitAsync();

        outcome.Should().BeOfType(expected);
        var fault = (UpstreamFault)outcome.GetType().GetProperty("Fault")!.GetValue(outcome)!;
        fault.Should().Be(new UpstreamFault($"{status}/{code}", "as documented"));
        if (outcome is SubmitOutcome.RefusedEverywhere final)
        {
            final.Error.Should().Be(code >= 1300 ? TaskErrorCode.ContentPolicyViolation : TaskErrorCode.InvalidParameters);
        }
    }

    [Fact]
    public async Task SubmitAsync_ReferenceThatItHasSeen_IsUnclear()
    {
        await using var world = await AdapterWorld.OpenAsync("kling");
        await world.AcceptAsync();

        (await world.SubmitAsync()).Should().BeOfType<SubmitOutcome.Unclear>("there is a job of this reference");
    }

    [Fact]
    public async Task QueryAsync_Succeed_ReadsADurationThatIsText()
    {
        // The answer of https://app.klingai.com/global/dev/document-api/apiReference/model/motionControl, with values.
        await using var world = await AdapterWorld.OpenAsync("kling");
        world.Plan.Answer(CallKind.Query, new(200, """
            {"code":0,"message":"SUCCEED","request_id":"r","data":{"task_id":"831922345719271433","task_status":"succeed","task_status_msg":"",
            "task_info":{"external_task_id":"att_1"},"task_result":{"videos":[{"id":"v1","url":"https://cdn.example.com/v1.mp4","watermark_url":"","duration":"9.066"}]},
            "final_unit_deduction":"4.5","created_at":1722769557708,"updated_at":1722769557708}}
            """));

        var output = (await world.QueryAsync("831922345719271433")).Should().BeOfType<QueryOutcome.Succeeded>().Which.Output;

        output.Should().Be(new UpstreamOutput("https://cdn.example.com/v1.mp4", 9.066m));
    }

    [Theory]
    [InlineData("submitted")]
    [InlineData("processing")]
    [InlineData("success")]
    [InlineData("")]
    public async Task QueryAsync_StatusThatIsNoEnd_IsRunning(string status)
    {
        await using var world = await AdapterWorld.OpenAsync("kling");
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(200, new { code = 0, data = new { task_id = "1", task_status = status } }));

        (await world.QueryAsync("1")).Should().BeOfType<QueryOutcome.Running>();
    }

    [Fact]
    public async Task QueryAsync_SucceedWithoutVideos_HasNoContent()
    {
        await using var world = await AdapterWorld.OpenAsync("kling");
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(200, new { code = 0, data = new { task_id = "1", task_status = "succeed" } }));

        (await world.QueryAsync("1")).Should().BeOfType<QueryOutcome.Failed>().Which.Error.Should().Be(TaskErrorCode.GenerationFailedNoContent);
    }

    [Fact]
    public async Task Token_BeforeItEnds_IsMadeAnew()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        await using var world = await AdapterWorld.OpenAsync("kling", time);
        var id = await world.AcceptAsync();
        for (var minutes = 0; minutes < 120; minutes += 7)
        {
            time.Advance(TimeSpan.FromMinutes(7));

            (await world.QueryAsync(id)).Should().BeOfType<QueryOutcome.Running>("the simulator refuses a token that has ended");
        }
    }

    [Fact]
    public async Task FindByReferenceAsync_NotFoundThatKlingDidNotSay_ProvesNothing()
    {
        await using var world = await AdapterWorld.OpenAsync("kling");
        world.Plan.Answer(CallKind.Query, new(404, "<html>no such page</html>"));

        (await world.Upstream.FindByReferenceAsync(AdapterWorld.AccountName, "att_1", default)).Should().BeOfType<LookupOutcome.Unavailable>();
    }

    [Fact]
    public async Task SubmitElementAsync_FromAClip_BecomesAnElement()
    {
        await using var world = await AdapterWorld.OpenAsync("kling");
        var submitted = await world.Upstream.SubmitElementAsync(
            new()
            {
                Account = AdapterWorld.AccountName,
                Reference = "att_element",
                Name = "Mia",
                Description = "A dancer",
                VideoUrl = "https://platform.test/clip.mp4",
                CallbackUrl = "https://platform.test/callback",
            },
            default);
        var id = submitted.Should().BeOfType<SubmitOutcome.Accepted>().Which.UpstreamTaskId;
        var job = world.Simulator.Jobs.Single();
        (await world.QueryAsync(id)).Should().BeOfType<QueryOutcome.Running>();
        (await world.Upstream.FindByReferenceAsync(AdapterWorld.AccountName, "att_element", default)).Should().Be(new LookupOutcome.Found(id));

        job.Stage = JobStage.Succeeded;

        (await world.QueryAsync(id)).Should().BeOfType<QueryOutcome.Succeeded>().Which.Output.ElementId.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task SubmitAsync_WithoutCallbacks_SendsNoUrl()
    {
        await using var world = await AdapterWorld.OpenAsync("kling", configure: account => account.Callbacks = false);
        await world.AcceptAsync();

        world.Simulator.Jobs.Single().CallbackUrl.Should().BeNull();
    }
}
