using System.Net;
using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Shared;

[Collection(SharedPlatformTests.Name)]
public sealed class IdempotencyTests(SharedPlatform shared)
{
    [Fact]
    public async Task Create_SameKeyTwentyTimesAtOnce_IsOneTask()
    {
        var caller = await shared.Platform.NewTenantAsync("1000");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.FiveSeconds);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => caller.CreateAsync(inputs, Wanted.Hang, idempotencyKey: "order-1")));

        var id = answers.Select(a => a.Ok().Text("id")).Distinct().Should().ContainSingle().Subject;
        answers.Count(a => a.Replayed == "true").Should().Be(19);
        answers.Count(a => a.Replayed is null).Should().Be(1);
        (await caller.TasksAsync()).Should().ContainSingle();
        (await caller.LedgerAsync()).Select(e => e.Text("kind")).Should().Equal("grant", "hold");

        var other = await caller.CreateAsync(inputs, Wanted.Hang with { Quality = "1080p" }, idempotencyKey: "order-1");
        other.Error(HttpStatusCode.UnprocessableEntity).Text("type").Should().Be("idempotency_error");

        var otherKey = await caller.CreateAsync(inputs, Wanted.Hang, idempotencyKey: "order-2");
        otherKey.Ok().Text("id").Should().NotBe(id);
        otherKey.Replayed.Should().BeNull();
    }

    [Fact]
    public async Task Create_KeyOfAnotherTenant_IsAnotherTask()
    {
        var one = await shared.Platform.NewTenantAsync("100");
        var other = await shared.Platform.NewTenantAsync("100");
        var first = await one.CreateAsync(await one.UploadAsync(await Clips.Image, await Clips.Quick), Wanted.Hang, "shared-key");
        var second = await other.CreateAsync(await other.UploadAsync(await Clips.Image, await Clips.Quick), Wanted.Hang, "shared-key");

        second.Ok().Text("id").Should().NotBe(first.Ok().Text("id"));
        second.Replayed.Should().BeNull();
    }

    [Fact]
    public async Task Create_RefusedRequest_IsNotRemembered()
    {
        var caller = await shared.Platform.NewTenantAsync("1");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);
        for (var time = 0; time < 2; time++)
        {
            var refused = await caller.CreateAsync(inputs, Wanted.Hang, "later");
            refused.Error(HttpStatusCode.PaymentRequired).Text("code").Should().Be("insufficient_user_quota");
            refused.Replayed.Should().BeNull();
        }
    }
}
