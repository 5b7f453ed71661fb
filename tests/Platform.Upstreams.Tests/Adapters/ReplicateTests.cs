using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.UpstreamSimulators;

namespace Platform.Upstreams.Tests.Adapters;

/// <summary>Replicate, row by row of the fact sheet.</summary>
public sealed class ReplicateTests
{
    private const string Body = """{"id":"gm3qorzdhgbfurvjtvhg6dckhu","status":"succeeded","output":"https://replicate.delivery/x.mp4","error":null}""";

    [Theory]
    [InlineData("starting", typeof(QueryOutcome.Running))]
    [InlineData("processing", typeof(QueryOutcome.Running))]
    [InlineData("queued", typeof(QueryOutcome.Running))]
    [InlineData("canceled", typeof(QueryOutcome.Cancelled))]
    [InlineData("aborted", typeof(QueryOutcome.Failed))]
    [InlineData("failed", typeof(QueryOutcome.Failed))]
    public async Task QueryAsync_Status_IsOfItsClass(string status, Type expected)
    {
        await using var world = await AdapterWorld.OpenAsync("replicate");
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(200, new { id = "p", status, error = (string?)null }));

        var outcome = await world.QueryAsync("p");

        outcome.Should().BeOfType(expected);
        if (outcome is QueryOutcome.Failed failed)
        {
            failed.RetryElsewhere.Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("\"https://replicate.delivery/x.mp4\"")]
    [InlineData("[\"https://replicate.delivery/x.mp4\"]")]
    [InlineData("[{\"other\":1},\"https://replicate.delivery/x.mp4\",null]")]
    public async Task QueryAsync_Succeeded_TakesAUrlOrAList(string output)
    {
        await using var world = await AdapterWorld.OpenAsync("replicate");
        world.Plan.Answer(CallKind.Query, new(200, $$$"""{"id":"p","status":"succeeded","output":{{{output}}},"metrics":{"predict_time":5.1}}"""));

        (await world.QueryAsync("p")).Should().Be(new QueryOutcome.Succeeded(new("https://replicate.delivery/x.mp4", null)));
    }

    [Fact]
    public async Task QueryAsync_OutputRemovedAfterAnHour_IsFailedWithoutContent()
    {
        await using var world = await AdapterWorld.OpenAsync("replicate");
        var id = await world.AcceptAsync(Misbehaviour.ResultGone);
        await world.SucceedAsync(id);

        (await world.QueryAsync(id)).Should().BeOfType<QueryOutcome.Failed>().Which.Error.Should().Be(TaskErrorCode.GenerationFailedNoContent);
    }

    [Fact]
    public async Task SubmitAsync_Throttled_SaysForHowLong()
    {
        await using var world = await AdapterWorld.OpenAsync("replicate");
        world.Plan.Next(CallKind.Submit, Misbehaviour.TooFast);

        (await world.SubmitAsync()).Should().BeOfType<SubmitOutcome.Busy>().Which.RetryAfter.Should().Be(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task SubmitAsync_FieldThatItDoesNotKnow_IsOurSettingAndNotTheTenantsInput()
    {
        await using var world = await AdapterWorld.OpenAsync("replicate");
        world.Plan.Next(CallKind.Submit, Misbehaviour.BadParameters);

        (await world.SubmitAsync()).Should().BeOfType<SubmitOutcome.RefusedHere>();
    }

    [Fact]
    public async Task SubmitAsync_RenamedFields_AreSentByTheirNames()
    {
        // The simulator takes the dearer quality from 'mode' alone.
        await using var world = await AdapterWorld.OpenAsync("replicate", configure: account => account.Fields["mode"] = "");
        await world.AcceptAsync();

        world.Simulator.Jobs.Single().IsHighQuality.Should().BeFalse("the field was left out");
    }

    [Fact]
    public async Task ReadCallbackAsync_Signed_IsTold() =>
        (await ReadAsync(new SimulatorOptions().WebhookSecret, TimeSpan.Zero)).Should().Be(
            new CallbackReading.Told("gm3qorzdhgbfurvjtvhg6dckhu", new QueryOutcome.Succeeded(new("https://replicate.delivery/x.mp4", null))));

    [Fact]
    public async Task ReadCallbackAsync_SignedByAnother_IsRefused() =>
        (await ReadAsync("whsec_YW5vdGhlciBzZWNyZXQ=", TimeSpan.Zero)).Should().BeOfType<CallbackReading.Refused>();

    [Theory]
    [InlineData(310)]
    [InlineData(-310)]
    public async Task ReadCallbackAsync_OldOrEarly_IsRefused(int seconds) =>
        (await ReadAsync(new SimulatorOptions().WebhookSecret, TimeSpan.FromSeconds(seconds))).Should().BeOfType<CallbackReading.Refused>();

    [Fact]
    public async Task ReadCallbackAsync_PublishedVector_IsVerified()
    {
        // The vector of Svix' and Standard Webhooks' own libraries (https://github.com/standard-webhooks/standard-webhooks), at its time.
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1614265330));
        await using var world = await AdapterWorld.OpenAsync("replicate", time, account =>
        {
            account.WebhookSecrets.Clear();
            account.WebhookSecrets.Add("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        });
        var headers = ImmutableDictionary<string, string>.Empty.WithComparers(StringComparer.OrdinalIgnoreCase)
            .Add("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
            .Add("webhook-timestamp", "1614265330")
            .Add("webhook-signature", "v1,bm9ldHUjKzFob2VudXRob2VodWUzMjRvdWVvdW9ldQo= v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

        var reading = await world.Upstream.ReadCallbackAsync(
            new() { Account = AdapterWorld.AccountName, Reference = "att_1", Headers = headers, Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}""") }, default);

        reading.Should().BeOfType<CallbackReading.AskNow>("it is signed, and says nothing of a prediction");
    }

    private static async Task<CallbackReading> ReadAsync(string secret, TimeSpan age)
    {
        await using var world = await AdapterWorld.OpenAsync("replicate");
        var headers = WebhookSignature.Of(secret, "msg_1", TimeProvider.System.GetUtcNow() - age, Body)
            .ToImmutableDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase);
        return await world.Upstream.ReadCallbackAsync(
            new() { Account = AdapterWorld.AccountName, Reference = "att_1", Headers = headers, Body = Encoding.UTF8.GetBytes(Body) }, default);
    }
}
