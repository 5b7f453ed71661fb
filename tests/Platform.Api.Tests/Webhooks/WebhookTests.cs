using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Platform.Api.Tests.Hosting;
using Platform.Api.Tests.Reads;
using Platform.Api.Tests.Videos;
using Platform.Domain.Webhooks;

namespace Platform.Api.Tests.Webhooks;

/// <summary>The whole way, over real HTTP on both sides.</summary>
public sealed class WebhookTests(WebhookPlatform platform) : IClassFixture<WebhookPlatform>, IAsyncLifetime
{
    private Receiver _receiver = null!;
    private TestTenant _tenant = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _tenant = await platform.NewTenantAsync(1000m);
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Callback_CancelledTask_GetsTheTaskObjectSignedWithTheTenantsSecret()
    {
        (await _tenant.GetJsonAsync("/v1/webhook-secret")).TryGetProperty("created", out _).Should().BeFalse("there is none yet");
        var secret = (await PostAsync("/v1/webhook-secret", "")).GetProperty("secret").GetString()!;

        var task = await CancelledTaskAsync("/cb/204");
        var arrived = await ArrivedAsync("/cb/204");

        arrived.Body.Should().Be(await _tenant.Client.GetStringAsync($"/v1/tasks/{task}"));
        arrived.Headers["user-agent"].Should().Be("Platform-Webhooks/1.0");
        arrived.Headers["traceparent"].Should().MatchRegex("^00-[0-9a-f]{32}-[0-9a-f]{16}-01$");
        IsSignedBy(arrived, secret).Should().BeTrue();
        var shown = await _tenant.GetJsonAsync("/v1/webhook-secret");
        shown.TryGetProperty("created", out _).Should().BeTrue();
        shown.TryGetProperty("secret", out _).Should().BeFalse("it is shown once");

        var logged = (await UntilAsync("/v1/webhook-deliveries?endpoint_id=callback_url", l => Status(l) is ["succeeded"])).GetProperty("data")[0];
        logged.GetProperty("task_id").GetString().Should().Be(task);
        var attempt = logged.GetProperty("attempts")[0];
        attempt.GetProperty("response_status").GetInt32().Should().Be(204);
        attempt.GetProperty("request_headers").GetProperty("webhook-id").GetString().Should().Be(arrived.Headers["webhook-id"]);
        attempt.GetProperty("request_headers").GetProperty("traceparent").GetString().Should().Be(arrived.Headers["traceparent"]);
        attempt.ToString().Should().NotContain("webhook-signature");
    }

    [Fact]
    public async Task Callback_TenantWithoutASecret_IsSignedAllTheSame()
    {
        await CancelledTaskAsync("/unasked/200");

        (await ArrivedAsync("/unasked/200")).Headers["webhook-signature"].Should().StartWith("v1,");
    }

    [Fact]
    public async Task Endpoints_WholeLife_AreMadeShownChangedTestedAndRemoved()
    {
        var made = await PostAsync("/v1/webhook-endpoints", Body("/hook/200", ", \"events\":[\"video.generation.task.cancelled\"], \"description\":\"é\""));
        var id = made.GetProperty("id").GetString()!;
        var secret = made.GetProperty("secret").GetString()!;
        secret.Should().StartWith("whsec_");

        var shown = await _tenant.GetJsonAsync($"/v1/webhook-endpoints/{id}");
        shown.TryGetProperty("secret", out _).Should().BeFalse();
        shown.GetProperty("enabled").GetBoolean().Should().BeTrue();
        (await _tenant.GetJsonAsync("/v1/webhook-endpoints")).GetProperty("data").GetArrayLength().Should().Be(1);

        var test = await PostAsync($"/v1/webhook-endpoints/{id}/test", "");
        test.GetProperty("event_type").GetString().Should().Be("webhook_endpoint.test");
        var tested = await ArrivedAsync("/hook/200");
        IsSignedBy(tested, secret).Should().BeTrue();
        JsonDocument.Parse(tested.Body).RootElement.GetProperty("id").GetString().Should().Be(tested.Headers["webhook-id"]);

        await CancelledTaskAsync(null);
        await UntilAsync($"/v1/webhook-deliveries?endpoint_id={id}", l => Status(l) is ["succeeded", "succeeded"]);

        var changed = await SendAsync(HttpMethod.Patch, $"/v1/webhook-endpoints/{id}", """{"events":["*"],"enabled":false}""");
        changed.GetProperty("disabled_reason").GetString().Should().Be("by_tenant");
        changed.GetProperty("events")[0].GetString().Should().Be("*");
        changed.GetProperty("description").GetString().Should().Be("é", "what is not named stays");
        (await ErrorAsync(HttpMethod.Post, $"/v1/webhook-endpoints/{id}/test", "", HttpStatusCode.Conflict)).Code().Should().Be("webhook_endpoint_disabled");
        (await SendAsync(HttpMethod.Patch, $"/v1/webhook-endpoints/{id}", """{"enabled":true}""")).GetProperty("enabled").GetBoolean().Should().BeTrue();

        (await SendAsync(HttpMethod.Delete, $"/v1/webhook-endpoints/{id}", null)).GetProperty("deleted").GetBoolean().Should().BeTrue();
        await ErrorAsync(HttpMethod.Get, $"/v1/webhook-endpoints/{id}", null, HttpStatusCode.NotFound);
        (await _tenant.GetJsonAsync($"/v1/webhook-deliveries?endpoint_id={id}")).GetProperty("data").GetArrayLength().Should().Be(2, "the log stays");
    }

