using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Videos;

[Collection(PlatformCollection.Name)]
public sealed class CreateBatchTests(TestPlatform platform)
{
    private const string Path = "/v1/videos/generations/batch";
    private static readonly int[] Bad = [0, 41, 99];

    [Fact]
    public async Task Batch_HundredWithThreeBadPartial_AcceptsTheOthersWithExactHolds()
    {
        var tenant = await platform.NewTenantAsync(credits: 10_000);
        var body = await HundredWithThreeBadAsync(tenant, "partial");

        using var response = await PostAsync(tenant, body);

        var batch = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, batch.ToString());
        batch.GetProperty("accepted").GetInt32().Should().Be(97);
        batch.GetProperty("refused").GetInt32().Should().Be(3);
        batch.GetProperty("credits_reserved").GetRawText().Should().Be("3959.928");
        var items = batch.GetProperty("data").EnumerateArray().ToList();
        items.Select(i => i.GetProperty("index").GetInt32()).Should().Equal(Enumerable.Range(0, 100));
        items.Where(i => i.TryGetProperty("error", out _)).Select(i => i.GetProperty("index").GetInt32()).Should().Equal(Bad);
        items[0].GetProperty("error").GetProperty("param").GetString().Should().Be("quality");
        items[41].GetProperty("error").GetProperty("param").GetString().Should().Be("image_urls");
        items[99].GetProperty("error").GetProperty("param").GetString().Should().Be("unheard_of");
        foreach (var item in items.Where(i => i.TryGetProperty("task", out _)))
        {
            var task = item.GetProperty("task");
            task.GetProperty("usage").GetProperty("credits_reserved").GetRawText().Should().Be("40.824");
            task.GetProperty("batch_id").GetString().Should().Be(batch.GetProperty("id").GetString());
            task.GetProperty("metadata").GetProperty("n").GetString().Should().Be($"{item.GetProperty("index").GetInt32()}");
            task.GetProperty("metadata").GetProperty("shop").GetString().Should().Be("north", "shared metadata and the item's are put together");
        }

