using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.UpstreamSimulators;
using Platform.UpstreamSimulators.Fal;

namespace Platform.Upstreams.Tests.Adapters;

/// <summary>fal, row by row of the fact sheet.</summary>
public sealed class FalTests
{
    [Theory]
    [InlineData("content_policy_violation", 422, TaskErrorCode.ContentPolicyViolation, false)]
    [InlineData("image_too_small", 422, TaskErrorCode.ImageDimensionMismatch, false)]
    [InlineData("image_load_error", 422, TaskErrorCode.ImageProcessingError, false)]
    [InlineData("file_download_error", 422, TaskErrorCode.ServiceError, true)]
    [InlineData("video_duration_too_long", 422, TaskErrorCode.InvalidParameters, false)]
    [InlineData("no_media_generated", 422, TaskErrorCode.GenerationFailedNoContent, true)]
    [InlineData("generation_timeout", 504, TaskErrorCode.GenerationTimeout, true)]
    [InlineData("internal_server_error", 500, TaskErrorCode.ServiceError, true)]
    [InlineData("something_new", 422, TaskErrorCode.ServiceError, true)]
    public async Task QueryAsync_CompletedWithAnError_IsFailed(string type, int status, TaskErrorCode error, bool retryElsewhere)
    {
        await using var world = await AdapterWorld.OpenAsync("fal");
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(200, new { status = "COMPLETED" }));

