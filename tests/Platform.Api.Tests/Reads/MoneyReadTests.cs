using System.Net;
using System.Text.Json;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Reads;

/// <summary>Receipt, statement and usage of the same tasks: they must tell the same.</summary>
[Collection(PlatformCollection.Name)]
public sealed class MoneyReadTests(TestPlatform platform)
{
    [Fact]
    public async Task Receipt_OfACompletedTask_ExplainsTheNumberToTheLastDigit()
    {
        var tenant = await platform.NewTenantAsync(credits: 100);
        var task = await tenant.CompleteAsync();

        var receipt = await tenant.GetJsonAsync($"/v1/tasks/{task.Id()}/receipt");

        var price = receipt.GetProperty("price");
        price.GetProperty("unit_price").GetRawText().Should().Be("8.1648");
        price.GetProperty("unit_price_usd").GetRawText().Should().Be("0.1134");
        price.GetProperty("credits_per_usd").GetRawText().Should().Be("72");
        price.GetProperty("unit_price_rounding").GetRawText().Should().Be("""{"mode":"half_away_from_zero","decimals":5}""");
        receipt.GetProperty("credits").GetRawText().Should().Be("""{"reserved":40.824,"used":40.824,"released":0}""");
        receipt.GetProperty("usd").GetRawText().Should().Be("""{"reserved":0.567,"used":0.567,"released":0}""");
        var seconds = receipt.GetProperty("seconds");
        (seconds.GetProperty("reserved").GetInt32(), seconds.GetProperty("billed").GetInt32()).Should().Be((5, 5));
        Math.Round(seconds.GetProperty("measured").GetDecimal(), MidpointRounding.AwayFromZero).Should().Be(5);
        var ledger = receipt.GetProperty("ledger").EnumerateArray().ToList();
        ledger.Select(e => e.GetProperty("kind").GetString()).Should().Equal("hold", "settlement");
        ledger[0].GetProperty("available_after").GetRawText().Should().Be("59.176");
        ledger[1].GetProperty("held_after").GetRawText().Should().Be("0");
        receipt.GetProperty("attempts").EnumerateArray().Should().ContainSingle().Which.Names().Should().Equal("number", "started", "ended", "outcome");
        receipt.GetProperty("inputs").EnumerateArray().Select(i => i.GetProperty("kind").GetString()).Should().BeEquivalentTo("image", "video");
        receipt.GetProperty("result").GetProperty("sha256").GetString().Should().MatchRegex("^[0-9a-f]{64}$");
        receipt.GetRawText().Should().NotContain("sandbox", "who made it is not the tenant's business");
        using var foreign = await (await platform.NewTenantAsync()).Client.GetAsync($"/v1/tasks/{task.Id()}/receipt");
        await foreign.ShouldBeErrorAsync(HttpStatusCode.NotFound, "task_not_found");
        using var malformed = await tenant.Client.GetAsync("/v1/tasks/nonsense/receipt");
        await malformed.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_task_id", "id");
    }

    [Fact]
    public async Task LedgerAndUsage_OfCompletedAndFailedTasks_AreTheSameMoney()
    {
        var tenant = await platform.NewTenantAsync(credits: 500);
        var completed = await tenant.CompleteAsync();
        var failed = await tenant.CreateAsync(await tenant.UploadSamplesAsync(), "[sandbox:fail=service_error]");
        await tenant.WaitForEndAsync(failed);
        await tenant.CreateAsync(await tenant.UploadSamplesAsync(), "[sandbox:hang]");

        var settled = (await LedgerAsync("kind=settlement")).Sum(e => -e.GetProperty("held").GetDecimal());
        var usage = await tenant.GetJsonAsync("/v1/usage?group_by=day,model,quality,key,end_user");
        var byStatus = await tenant.GetJsonAsync("/v1/usage?group_by=status");

        var total = usage.GetProperty("total");
        total.GetProperty("credits_used").GetDecimal().Should().Be(settled).And.Be(40.824m);
        total.GetProperty("credits_used").GetRawText().Should().Be("40.824");
        (Long(total, "tasks"), Long(total, "completed"), Long(total, "failed"), Long(total, "seconds_billed")).Should().Be((2, 1, 1, 5));
        var row = usage.GetProperty("data").EnumerateArray().Should().ContainSingle().Subject;
        row.GetProperty("key").GetString().Should().Be(tenant.KeyId);
        row.GetProperty("day").GetString().Should().MatchRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
        byStatus.GetProperty("data").EnumerateArray().Select(r => r.GetProperty("status").GetString())
            .Should().HaveCount(3).And.Contain("completed").And.Contain("failed");
        (await LedgerAsync($"task_id={failed}")).Select(e => e.GetProperty("kind").GetString()).Should().Equal("release", "hold");
        (await LedgerAsync($"task_id={completed.Id()}&kind=hold")).Should().ContainSingle();
        (await LedgerAsync("from=2100-01-01T00:00:00Z")).Should().BeEmpty();
        (await LedgerAsync("to=2100-01-01T00:00:00Z&limit=500")).Should().HaveCount(6);

        async Task<List<JsonElement>> LedgerAsync(string query) =>
            [.. (await tenant.GetJsonAsync($"/v1/ledger?{query}")).GetProperty("data").EnumerateArray()];
    }

