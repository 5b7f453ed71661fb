using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.UpstreamSimulators;

namespace Platform.Upstreams.Tests.Adapters;

/// <summary>An upstream of this platform's own shape, row by row; and the accounts' settings.</summary>
public sealed class PlatformTests
{
    [Theory]
    [InlineData(402, "insufficient_user_quota", typeof(SubmitOutcome.AccountDead))]
    [InlineData(402, "insufficient_token_quota", typeof(SubmitOutcome.AccountDead))]
    [InlineData(402, "token_daily_quota_exceeded", typeof(SubmitOutcome.AccountDead))]
    [InlineData(401, "invalid_api_key", typeof(SubmitOutcome.AccountDead))]
    [InlineData(401, "key_expired", typeof(SubmitOutcome.AccountDead))]
    [InlineData(403, "user_disabled", typeof(SubmitOutcome.AccountDead))]
    [InlineData(403, "key_model_not_allowed", typeof(SubmitOutcome.RefusedHere))]
    [InlineData(400, "invalid_parameter", typeof(SubmitOutcome.RefusedHere))]
    [InlineData(400, "content_policy_violation", typeof(SubmitOutcome.RefusedEverywhere))]
    [InlineData(409, "idempotency_in_progress", typeof(SubmitOutcome.Unclear))]
    [InlineData(422, "idempotency_conflict", typeof(SubmitOutcome.Unclear))]
    [InlineData(429, "queue_full", typeof(SubmitOutcome.Busy))]
    [InlineData(503, "no_available_channel", typeof(SubmitOutcome.Busy))]
    [InlineData(503, "service_unavailable", typeof(SubmitOutcome.Unclear))]
    [InlineData(500, "internal_error", typeof(SubmitOutcome.Unclear))]
    public async Task SubmitAsync_ErrorCode_IsOfItsClass(int status, string code, Type expected)
    {
        await using var world = await AdapterWorld.OpenAsync("platform");
        world.Plan.Answer(CallKind.Submit, SimulatorAnswer.Of(status, new { error = new { code, message = "m", type = "t" } }));

        (await world.SubmitAsync()).Should().BeOfType(expected);
    }

    [Theory]
    [InlineData("content_policy_violation", TaskErrorCode.ContentPolicyViolation, false)]
    [InlineData("invalid_parameters", TaskErrorCode.InvalidParameters, false)]
    [InlineData("image_processing_error", TaskErrorCode.ImageProcessingError, false)]
    [InlineData("image_dimension_mismatch", TaskErrorCode.ImageDimensionMismatch, false)]
    [InlineData("generation_timeout", TaskErrorCode.GenerationTimeout, true)]
    [InlineData("resource_exhausted", TaskErrorCode.ResourceExhausted, true)]
    [InlineData("something_new", TaskErrorCode.UnknownError, true)]
    public async Task QueryAsync_Failed_KeepsTheTaskError(string code, TaskErrorCode error, bool retryElsewhere)
    {
        await using var world = await AdapterWorld.OpenAsync("platform");
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(200, new { id = "t", status = "failed", error = new { code, message = "m", type = "t" } }));

        (await world.QueryAsync("t")).Should().Be(new QueryOutcome.Failed(error, new(code, "m"), retryElsewhere));
    }

    [Fact]
    public async Task SubmitAsync_LostReply_IsFoundByReferenceAndSentAgainMakesNoSecondTask()
    {
        await using var world = await AdapterWorld.OpenAsync("platform");
        world.Plan.Next(CallKind.Submit, Misbehaviour.LoseReply);
        await world.SubmitAsync();

        var found = (await world.Upstream.FindByReferenceAsync(AdapterWorld.AccountName, AdapterWorld.Request().Reference, default))
            .Should().BeOfType<LookupOutcome.Found>().Which;

        (await world.SubmitAsync()).Should().Be(new SubmitOutcome.Accepted(found.UpstreamTaskId));
        world.Simulator.JobsPerReference.Should().ContainSingle().Which.Value.Should().Be(1);
    }

    [Fact]
    public async Task FindByReferenceAsync_ListThatIsNotFiltered_ProvesNothing()
    {
        await using var world = await AdapterWorld.OpenAsync("platform");
        world.Plan.Answer(CallKind.Query, SimulatorAnswer.Of(200, new { data = new[] { new { id = "task-unified-1-other", status = "completed" } } }));

        (await world.Upstream.FindByReferenceAsync(AdapterWorld.AccountName, "att_1", default)).Should().BeOfType<LookupOutcome.Unavailable>();
    }

    [Fact]
    public async Task QueryAsync_Completed_ReadsLinkAndLength()
    {
        await using var world = await AdapterWorld.OpenAsync("platform");
        var id = await world.AcceptAsync();
        await world.SucceedAsync(id);

        (await world.QueryAsync(id)).Should().BeOfType<QueryOutcome.Succeeded>().Which.Output.DurationSeconds.Should().Be(5m);
    }

    [Theory]
    [InlineData("other", null, null, "Kind")]
    [InlineData("kling", null, null, "SecretKey")]
    [InlineData("fal", null, null, "ApiKey")]
    [InlineData("platform", "key", null, "BaseUrl")]
    [InlineData("replicate", "key", "ftp://x", "BaseUrl")]
    [InlineData("replicate", "key\n", null, "ApiKey")]
    public void Settings_ThatCannotWork_AreRefusedByName(string kind, string? key, string? baseUrl, string property)
    {
        using var services = new ServiceCollection()
            .AddUpstreams(upstreams => upstreams.Accounts["a"] = new() { Kind = kind, ApiKey = key, BaseUrl = baseUrl, AccessKey = "x" })
            .BuildServiceProvider();

        var read = () => services.GetRequiredService<IOptions<UpstreamOptions>>().Value;

        read.Should().Throw<OptionsValidationException>().WithMessage($"*Accounts:a:{property} *");
    }

    [Fact]
    public void Accounts_AsRoutingSeesThem_HaveNoSecrets()
    {
        using var services = new ServiceCollection()
            .AddUpstreams(upstreams =>
            {
                upstreams.Accounts["b"] = new() { Kind = "fal", ApiKey = "k", Slots = 5 };
                upstreams.Accounts["a"] = new() { Kind = "replicate", ApiKey = "k" };
                upstreams.Accounts["b"].Regions.Add("eu");
            })
            .BuildServiceProvider();

        services.GetRequiredService<IUpstreamAccounts>().Accounts.Should().BeEquivalentTo(
            [new UpstreamAccount { Name = "a", Kind = "replicate" }, new UpstreamAccount { Name = "b", Kind = "fal", Regions = ["eu"], Slots = 5 }],
            options => options.WithStrictOrdering());
    }
}