        // The shape of https://docs.fal.ai/errors.
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(status, new
        {
            detail = new[] { new { loc = new[] { "body", "image_url" }, msg = "in fal's words", type, url = "https://docs.fal.ai/errors", ctx = new { a = 1 } } },
        }));

        (await world.QueryAsync("r")).Should().Be(new QueryOutcome.Failed(error, new($"{status}/{type}", "in fal's words"), retryElsewhere));
    }

    [Fact]
    public async Task QueryAsync_ResultTooEarly_IsRunning()
    {
        await using var world = await AdapterWorld.OpenAsync("fal");
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(200, new { status = "COMPLETED" }));
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(400, new { detail = "Request is still in progress" }));

        (await world.QueryAsync("r")).Should().BeOfType<QueryOutcome.Running>();
    }

    [Fact]
    public async Task QueryAsync_ResultGone_IsFailedAndNotRunningForEver()
    {
        await using var world = await AdapterWorld.OpenAsync("fal");
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(200, new { status = "COMPLETED" }));
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(404, new { detail = "Request not found" }));

        (await world.QueryAsync("r")).Should().BeOfType<QueryOutcome.Failed>().Which.Error.Should().Be(TaskErrorCode.GenerationFailedNoContent);
    }

    [Fact]
    public async Task QueryAsync_ResultServerErrorWithoutDetails_IsAskedAgain()
    {
        await using var world = await AdapterWorld.OpenAsync("fal");
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(200, new { status = "COMPLETED" }));
        world.Plan.Answer(CallKind.Query, new(502, "bad gateway"));

        (await world.QueryAsync("r")).Should().BeOfType<QueryOutcome.Unavailable>();
    }

    [Fact]
    public async Task SubmitAsync_Always_SwitchesOffTheirOwnRetries()
    {
        await using var world = await AdapterWorld.OpenAsync("fal");
        await world.AcceptAsync();

        ((FalSimulator)world.Simulator).SubmitsWithOwnRetries.Should().Be(0);
        world.Simulator.Jobs.Single().CallbackUrl.Should().Be(AdapterWorld.Request().CallbackUrl);
    }

    [Fact]
    public async Task SubmitAsync_ContentPolicy_IsFinal()
    {
        await using var world = await AdapterWorld.OpenAsync("fal");
        world.Plan.Next(CallKind.Submit, Misbehaviour.ContentPolicy);

        (await world.SubmitAsync()).Should().BeOfType<SubmitOutcome.RefusedEverywhere>().Which.Error.Should().Be(TaskErrorCode.ContentPolicyViolation);
    }

    [Fact]
    public async Task CancelAsync_Running_IsUnclearForItNeedNotHeed()
    {
        await using var world = await AdapterWorld.OpenAsync("fal");
        var id = await world.AcceptAsync();
        world.Job(id).Stage = JobStage.Running;

        (await world.Upstream.CancelAsync(AdapterWorld.AccountName, id, default)).Should().BeOfType<CancelOutcome.Unclear>();
    }

    [Fact]
    public async Task ReadCallbackAsync_Signed_IsTold()
    {
        await using var world = await AdapterWorld.OpenAsync("fal");

        // The success example of https://docs.fal.ai/model-endpoints/webhooks, with this model's output.
        const string Body = """{"request_id":"123e4567","gateway_request_id":"123e4567","status":"OK","payload":{"video":{"url":"https://v3.fal.media/x.mp4","content_type":"video/mp4","file_name":"x.mp4","file_size":1824075}}}""";

        (await ReadAsync(world, "123e4567", Body)).Should().Be(
            new CallbackReading.Told("123e4567", new QueryOutcome.Succeeded(new("https://v3.fal.media/x.mp4", null))));
        await ReadAsync(world, "123e4567", Body);
        ((FalSimulator)world.Simulator).KeyFetches.Should().Be(1, "keys are kept");
    }

    [Fact]
    public async Task ReadCallbackAsync_SignedError_IsToldWithItsClass()
    {
        await using var world = await AdapterWorld.OpenAsync("fal");

        // The error example of the same page.
        const string Body = """{"request_id":"r1","gateway_request_id":"r1","status":"ERROR","error":"Invalid status code: 422","payload":{"detail":[{"loc":["body","prompt"],"msg":"flagged","type":"content_policy_violation"}]}}""";

        var told = (await ReadAsync(world, "r1", Body)).Should().BeOfType<CallbackReading.Told>().Which;

        told.Outcome.Should().BeOfType<QueryOutcome.Failed>().Which.RetryElsewhere.Should().BeFalse();
    }

    [Theory]
    [InlineData("timestamp")]
    [InlineData("body")]
    [InlineData("request")]
    [InlineData("signature")]
    [InlineData("none")]
    public async Task ReadCallbackAsync_Changed_IsRefused(string change)
    {
        await using var world = await AdapterWorld.OpenAsync("fal");
        const string Body = """{"request_id":"r1","status":"OK","payload":{"video":{"url":"https://v3.fal.media/x.mp4"}}}""";
        var headers = Sign(world, "r1", Body, TimeProvider.System.GetUtcNow() - (change == "timestamp" ? TimeSpan.FromSeconds(310) : TimeSpan.Zero));
        headers = change switch
        {
            "request" => headers.SetItem("X-Fal-Webhook-Request-Id", "r2"),
            "signature" => headers.SetItem("x-fal-webhook-signature", new string('0', 128)),
            "none" => headers.Clear(),
            _ => headers,
        };

        var reading = await ReadAsync(world, headers, change == "body" ? Body.Replace("x.mp4", "y.mp4", StringComparison.Ordinal) : Body);

        reading.Should().BeOfType<CallbackReading.Refused>();
    }

    [Fact]
    public async Task ReadCallbackAsync_ManyForgeries_FetchTheKeysOnceAMinute()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var world = await AdapterWorld.OpenAsync("fal", time);
        for (var n = 0; n < 20; n++)
        {
            var forged = Sign(world, "r1", "{}", time.GetUtcNow()).SetItem("X-Fal-Webhook-Signature", new string('0', 128));
            (await ReadAsync(world, forged, "{}")).Should().BeOfType<CallbackReading.Refused>();
        }

        ((FalSimulator)world.Simulator).KeyFetches.Should().Be(1);
        time.Advance(TimeSpan.FromMinutes(1));
        await ReadAsync(world, Sign(world, "r1", "{}", time.GetUtcNow()).SetItem("X-Fal-Webhook-Signature", new string('0', 128)), "{}");
        ((FalSimulator)world.Simulator).KeyFetches.Should().Be(2, "keys may have changed");
    }

    private static ImmutableDictionary<string, string> Sign(AdapterWorld world, string id, string body, DateTimeOffset at) =>
        ((FalSimulator)world.Simulator).Sign(id, body, at).ToImmutableDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase);

    private static Task<CallbackReading> ReadAsync(AdapterWorld world, string id, string body) =>
        ReadAsync(world, Sign(world, id, body, TimeProvider.System.GetUtcNow()), body);

    private static Task<CallbackReading> ReadAsync(AdapterWorld world, ImmutableDictionary<string, string> headers, string body) =>
        world.Upstream.ReadCallbackAsync(
            new() { Account = AdapterWorld.AccountName, Reference = "att_1", Headers = headers, Body = Encoding.UTF8.GetBytes(body) }, default);
}