    [Theory]
    [InlineData("text/csv", true)]
    [InlineData("application/json, text/csv;q=0.9", false)]
    [InlineData("text/csv, application/json;q=0.5", true)]
    [InlineData("text/csv;q=0", false)]
    [InlineData("*/*", false)]
    public async Task Ledger_ByAccept_IsCsvOrJson(string accept, bool csv)
    {
        var tenant = await platform.NewTenantAsync(credits: 1);

        using var response = await GetAsync(tenant, "/v1/ledger", accept);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.Should().Be(csv ? "text/csv" : "application/json");
        response.Headers.Vary.Should().Contain("Accept");
    }

    [Fact]
    public async Task Ledger_AsCsv_IsTheWholeHistoryWithoutFormulas()
    {
        var tenant = await platform.NewTenantAsync();
        for (var i = 0; i < 3; i++)
        {
            using var grant = await platform.SendAsOperatorAsync(
                $"/admin/v1/tenants/{tenant.Id}/grants", """{"credits":0.00000001,"note":"=HYPERLINK(\"x\"), a\nb"}""");
            grant.StatusCode.Should().Be(HttpStatusCode.OK);
        }

        using var response = await GetAsync(tenant, "/v1/ledger?kind=grant", "text/csv");
        using var limited = await GetAsync(tenant, "/v1/ledger?limit=1", "text/csv");

        var text = await response.Content.ReadAsStringAsync();
        text.Should().StartWith("sequence,time,kind,task_id,available,held,available_after,held_after,note,expires_at\r\n3,20").And.EndWith("\r\n");
        text.Should().Contain(",grant,,0.00000001,0,0.00000002,0,\"'=HYPERLINK(\"\"x\"\"), a\nb\",\r\n2,20");
        response.Content.Headers.ContentDisposition!.FileName.Should().Be("\"ledger.csv\"");
        await limited.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "limit");
    }

    [Theory]
    [InlineData("/v1/ledger?kind=refund", "kind")]
    [InlineData("/v1/ledger?task_id=7", "task_id")]
    [InlineData("/v1/ledger?after=x", "after")]
    [InlineData("/v1/ledger?limit=501", "limit")]
    [InlineData("/v1/usage?group_by=week", "group_by")]
    [InlineData("/v1/usage?group_by=day,day", "group_by")]
    [InlineData("/v1/usage?group_by=day,", "group_by")]
    [InlineData("/v1/usage?from=2026-01-01T00:00:00Z&to=2027-01-02T00:00:01Z", "from")]
    [InlineData("/v1/usage?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from")]
    [InlineData("/v1/usage?to=0001-01-01T00:00:00Z&from=x", "from")]
    [InlineData("/v1/usage?status=done", "status")]
    [InlineData("/v1/usage?model=x", "model")]
    [InlineData("/v1/status?model=x", "model")]
    public async Task Reads_BadQuery_NameTheParameter(string path, string param)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.Client.GetAsync(path);

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", param);
    }

    [Theory]
    [InlineData("/v1/usage?group_by=")]
    [InlineData("/v1/usage?to=0001-01-01T00:00:00Z")]
    [InlineData("/v1/usage?to=9999-12-31T23:59:59Z")]
    [InlineData("/v1/usage?from=2026-01-01T00:00:00Z&to=2027-01-02T00:00:00Z&status=failed")]
    public async Task Usage_OfATenantWithoutTasks_IsZero(string path)
    {
        var usage = await (await platform.NewTenantAsync()).GetJsonAsync(path);

        usage.GetProperty("total").GetRawText().Should().Be(
            """{"tasks":0,"completed":0,"failed":0,"cancelled":0,"seconds_billed":0,"credits_used":0}""");
    }

    [Fact]
    public async Task Status_WithoutAKey_TellsHowModelsDoAndNothingElse()
    {
        await (await platform.NewTenantAsync(credits: 100)).CompleteAsync();

        using var response = await platform.Anonymous.GetAsync("/v1/status");

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        response.Headers.CacheControl!.ToString().Should().Be("public, max-age=30");
        var status = await response.JsonAsync();
        status.Names().Should().Equal("from", "to", "updated_at", "data", "object");
        (Long(status, "to") - Long(status, "from")).Should().Be(86_400);
        var model = status.GetProperty("data").EnumerateArray().First(m => m.GetProperty("model").GetString() == "kling-v3-motion-control");
        model.Names().Should().BeSubsetOf(["model", "success_rate", "p50_seconds", "p95_seconds", "hours"]);
        status.GetRawText().Should().NotContain("ten_");
    }

    private static long Long(JsonElement value, string name) => value.GetProperty(name).GetInt64();

    private static async Task<HttpResponseMessage> GetAsync(TestTenant tenant, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept).Should().BeTrue();
        return await tenant.Client.SendAsync(request);
    }
}