    [Fact]
    public async Task RotateSecret_WithOverlap_SignsByBothAndThenByTheNewOne()
    {
        var made = await PostAsync("/v1/webhook-endpoints", Body("/rotate/200"));
        var id = made.GetProperty("id").GetString()!;
        var first = made.GetProperty("secret").GetString()!;

        var rotated = await PostAsync($"/v1/webhook-endpoints/{id}/rotate-secret", "");
        var second = rotated.GetProperty("secret").GetString()!;
        rotated.GetProperty("previous_valid_until").GetInt64().Should().BeGreaterThan(rotated.GetProperty("created").GetInt64() + 86_000);
        await PostAsync($"/v1/webhook-endpoints/{id}/test", "");
        var both = await ArrivedAsync("/rotate/200");
        (IsSignedBy(both, first), IsSignedBy(both, second)).Should().Be((true, true));

        var third = (await PostAsync($"/v1/webhook-endpoints/{id}/rotate-secret", """{"overlap_seconds":0}""")).GetProperty("secret").GetString()!;
        await PostAsync($"/v1/webhook-endpoints/{id}/test", "");
        var one = await ArrivedAsync("/rotate/200", 2);
        (IsSignedBy(one, first), IsSignedBy(one, second), IsSignedBy(one, third)).Should().Be((false, false, true));
    }

    [Fact]
    public async Task Redeliver_OneAndAllSince_ComeAgainWithTheSameId()
    {
        var id = (await PostAsync("/v1/webhook-endpoints", Body("/again/410"))).GetProperty("id").GetString()!;
        await CancelledTaskAsync(null);
        var gone = await UntilAsync($"/v1/webhook-endpoints/{id}", e => !e.GetProperty("enabled").GetBoolean());
        gone.GetProperty("disabled_reason").GetString().Should().Be("gone");
        var delivery = (await _tenant.GetJsonAsync($"/v1/webhook-deliveries?endpoint_id={id}")).GetProperty("data")[0];
        var deliveryId = delivery.GetProperty("id").GetString()!;
        await ErrorAsync(HttpMethod.Post, $"/v1/webhook-deliveries/{deliveryId}/redeliver", "", HttpStatusCode.Conflict);

        await SendAsync(HttpMethod.Patch, $"/v1/webhook-endpoints/{id}", $$"""{"enabled":true,"url":"{{_receiver.Address}}/again/200"}""");
        (await PostAsync($"/v1/webhook-deliveries/{deliveryId}/redeliver", "")).GetProperty("id").GetString().Should().Be(deliveryId);
        var again = await ArrivedAsync("/again/200");
        again.Headers["webhook-id"].Should().Be(delivery.GetProperty("message_id").GetString());
        await UntilAsync($"/v1/webhook-deliveries/{deliveryId}", d => d.GetProperty("status").GetString() == "succeeded");

        (await PostAsync($"/v1/webhook-endpoints/{id}/redeliver", """{"since":0}""")).GetProperty("count").GetInt32().Should().Be(0);
        (await PostAsync($"/v1/webhook-endpoints/{id}/redeliver", """{"since":"2020-01-01T00:00:00Z","include_succeeded":true}"""))
            .GetProperty("count").GetInt32().Should().Be(1);
        await ArrivedAsync("/again/200", 2);
        var logged = await UntilAsync($"/v1/webhook-deliveries/{deliveryId}", d => d.GetProperty("attempts").GetArrayLength() == 3);
        logged.GetProperty("attempts").EnumerateArray().Select(a => a.GetProperty("url").GetString()).Should()
            .Equal($"{_receiver.Address}/again/410", $"{_receiver.Address}/again/200", $"{_receiver.Address}/again/200");
    }