        (await tenant.CreditsAsync()).Should().Contain("\"reserved_credits\":3959.928").And.Contain("\"remaining_credits\":6040.072");
        await CancelAllAsync(tenant);
        (await tenant.CreditsAsync()).Should().Contain("\"reserved_credits\":0}").And.Contain("\"remaining_credits\":10000,");
    }

    [Fact]
    public async Task Batch_HundredWithThreeBadAllOrNothing_AcceptsNoneAndSaysWhichAndWhy()
    {
        var tenant = await platform.NewTenantAsync(credits: 10_000);
        var body = await HundredWithThreeBadAsync(tenant, "all_or_nothing");
        var before = await tenant.CreditsAsync();

        using var response = await PostAsync(tenant, body, "key-1");

        var refusal = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.BadRequest, refusal.ToString());
        refusal.GetProperty("error").GetProperty("param").GetString().Should().Be("items[0].quality");
        refusal.GetProperty("error").GetProperty("code").GetString().Should().Be("invalid_parameter");
        refusal.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("index").GetInt32()).Should().Equal(Bad);
        refusal.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("error").GetProperty("param").GetString())
            .Should().Equal("quality", "image_urls", "unheard_of");
        (await tenant.CreditsAsync()).Should().Be(before);
        (await tenant.GetJsonAsync("/v1/tasks")).GetProperty("data").GetArrayLength().Should().Be(0);

        foreach (var bad in Bad.Reverse())
        {
            body["items"]!.AsArray().RemoveAt(bad);
        }

        // A refusal is not remembered: the key is still free.
        using var mended = await PostAsync(tenant, body, "key-1");
        var batch = await mended.JsonAsync();
        mended.StatusCode.Should().Be(HttpStatusCode.OK, batch.ToString());
        mended.Headers.Contains("idempotency-replayed").Should().BeFalse();
        batch.GetProperty("accepted").GetInt32().Should().Be(97);
        await CancelAllAsync(tenant);
    }

    [Fact]
    public async Task Batch_CreditsForSome_PartialTakesTheFirstAndAllOrNothingNone()
    {
        var tenant = await platform.NewTenantAsync(credits: 40.824m * 3.5m);
        var body = await BodyAsync(tenant, 6, "all_or_nothing");
        var before = await tenant.CreditsAsync();

        using var none = await PostAsync(tenant, body);
        var refusal = await none.JsonAsync();
        none.StatusCode.Should().Be(HttpStatusCode.PaymentRequired, refusal.ToString());
        refusal.GetProperty("error").GetProperty("code").GetString().Should().Be("insufficient_user_quota");
        refusal.GetProperty("error").GetProperty("param").GetString().Should().Be("items[3]");
        refusal.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("index").GetInt32()).Should().Equal(3, 4, 5);
        (await tenant.CreditsAsync()).Should().Be(before);

        body["mode"] = "partial";
        using var some = await PostAsync(tenant, body);
        var batch = await some.JsonAsync();
        some.StatusCode.Should().Be(HttpStatusCode.OK, batch.ToString());
        batch.GetProperty("data").EnumerateArray().Select(i => i.TryGetProperty("task", out _)).Should().Equal(true, true, true, false, false, false);
        batch.GetProperty("data")[5].GetProperty("error").GetProperty("code").GetString().Should().Be("insufficient_user_quota");
        batch.GetProperty("credits_reserved").GetRawText().Should().Be("122.472");
        await CancelAllAsync(tenant);
    }

    [Fact]
    public async Task Batch_MaxCredits_IsForAllTogetherAndInAnItemForIt()
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = await BodyAsync(tenant, 4, "partial");
        body["max_credits"] = 40.824m * 2;
        body["items"]![0]!["max_credits"] = 40m;

        using var response = await PostAsync(tenant, body);

        var items = (await response.JsonAsync()).GetProperty("data").EnumerateArray().ToList();
        items.Select(i => i.TryGetProperty("task", out _)).Should().Equal(false, true, true, false);
        items[0].GetProperty("error").GetProperty("message").GetString().Should().Contain("40.824 ").And.Contain("40.");
        items[3].GetProperty("error").GetProperty("code").GetString().Should().Be("max_credits_exceeded");
        items[3].GetProperty("error").GetProperty("message").GetString().Should().Contain("122.472 ").And.Contain("81.648");
        await CancelAllAsync(tenant);
    }

    [Fact]
    public async Task Batch_OneQuoteForOneClipWithManyCharacters_IsHonouredForEach()
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = await BodyAsync(tenant, 2, "all_or_nothing");
        var single = JsonNode.Parse(body.ToJsonString())!.AsObject();
        single.Remove("items");
        single.Remove("mode");
        using var estimate = await tenant.PostAsync("/v1/videos/generations/estimate", single.ToJsonString());
        body["quote_id"] = (await estimate.JsonAsync()).GetProperty("quote_id").GetString();
        using var change = platform.Catalog.ChangePrice(10m);

        using var response = await PostAsync(tenant, body);

        (await response.JsonAsync()).GetProperty("credits_reserved").GetRawText().Should().Be("81.648");
        await CancelAllAsync(tenant);
    }

    [Fact]
    public async Task Batch_SameKeyTwiceAtOnce_IsOneBatchWithOneAnswer()
    {
        var tenant = await platform.NewTenantAsync(credits: 40.824m * 5.5m);
        var body = await BodyAsync(tenant, 7, "partial");
        body["items"]![2]!["quality"] = "4k";

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync(tenant, body, "key-1")));

        answers.Should().OnlyContain(a => a.StatusCode == HttpStatusCode.OK);
        answers.Count(a => !a.Headers.Contains("idempotency-replayed")).Should().Be(1);
        var outcomes = new List<string>();
        foreach (var answer in answers)
        {
            var batch = await answer.JsonAsync();
            outcomes.Add(batch.GetProperty("id").GetString() + string.Join(',', batch.GetProperty("data").EnumerateArray().Select(Outcome)));
        }

        outcomes.Distinct().Should().ContainSingle();
        (await tenant.GetJsonAsync("/v1/tasks")).GetProperty("data").GetArrayLength().Should().Be(5);
        (await tenant.GetJsonAsync("/v1/ledger")).GetProperty("data").EnumerateArray().Count(e => e.GetProperty("kind").GetString() == "hold").Should().Be(5);

        body["items"]!.AsArray().RemoveAt(6);
        using var other = await PostAsync(tenant, body, "key-1");
        await other.ShouldBeErrorAsync(HttpStatusCode.UnprocessableEntity, "idempotency_conflict", "Idempotency-Key");
        await CancelAllAsync(tenant);
    }

    [Fact]
    public async Task Batch_KeyOfASingleTaskAndTheOtherWayRound_IsAConflict()
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = await BodyAsync(tenant, 1, "partial");
        var single = JsonNode.Parse(body.ToJsonString())!.AsObject();
        single.Remove("items");
        single.Remove("mode");
        single.Remove("metadata");
        using var task = await PostAsync(tenant, single, "of-a-task", "/v1/videos/generations");
        using var batch = await PostAsync(tenant, body, "of-a-batch");

        using var first = await PostAsync(tenant, body, "of-a-task");
        using var second = await PostAsync(tenant, single, "of-a-batch", "/v1/videos/generations");

        (task.StatusCode, batch.StatusCode).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK));
        await first.ShouldBeErrorAsync(HttpStatusCode.UnprocessableEntity, "idempotency_conflict", "Idempotency-Key");
        await second.ShouldBeErrorAsync(HttpStatusCode.UnprocessableEntity, "idempotency_conflict", "Idempotency-Key");
        await CancelAllAsync(tenant);
    }

    [Fact]
    public async Task Batch_WithoutKeyTwice_IsTwoBatches()
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = await BodyAsync(tenant, 2, "partial");

        using var first = await PostAsync(tenant, body);
        using var second = await PostAsync(tenant, body);

        (await first.JsonAsync()).GetProperty("id").GetString().Should().NotBe((await second.JsonAsync()).GetProperty("id").GetString());
        second.Headers.Contains("idempotency-replayed").Should().BeFalse();
        await CancelAllAsync(tenant);
    }

    [Fact]
    public async Task Batch_ProblemDetailsWanted_HaveTheItemsToo()
    {
        var tenant = await platform.NewTenantAsync();
        var body = await BodyAsync(tenant, 2, "all_or_nothing");
        body["items"]![1]!["quality"] = "4k";
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = Json.Content(body.ToJsonString()) };
        request.Headers.Add("Accept", "application/problem+json");

        using var response = await tenant.Client.SendAsync(request);

        var problem = await response.JsonAsync();
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        problem.GetProperty("status").GetInt32().Should().Be(400);
        problem.GetProperty("param").GetString().Should().Be("items[1].quality");
        problem.GetProperty("items")[0].GetProperty("index").GetInt32().Should().Be(1);
    }

    [Theory]
    [InlineData("items", null)]
    [InlineData("items", "null")]
    [InlineData("items", "[]")]
    [InlineData("items", "{}")]
    [InlineData("items", "7")]
    [InlineData("mode", "\"most\"")]
    [InlineData("mode", "1")]
    [InlineData("mode", "\"\\ud800\"")]
    [InlineData("max_credits", "-1")]
    [InlineData("max_credits", "\"1\"")]
    [InlineData("max_credits", "0.000000001")]
    [InlineData("unheard_of", "1")]
    public async Task Batch_WrongAsAWhole_IsRefusedByName(string parameter, string? value)
    {
        var tenant = await platform.NewTenantAsync();
        var body = new JsonObject { ["items"] = new JsonArray(new JsonObject()) };
        body.Remove(parameter);
        var text = body.ToJsonString();
        if (value is not null)
        {
            text = $"{{{(body.Count > 0 ? text[1..^1] + "," : "")}\"{parameter}\":{value}}}";
        }

        using var response = await tenant.PostAsync(Path, text);

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", parameter);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"\\ud800\":1,\"items\":[{}]}")]
    public async Task Batch_BodyThatIsNoBatch_IsRefused(string body)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.PostAsync(Path, body);

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_body");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    public async Task Batch_ItemThatIsNone_IsRefusedByItsPlace(string item)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.PostAsync(Path, $$"""{"mode":"partial","items":[{},{{item}}]}""");

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "items[1]");
    }

    [Fact]
    public async Task Batch_TooMany_IsRefused()
    {
        var tenant = await platform.NewTenantAsync();
        var body = new JsonObject { ["items"] = new JsonArray([.. Enumerable.Range(0, 101).Select(_ => (JsonNode)new JsonObject())]) };

        using var response = await PostAsync(tenant, body);

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "items");
    }

    [Fact]
    public async Task Batch_ItemOverridesAndTakesAway_IsReadAsTheWhole()
    {
        var tenant = await platform.NewTenantAsync(credits: 1000);
        var body = await BodyAsync(tenant, 3, "partial");
        body["end_user"] = "shared";
        body["items"]![0]!["end_user"] = "own";
        body["items"]![1]!["end_user"] = null;
        body["items"]![2]!["model_params"] = new JsonObject { ["character_orientation"] = "video" };
        body["items"]![2]!["quality"] = "1080p";

        using var response = await PostAsync(tenant, body);

        var items = (await response.JsonAsync()).GetProperty("data").EnumerateArray().Select(i => i.GetProperty("task")).ToList();
        items[0].GetProperty("end_user").GetString().Should().Be("own");
        items[1].TryGetProperty("end_user", out _).Should().BeFalse();
        items[2].GetProperty("end_user").GetString().Should().Be("shared");
        items[2].GetProperty("usage").GetProperty("credits_reserved").GetRawText().Should().Be("54.4184");
        await CancelAllAsync(tenant);
    }

    private static string Outcome(JsonElement item) => item.TryGetProperty("task", out var task)
        ? task.GetProperty("id").GetString()!
        : item.GetProperty("error").GetProperty("code").GetString() + item.GetProperty("error").GetProperty("message").GetString();

    private static async Task<JsonObject> BodyAsync(TestTenant tenant, int items, string mode)
    {
        var body = Bodies.Hanging(await tenant.UploadSamplesAsync());
        body["metadata"] = new JsonObject { ["shop"] = "north" };
        body["mode"] = mode;
        body["items"] = new JsonArray([.. Enumerable.Range(0, items).Select(n => (JsonNode)new JsonObject { ["metadata"] = new JsonObject { ["n"] = $"{n}" } })]);
        return body;
    }

    private static async Task<JsonObject> HundredWithThreeBadAsync(TestTenant tenant, string mode)
    {
        var body = await BodyAsync(tenant, 100, mode);
        body["items"]![Bad[0]]!["quality"] = "4k";
        body["items"]![Bad[1]]!["image_urls"] = body["video_urls"]!.GetValue<string>();
        body["items"]![Bad[2]]!["unheard_of"] = 1;
        return body;
    }

    private static async Task<HttpResponseMessage> PostAsync(TestTenant tenant, JsonObject body, string? key = null, string path = Path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json.Content(body.ToJsonString()) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await tenant.Client.SendAsync(request);
    }

    private static async Task CancelAllAsync(TestTenant tenant)
    {
        while (true)
        {
            var open = (await tenant.GetJsonAsync("/v1/tasks?limit=100")).GetProperty("data").EnumerateArray()
                .Where(t => t.GetProperty("status").GetString() is "pending" or "processing")
                .Select(t => t.GetProperty("id").GetString())
                .ToList();
            if (open.Count == 0)
            {
                return;
            }

            foreach (var id in open)
            {
                (await tenant.PostAsync($"/v1/tasks/{id}/cancel", "{}")).Dispose();
            }
        }
    }
}
