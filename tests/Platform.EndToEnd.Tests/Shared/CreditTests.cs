using System.Net;
using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Shared;

/// <summary>Credits to the last digit, as text.</summary>
[Collection(SharedPlatformTests.Name)]
public sealed class CreditTests(SharedPlatform shared)
{
    [Fact]
    public async Task Ledger_FiveSecondsAt720p_SettlesTheHold() => await ExpectAsync(
        await Clips.FiveSeconds, new(), "hold -40.824 40.824", "settlement 0 -40.824");

    [Fact]
    public async Task Ledger_FiveSecondsAt1080p_CostsTheMultiple() => await ExpectAsync(
        await Clips.FiveSeconds, new("1080p"), "hold -54.4184 54.4184", "settlement 0 -54.4184");

    [Fact]
    public async Task Ledger_ClipOf3400Milliseconds_SettlesThreeSecondsAndReleasesOne() => await ExpectAsync(
        await Clips.Short, new(), "hold -32.6592 32.6592", "settlement 0 -24.4944", "release 8.1648 -8.1648");

    [Fact]
    public async Task Ledger_ClipOf150FramesAt2997_IsAFiveSecondClip() => await ExpectAsync(
        await Clips.Broadcast, new(), "hold -40.824 40.824", "settlement 0 -40.824");

    [Fact]
    public async Task Ledger_VideoShorterThanTheClip_SettlesWhatWasMade() => await ExpectAsync(
        await Clips.FiveSeconds, new(Prompt: "[sandbox:short=3.4]"), "hold -40.824 40.824", "settlement 0 -24.4944", "release 16.3296 -16.3296");

    [Theory]
    [InlineData("service_error")]
    [InlineData("content_policy_violation")]
    [InlineData("image_processing_error")]
    public async Task Ledger_FailedTask_ReleasesAll(string code)
    {
        var caller = await shared.Platform.NewTenantAsync("100");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.FiveSeconds);
        var ended = await caller.EndedAsync(await caller.CreatedAsync(inputs, new(Prompt: $"[sandbox:fail={code}]")));

        ended.Text("status").Should().Be("failed");
        ended.GetProperty("error").Text("code").Should().Be(code);
        ended.GetProperty("usage").Raw("credits_used").Should().Be("0");
        ended.TryGetProperty("results", out _).Should().BeFalse();
        (await caller.EntriesAsync(ended.Text("id"))).Should().Equal("hold -40.824 40.824", "release 40.824 -40.824");
        (await BalanceAsync(caller)).Should().Be("100 available, 0 held, 0 used");
    }

    /// <summary>50 at once with credits for 20: the account is asked by all of them at the same moment.</summary>
    [Fact]
    public async Task Create_FiftyAtOnceWithCreditsForTwenty_AcceptsTwenty()
    {
        var caller = await shared.Platform.NewTenantAsync("816.48");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.FiveSeconds);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => caller.CreateAsync(inputs, Wanted.Hang)));

        var accepted = answers.Where(a => a.Status == HttpStatusCode.OK).Select(a => a.Body.Text("id")).ToList();
        accepted.Should().HaveCount(20).And.OnlyHaveUniqueItems();
        var refused = answers.Where(a => a.Status != HttpStatusCode.OK).ToList();
        refused.Should().HaveCount(30);
        foreach (var error in refused.Select(a => a.Error(HttpStatusCode.PaymentRequired)))
        {
            error.Text("type").Should().Be("insufficient_quota_error");
            error.Text("message").Should().Be("40.824 credits are needed and 0 are available.");
        }

        var ledger = await caller.LedgerAsync();
        ledger.Select(e => e.Text("kind")).Should().Equal([.. Enumerable.Repeat("hold", 20).Prepend("grant")]);
        ledger.Select(e => e.GetProperty("available_after").GetDecimal()).Should()
            .Equal(Enumerable.Range(0, 21).Select(n => 816.48m - (n * 40.824m)), "each entry takes one task's credits, down to nothing");
        (await BalanceAsync(caller)).Should().Be("0 available, 816.48 held, 0 used");

        var cancelled = await Task.WhenAll(accepted.Select(caller.CancelAsync));
        cancelled.Select(a => a.Ok().Text("status")).Should().AllBe("cancelled");
        (await BalanceAsync(caller)).Should().Be("816.48 available, 0 held, 0 used");
    }

    private async Task ExpectAsync(string clip, Wanted wanted, params string[] entries)
    {
        var caller = await shared.Platform.NewTenantAsync("100");
        var inputs = await caller.UploadAsync(await Clips.Image, clip);
        var created = (await caller.CreateAsync(inputs, wanted)).Ok();
        var ended = await caller.EndedAsync(created.Text("id"));

        ended.Text("status").Should().Be("completed");
        (await caller.EntriesAsync(ended.Text("id"))).Should().Equal(entries);
        entries[0].Should().EndWith($" {created.GetProperty("usage").Raw("credits_reserved")}");
        entries[1].Should().EndWith($" -{ended.GetProperty("usage").Raw("credits_used")}");
        var used = ended.GetProperty("usage").GetProperty("credits_used").GetDecimal();
        (await BalanceAsync(caller)).Should().Be($"{100m - used:0.########} available, 0 held, {used} used");
    }

    private static async Task<string> BalanceAsync(Caller caller)
    {
        var user = (await caller.GetAsync("/v1/credits")).Ok().GetProperty("data").GetProperty("user");
        return $"{user.Raw("remaining_credits")} available, {user.Raw("reserved_credits")} held, {user.Raw("used_credits")} used";
    }
}