    [Fact]
    public async Task Log_FailingCallback_ShowsTheAnswerAndTheNextTry()
    {
        await CancelledTaskAsync("/fails/500");

        var logged = await UntilAsync("/v1/webhook-deliveries?status=pending", l => l.GetProperty("data") is var data && data.GetArrayLength() == 1
            && data[0].GetProperty("attempts").GetArrayLength() == 1);

        var delivery = logged.GetProperty("data")[0];
        delivery.GetProperty("attempts")[0].GetProperty("response_status").GetInt32().Should().Be(500);
        delivery.GetProperty("attempts")[0].GetProperty("response_body").GetString().Should().Be("seen");
        delivery.TryGetProperty("next_attempt_at", out _).Should().BeTrue();
        (await UntilAsync("/v1/webhook-deliveries?status=failed", l => Status(l) is ["failed"])).GetProperty("data")[0]
            .GetProperty("attempts").GetArrayLength().Should().Be(4);
    }

    [Fact]
    public async Task List_Pages_GoOnBehindEachOther()
    {
        var id = (await PostAsync("/v1/webhook-endpoints", Body("/pages/200"))).GetProperty("id").GetString()!;
        for (var i = 0; i < 3; i++)
        {
            await PostAsync($"/v1/webhook-endpoints/{id}/test", "");
        }

        var first = await _tenant.GetJsonAsync("/v1/webhook-deliveries?limit=2");
        var second = await _tenant.GetJsonAsync($"/v1/webhook-deliveries?limit=2&after={first.GetProperty("next").GetString()}");

        first.GetProperty("has_more").GetBoolean().Should().BeTrue();
        second.GetProperty("has_more").GetBoolean().Should().BeFalse();
        first.Ids().Concat(second.Ids()).Should().OnlyHaveUniqueItems().And.HaveCount(3);
    }

