using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Hosting;
using Platform.Api.Videos.Estimates;
using Platform.Domain.Catalog;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Api.Tests.Videos;

[Collection(PlatformCollection.Name)]
public sealed class EstimateTests(TestPlatform platform)
{
    private const string Create = "/v1/videos/generations";
    private const string Estimate = "/v1/videos/generations/estimate";

    [Fact]
    public async Task Estimate_ThePagesRequest_SaysWhatACreateReservesAndWhy()
    {
        var tenant = await platform.NewTenantAsync();
        var body = Bodies.OfThePage(await tenant.UploadSamplesAsync());

        var estimate = await EstimateAsync(tenant, body);

        estimate.GetProperty("object").GetString().Should().Be("video.generation.estimate");
        estimate.GetProperty("credits_reserved").GetRawText().Should().Be("40.824");
        estimate.GetProperty("usd_reserved").GetRawText().Should().Be("0.567");
        JsonNode.DeepEquals(JsonNode.Parse(estimate.GetProperty("price").GetRawText()), JsonNode.Parse("""
            {
              "version": 1, "quality": "720p", "base_per_second": 8.1648, "quality_multiplier": 1, "user_group": "default", "group_multiplier": 1,
              "unit_price": 8.1648, "unit_price_rounding": {"mode": "half_away_from_zero", "decimals": 5}, "unit_price_usd": 0.1134, "credits_per_usd": 72
            }
            """)).Should().BeTrue(estimate.ToString());
        JsonNode.DeepEquals(JsonNode.Parse(estimate.GetProperty("seconds").GetRawText()), JsonNode.Parse("""
            {"inspected": 5, "reserved": 5, "least": 3, "most": 10, "rounding": {"mode": "half_away_from_zero", "decimals": 0}}
            """)).Should().BeTrue(estimate.ToString());
        var left = DateTimeOffset.FromUnixTimeSeconds(estimate.GetProperty("quote_expires_at").GetInt64()) - TimeProvider.System.GetUtcNow();
        left.Should().BeGreaterThan(TimeSpan.FromMinutes(8)).And.BeLessThanOrEqualTo(TimeSpan.FromMinutes(10));
        estimate.GetProperty("warnings").GetArrayLength().Should().Be(0, estimate.ToString());
        (await tenant.GetJsonAsync("/v1/tasks")).GetProperty("data").GetArrayLength().Should().Be(0);
        (await tenant.GetJsonAsync("/v1/ledger")).GetProperty("data").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Estimate_1080p_IsRoundedOnce()
    {
        var tenant = await platform.NewTenantAsync();
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["quality"] = "1080p";

        var estimate = await EstimateAsync(tenant, body.ToJsonString());

        estimate.GetProperty("price").GetProperty("unit_price").GetRawText().Should().Be("10.88368");
        estimate.GetProperty("credits_reserved").GetRawText().Should().Be("54.4184");
    }

    [Fact]
    public async Task Estimate_WhatACreateRefuses_IsRefusedAlike()
    {
        var tenant = await platform.NewTenantAsync();
        var inputs = await tenant.UploadSamplesAsync();
        var body = Bodies.Hanging(inputs);
        body["quality"] = "4k";
        using var parameter = await tenant.PostAsync(Estimate, body.ToJsonString());
        var swapped = Bodies.Hanging(new(inputs.VideoUrl, inputs.ImageUrl)).ToJsonString();
        using var medium = await tenant.PostAsync(Estimate, swapped);
        using var nothing = await tenant.PostAsync(Estimate, "");

        await parameter.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "quality");
        await medium.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "image_urls");
        await nothing.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_body");
    }

    [Fact]
    public async Task Estimate_LimitsOfACreate_DoNotRefuseIt()
    {
        var tenant = await platform.NewTenantAsync();
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["max_credits"] = 1;
        body["quote_id"] = "quote_of_yesterday";

        (await EstimateAsync(tenant, body.ToJsonString())).GetProperty("credits_reserved").GetRawText().Should().Be("40.824");
    }

    [Fact]
    public async Task Create_QuotedThenThePriceChanges_CostsWhatWasQuoted()
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        var quote = (await EstimateAsync(tenant, body.ToJsonString())).GetProperty("quote_id").GetString()!;
        using var change = platform.Catalog.ChangePrice(10m);

        using var without = await tenant.PostAsync(Create, body.ToJsonString());
        body["quote_id"] = quote;
        body["prompt"] = "[sandbox:hang] another prompt is no other price";
        using var with = await tenant.PostAsync(Create, body.ToJsonString());

        (await without.JsonAsync()).GetProperty("usage").GetProperty("credits_reserved").GetRawText().Should().Be("50");
        var task = await with.JsonAsync();
        with.StatusCode.Should().Be(HttpStatusCode.OK, task.ToString());
        task.GetProperty("usage").GetProperty("credits_reserved").GetRawText().Should().Be("40.824");
        var receipt = await tenant.GetJsonAsync($"/v1/tasks/{task.GetProperty("id").GetString()}/receipt");
        receipt.GetProperty("price").GetProperty("version").GetInt32().Should().Be(1);
        receipt.GetProperty("price").GetProperty("base_per_second").GetRawText().Should().Be("8.1648");
        await CancelAllAsync(tenant);
    }

    [Fact]
    public async Task Create_QuoteThatHasEnded_SaysSo()
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["quote_id"] = Sign(tenant.Id, body, TimeProvider.System.GetUtcNow().AddSeconds(-1));
        var before = await tenant.CreditsAsync();

        using var response = await tenant.PostAsync(Create, body.ToJsonString());

        (await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "quote_expired", "quote_id")).Should().Contain("10 minutes");
        (await tenant.CreditsAsync()).Should().Be(before);
    }

    [Fact]
    public async Task Create_QuoteOfLess_Is402AndSaysBoth()
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());

        // As where the clip could not be looked at when it was quoted, or is another by now.
        body["quote_id"] = Sign(tenant.Id, body, TimeProvider.System.GetUtcNow().AddMinutes(5), credits: 40.82399999m);
        using var response = await tenant.PostAsync(Create, body.ToJsonString());

        var message = await response.ShouldBeErrorAsync(HttpStatusCode.PaymentRequired, "quote_exceeded", "quote_id");
        message.Should().Contain("40.824 ").And.Contain("40.82399999 ");
    }

    [Theory]
    [InlineData("quality", "1080p")]
    [InlineData("character_orientation", "video")]
    [InlineData("video_urls", "https://example.com/dance.mp4")]
    public async Task Create_QuoteForAnotherReservation_SaysSo(string parameter, string value)
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["quote_id"] = (await EstimateAsync(tenant, body.ToJsonString())).GetProperty("quote_id").GetString();
        (parameter == "character_orientation" ? body["model_params"]!.AsObject() : body)[parameter] = value;

        using var response = await tenant.PostAsync(Create, body.ToJsonString());

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "quote_mismatch", "quote_id");
    }

    [Fact]
    public async Task Create_QuoteOfAnotherTenantOrOfTheTestWorkspaceOrForged_IsNoQuote()
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var inputs = await tenant.UploadSamplesAsync();
        var body = Bodies.Hanging(inputs);
        var good = (await EstimateAsync(tenant, body.ToJsonString())).GetProperty("quote_id").GetString()!;
        var other = await platform.NewTenantAsync(credits: 1000);
        var workspace = await platform.NewTestKeyAsync(tenant);
        var forged = new List<(TestTenant Who, string Quote)>
        {
            (other, good), (workspace, good), (tenant, "quote_"), (tenant, "quote_!!"), (tenant, "q"), (tenant, good[..^4]), (tenant, good + "AAAA"),
            (tenant, new string('q', 512)),
        };
        for (var i = "quote_".Length; i < good.Length; i += 7)
        {
            forged.Add((tenant, good[..i] + (good[i] == 'A' ? 'B' : 'A') + good[(i + 1)..]));
        }

        foreach (var (who, quote) in forged)
        {
            var theirs = who == tenant ? inputs : await who.UploadSamplesAsync();
            var attempt = Bodies.Hanging(theirs);
            attempt["quote_id"] = quote;
            using var response = await who.PostAsync(Create, attempt.ToJsonString());
            await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_quote", "quote_id");
        }
    }

    [Fact]
    public async Task Create_QuoteOfAnotherKeyOfTheTenant_IsHonoured()
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["quote_id"] = (await EstimateAsync(tenant, body.ToJsonString())).GetProperty("quote_id").GetString();
        using var made = await platform.SendAsOperatorAsync($"/admin/v1/tenants/{tenant.Id}/api-keys", """{"name":"Second"}""");
        using var second = platform.NewClient((await made.JsonAsync()).GetProperty("secret").GetString());

        using var response = await second.PostAsync(Create, Json.Content(body.ToJsonString()));

        response.StatusCode.Should().Be(HttpStatusCode.OK);
        await CancelAllAsync(tenant);
    }

    [Theory]
    [InlineData("40.824", true)]
    [InlineData("40.82400000", true)]
    [InlineData("4.0824e1", true)]
    [InlineData("90000000000", true)]
    [InlineData("null", true)]
    [InlineData("40.82399999", false)]
    [InlineData("0", false)]
    [InlineData("1e-8", false)]
    public async Task Create_MaxCredits_RefusesWhatIsAbove(string max, bool isEnough)
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = WithMax(Bodies.Hanging(await tenant.UploadSamplesAsync()), max);

        using var response = await tenant.PostAsync(Create, body);

        if (isEnough)
        {
            response.StatusCode.Should().Be(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
            await CancelAllAsync(tenant);
        }
        else
        {
            (await response.ShouldBeErrorAsync(HttpStatusCode.PaymentRequired, "max_credits_exceeded", "max_credits")).Should().Contain("40.824 ");
            response.Headers.GetValues("x-should-retry").Should().Equal("false");
            (await tenant.GetJsonAsync("/v1/tasks")).GetProperty("data").GetArrayLength().Should().Be(0);
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-0.00000001")]
    [InlineData("40.824000001")]
    [InlineData("1e-9")]
    [InlineData("1e-400")]
    [InlineData("1e400")]
    [InlineData("90000000000.00000001")]
    [InlineData("90000000001")]
    [InlineData("0.00000000000000000000000000000000000000000000001")]
    [InlineData("1.0000000000000000000000000000000000000000000000001")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("\"40.824\"")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    public async Task Create_MaxCreditsThatIsNoAmount_IsRefused(string max)
    {
        var tenant = await platform.NewTenantAsync();
        var body = WithMax(Bodies.Hanging(new("https://example.com/a.png", "https://example.com/a.mp4")), max);

        using var response = await tenant.PostAsync(Create, body);

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "max_credits");
    }

    private static async Task<JsonElement> EstimateAsync(TestTenant tenant, string body)
    {
        using var response = await tenant.PostAsync(Estimate, body);
        var estimate = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, estimate.ToString());
        return estimate;
    }

    private static string WithMax(JsonObject body, string max)
    {
        // By hand, for a writer of JSON would write another number.
        var text = body.ToJsonString();
        return string.Create(CultureInfo.InvariantCulture, $"{text[..^1]},\"max_credits\":{max}}}");
    }

    private static async Task CancelAllAsync(TestTenant tenant)
    {
        foreach (var task in (await tenant.GetJsonAsync("/v1/tasks")).GetProperty("data").EnumerateArray())
        {
            (await tenant.PostAsync($"/v1/tasks/{task.GetProperty("id").GetString()}/cancel", "{}")).Dispose();
        }
    }

    private string Sign(string tenant, JsonObject body, DateTimeOffset expiresAt, decimal credits = 40.824m)
    {
        var request = new GenerationRequest
        {
            Model = MotionControlModel.Id,
            ImageUrl = "any",
            VideoUrl = body["video_urls"]!.GetValue<string>(),
            Quality = MotionControlModel.Quality720,
            CharacterOrientation = MotionControlModel.OrientationImage,
        };
        var price = PriceSnapshot.Of(MotionControlModel.Definition.Prices[0], request.Quality, Tenant.DefaultGroup, 1m);
        return platform.Services.GetRequiredService<QuoteSigner>().Sign(
            new TenantId(tenant), new(Quote.SubjectOf(request), price, CreditAmount.From(credits), expiresAt));
    }
}
