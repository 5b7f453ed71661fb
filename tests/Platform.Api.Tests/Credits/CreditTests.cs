using System.Net;
using Platform.Api.Tests.Hosting;
using Platform.Api.Tests.Videos;

namespace Platform.Api.Tests.Credits;

[Collection(PlatformCollection.Name)]
public sealed class CreditTests(TestPlatform platform)
{
    [Fact]
    public async Task GetCredits_AfterAHold_SaysWhatIsLeftAndHeld()
    {
        var tenant = await platform.NewTenantAsync(credits: 100.5m);
        using var created = await tenant.PostAsync("/v1/videos/generations", Bodies.Hanging(await tenant.UploadSamplesAsync()).ToJsonString());
        var id = (await created.JsonAsync()).GetProperty("id").GetString();

        var credits = await tenant.GetJsonAsync("/v1/credits");
        var ledger = await tenant.GetJsonAsync("/v1/ledger");

        credits.ToString().Should().Be(
            """{"success":true,"message":"","data":{"token":{"remaining_credits":59.676,"used_credits":0,"unlimited_credits":false},"user":{"remaining_credits":59.676,"used_credits":0,"reserved_credits":40.824}}}""");
        ledger.Names().Should().BeEquivalentTo("object", "data", "has_more");
        var entries = ledger.GetProperty("data").EnumerateArray().ToList();
        entries.Select(e => e.GetProperty("kind").GetString()).Should().Equal("hold", "grant");
        entries[0].GetProperty("task_id").GetString().Should().Be(id);
        entries[0].GetProperty("available").GetRawText().Should().Be("-40.824");
        entries[0].GetProperty("held_after").GetRawText().Should().Be("40.824");
        entries[1].GetProperty("available_after").GetRawText().Should().Be("100.5");
        using var cancelled = await tenant.PostAsync($"/v1/tasks/{id}/cancel", "{}");
    }

    [Fact]
    public async Task GetLedger_Pages_HaveEachEntryOnce()
    {
        var tenant = await platform.NewTenantAsync(credits: 1);
        for (var i = 0; i < 4; i++)
        {
            using var grant = await platform.SendAsOperatorAsync($"/admin/v1/tenants/{tenant.Id}/grants", """{"credits":1}""");
        }

        var first = await tenant.GetJsonAsync("/v1/ledger?limit=3");
        var second = await tenant.GetJsonAsync($"/v1/ledger?limit=3&after={first.GetProperty("next").GetString()}");

        first.GetProperty("has_more").GetBoolean().Should().BeTrue();
        second.GetProperty("has_more").GetBoolean().Should().BeFalse();
        first.GetProperty("data").EnumerateArray().Concat(second.GetProperty("data").EnumerateArray())
            .Select(e => e.GetProperty("sequence").GetInt64()).Should().HaveCount(5).And.BeInDescendingOrder().And.OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("after=x", "after")]
    [InlineData("after=-1", "after")]
    [InlineData("colour=red", "colour")]
    public async Task GetLedger_BadQuery_NamesTheParameter(string query, string param)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.GetAsync($"/v1/ledger?{query}");

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", param);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task GetHealth_WithoutKey_IsOk(string path)
    {
        using var response = await platform.Anonymous.GetAsync(path);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.JsonAsync()).ToString().Should().Be("""{"status":"ok"}""");
    }
}