    [Fact]
    public async Task ForeignIds_EveryOperation_AreNotFoundAndChangeNothing()
    {
        var id = (await PostAsync("/v1/webhook-endpoints", Body("/mine/200"))).GetProperty("id").GetString()!;
        var delivery = (await PostAsync($"/v1/webhook-endpoints/{id}/test", "")).GetProperty("id").GetString()!;
        await UntilAsync($"/v1/webhook-deliveries/{delivery}", d => d.GetProperty("status").GetString() == "succeeded");
        var before = await _tenant.Client.GetStringAsync($"/v1/webhook-endpoints/{id}");
        var other = await platform.NewTenantAsync();
        (HttpMethod Method, string Path, string? Body)[] calls =
        [
            (HttpMethod.Get, $"/v1/webhook-endpoints/{id}", null),
            (HttpMethod.Patch, $"/v1/webhook-endpoints/{id}", """{"enabled":false}"""),
            (HttpMethod.Delete, $"/v1/webhook-endpoints/{id}", null),
            (HttpMethod.Post, $"/v1/webhook-endpoints/{id}/rotate-secret", null),
            (HttpMethod.Post, $"/v1/webhook-endpoints/{id}/test", null),
            (HttpMethod.Post, $"/v1/webhook-endpoints/{id}/redeliver", """{"since":0,"include_succeeded":true}"""),
            (HttpMethod.Get, $"/v1/webhook-deliveries/{delivery}", null),
            (HttpMethod.Post, $"/v1/webhook-deliveries/{delivery}/redeliver", null),
        ];

        foreach (var (method, path, body) in calls)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Json.Content(body) };
            using var response = await other.Client.SendAsync(request);
            response.StatusCode.Should().Be(HttpStatusCode.NotFound, $"{method} {path}");
        }

        (await other.GetJsonAsync("/v1/webhook-deliveries")).GetProperty("data").GetArrayLength().Should().Be(0);
        (await other.GetJsonAsync("/v1/webhook-endpoints")).GetProperty("data").GetArrayLength().Should().Be(0);
        (await _tenant.Client.GetStringAsync($"/v1/webhook-endpoints/{id}")).Should().Be(before);
        _receiver.At("/mine/200").Should().ContainSingle();
    }

    [Fact]
    public async Task Create_OneTooMany_IsRefused()
    {
        for (var i = 0; i < WebhookEndpoint.MaxPerTenant; i++)
        {
            await PostAsync("/v1/webhook-endpoints", Body($"/many/{i}"));
        }

        (await ErrorAsync(HttpMethod.Post, "/v1/webhook-endpoints", Body("/many/x"), HttpStatusCode.Conflict)).Code()
            .Should().Be("too_many_webhook_endpoints");
    }

    [Theory]
    [InlineData("{}", "url")]
    [InlineData("""{"url":7}""", "url")]
    [InlineData("""{"url":"https://169.254.169.254/"}""", "url")]
    [InlineData("""{"url":"https://hooks.example.com/","events":[]}""", "events")]
    [InlineData("""{"url":"https://hooks.example.com/","events":["everything"]}""", "events")]
    [InlineData("""{"url":"https://hooks.example.com/","events":"*"}""", "events")]
    [InlineData("""{"url":"https://hooks.example.com/","enabled":1}""", "enabled")]
    [InlineData("""{"url":"https://hooks.example.com/","description":null}""", "description")]
    [InlineData("""{"url":"https://hooks.example.com/","description":"\ud800"}""", "description")]
    [InlineData("""{"url":"https://hooks.example.com/","secret":"whsec_x"}""", "secret")]
    [InlineData("[]", null)]
    [InlineData("nonsense", null)]
    public async Task Create_Wrong_IsRefusedByName(string body, string? parameter)
    {
        var error = await ErrorAsync(HttpMethod.Post, "/v1/webhook-endpoints", body, HttpStatusCode.BadRequest);

        (error.TryGetProperty("param", out var param) ? param.GetString() : null).Should().Be(parameter);
    }

    [Theory]
    [InlineData("/v1/webhook-deliveries?status=lost", "status")]
    [InlineData("/v1/webhook-deliveries?limit=0", "limit")]
    [InlineData("/v1/webhook-deliveries?after=%21", "after")]
    [InlineData("/v1/webhook-deliveries?task_id=x", "task_id")]
    [InlineData("/v1/webhook-deliveries?page=1", "page")]
    public async Task Queries_Wrong_AreRefusedByName(string path, string parameter) =>
        (await ErrorAsync(HttpMethod.Get, path, null, HttpStatusCode.BadRequest)).GetProperty("param").GetString().Should().Be(parameter);

    [Theory]
    [InlineData("""{"overlap_seconds":-1}""", "overlap_seconds")]
    [InlineData("""{"overlap_seconds":604801}""", "overlap_seconds")]
    [InlineData("""{"overlap_seconds":"1"}""", "overlap_seconds")]
    [InlineData("""{"overlap":1}""", "overlap")]
    public async Task Rotate_Wrong_IsRefusedByName(string body, string parameter) =>
        (await ErrorAsync(HttpMethod.Post, "/v1/webhook-secret", body, HttpStatusCode.BadRequest)).GetProperty("param").GetString().Should().Be(parameter);

    private static bool IsSignedBy(Arrived arrived, string secret)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(arrived.Headers["webhook-timestamp"], CultureInfo.InvariantCulture));
        var expected = WebhookSignature.Sign([WebhookSecret.KeyOf(secret)], arrived.Headers["webhook-id"], at, Encoding.UTF8.GetBytes(arrived.Body));
        return arrived.Headers["webhook-signature"].Split(' ').Contains(expected, StringComparer.Ordinal);
    }

    private static List<string> Status(JsonElement list) =>
        [.. list.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("status").GetString()!)];

    private string Body(string path, string more = "") => $$"""{"url":"{{_receiver.Address}}{{path}}"{{more}}}""";

    /// <summary>Ends a task without a render.</summary>
    private async Task<string> CancelledTaskAsync(string? callbackPath)
    {
        var inputs = await _tenant.UploadSamplesAsync();
        var body = Bodies.Hanging(inputs);
        if (callbackPath is not null)
        {
            body["callback_url"] = _receiver.Address + callbackPath;
        }

        var task = (await PostAsync("/v1/videos/generations", body.ToJsonString())).Id();
        await PostAsync($"/v1/tasks/{task}/cancel", "");
        await _tenant.WaitForEndAsync(task);
        return task;
    }

    private Task<JsonElement> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body.Length == 0 ? null : body);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Json.Content(body) };
        using var response = await _tenant.Client.SendAsync(request);
        var answer = await response.JsonAsync();
        response.StatusCode.Should().Be(HttpStatusCode.OK, $"{method} {path}: {answer}");
        return answer;
    }

    private async Task<JsonElement> ErrorAsync(HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = string.IsNullOrEmpty(body) ? null : Json.Content(body) };
        using var response = await _tenant.Client.SendAsync(request);
        response.StatusCode.Should().Be(expected);
        return (await response.JsonAsync()).GetProperty("error");
    }

    private async Task<Arrived> ArrivedAsync(string path, int count = 1)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (_receiver.At(path).Count < count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }

        return _receiver.At(path)[count - 1];
    }

    private async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> reached)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var answer = await _tenant.GetJsonAsync(path);
            if (reached(answer))
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        }
    }
}

/// <summary>What tests read of errors.</summary>
internal static class ErrorReading
{
    public static string Code(this JsonElement error) => error.GetProperty("code").GetString()!;
}
