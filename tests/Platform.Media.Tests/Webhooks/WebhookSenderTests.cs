using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Domain.Webhooks;
using Platform.Media.Egress;
using Platform.Media.Tests.Egress;
using Platform.Media.Webhooks;

namespace Platform.Media.Tests.Webhooks;

/// <summary>Receivers of every kind, over real HTTP; the name server is the test's.</summary>
public sealed class WebhookSenderTests : IAsyncLifetime
{
    private const string Url = "http://hooks.acme.com/done?x=1";

    // For receivers that answer: never reached, however busy the machine.
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(60);

    // For receivers that don't.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private Site _site = null!;

    public async Task InitializeAsync() => _site = await Site.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task SendAsync_Receiver_GetsHeadersAndBodyAsTheyAre()
    {
        string? body = null;
        IHeaderDictionary headers = new HeaderDictionary();
        _site.Handler = async context =>
        {
            headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
            using var reader = new StreamReader(context.Request.Body);
            body = await reader.ReadToEndAsync();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        };

        var result = await SendAsync(Patient);

        result.Outcome.Should().Be(AttemptOutcome.Succeeded);
        result.StatusCode.Should().Be(204);
        body.Should().Be("{\"id\":\"é💃\"}");
        headers.Keys.Should().BeEquivalentTo("Host", "Content-Type", "Content-Length", "User-Agent", "webhook-id", "webhook-signature");
        headers.UserAgent.ToString().Should().Be(WebhookHeaders.UserAgent);
        headers["webhook-id"].ToString().Should().Be("msg_1");
        headers.ContentType.ToString().Should().Be("application/json; charset=utf-8");
        _site.Requests.Should().Equal("POST /done?x=1");
    }

    [Theory]
    [InlineData(200, AttemptOutcome.Succeeded)]
    [InlineData(299, AttemptOutcome.Succeeded)]
    [InlineData(400, AttemptOutcome.Answered)]
    [InlineData(410, AttemptOutcome.Answered)]
    [InlineData(500, AttemptOutcome.Answered)]
    public async Task SendAsync_Status_DecidesAndTheBodyIsKept(int status, AttemptOutcome outcome)
    {
        _site.Handler = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "17";
            return context.Response.WriteAsync("why: é");
        };

        var result = await SendAsync(Patient);

        (result.Outcome, result.StatusCode, result.BodyExcerpt, result.RetryAfter).Should().Be((outcome, status, "why: é", TimeSpan.FromSeconds(17)));
        result.Error.Should().BeNull();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task SendAsync_Redirect_IsAFailureAndNotFollowed(int status)
    {
        _site.Handler = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "http://169.254.169.254/latest/meta-data";
            return Task.CompletedTask;
        };

        var result = await SendAsync(Patient);

        (result.Outcome, result.StatusCode).Should().Be((AttemptOutcome.Answered, status));
        _site.Requests.Should().HaveCount(1);
        _site.Connected.Should().Equal(IPAddress.Parse(Site.PublicAddress));
    }

    [Fact]
    public async Task SendAsync_NoAnswer_RunsOutOfTime()
    {
        _site.Handler = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        var result = await SendAsync(Short);

        result.Outcome.Should().Be(AttemptOutcome.TimedOut);
        result.StatusCode.Should().BeNull();
        result.Latency.Should().BeGreaterThanOrEqualTo(Short - TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task SendAsync_DroppedConnection_IsUnreachable()
    {
        _site.Handler = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        var result = await SendAsync(Patient);

        result.Outcome.Should().Be(AttemptOutcome.Unreachable);
        result.Error.Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task SendAsync_AByteASecond_EndsSoonAndTheStatusCounts()
    {
        _site.Handler = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync("x");
                await context.Response.Body.FlushAsync();
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, context.RequestAborted);
            }
        };

        var result = await SendAsync(Patient);

        result.Outcome.Should().Be(AttemptOutcome.Succeeded);
        result.BodyExcerpt!.Length.Should().BeInRange(1, 5);
        result.Latency.Should().BeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task SendAsync_EndlessAnswer_IsReadToItsBound()
    {
        _site.Handler = async context =>
        {
            context.Response.StatusCode = 500;
            var block = new byte[16 * 1024];
            block.AsSpan().Fill((byte)'y');
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        };

        var result = await SendAsync(Patient);

        result.Outcome.Should().Be(AttemptOutcome.Answered);
        result.BodyExcerpt.Should().Be(new string('y', AttemptResult.MaxExcerptBytes));
    }

    [Fact]
    public async Task SendAsync_AnswerThatIsNoText_IsKeptWithoutNulls()
    {
        _site.Handler = context => context.Response.Body.WriteAsync(new byte[] { 0, 0xFF, (byte)'a', 0xC3 }).AsTask();

        var result = await SendAsync(Patient);

        result.BodyExcerpt.Should().Be("\uFFFD\uFFFDa");
    }

    [Theory]
    [InlineData("http://127.0.0.1:9999/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://localhost/")]
    [InlineData("ftp://hooks.acme.com/")]
    public async Task SendAsync_InternalAddress_IsRefusedAndNothingIsSent(string url)
    {
        var result = await SendAsync(Patient, url);

        result.Outcome.Should().Be(AttemptOutcome.Refused);
        result.Error.Should().NotBeNullOrEmpty();
        _site.Connected.Should().BeEmpty();
        _site.Resolved.Should().BeEmpty();
    }

    [Fact]
    public async Task SendAsync_NameThatChangesItsAddressBetweenTries_IsRefusedAtTheSecond()
    {
        _site.Name("rebind.acme.com", [Site.PublicAddress], ["127.0.0.1"]);
        _site.Handler = context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        };
        using var sender = Sender();

        var first = await SendAsync(sender, Patient, "http://rebind.acme.com/");
        var second = await SendAsync(sender, Patient, "http://rebind.acme.com/");

        first.Outcome.Should().Be(AttemptOutcome.Answered);
        second.Outcome.Should().Be(AttemptOutcome.Refused);
        second.Error.Should().NotContain("127.0.0.1", "it would map the network behind the platform");
        _site.Connected.Should().HaveCount(1);
    }

    [Fact]
    public async Task SendAsync_NameThatDoesNotExist_IsUnreachable()
    {
        var result = await SendAsync(Patient, "http://nowhere.example.com/");

        result.Outcome.Should().Be(AttemptOutcome.Unreachable);
        result.Error.Should().Be("The host does not exist.");
    }

    [Fact]
    public async Task SendAsync_NoCertificate_IsUnreachable()
    {
        var result = await SendAsync(Patient, "https://hooks.acme.com/");

        result.Outcome.Should().Be(AttemptOutcome.Unreachable);
    }

    [Fact]
    public async Task SendAsync_Stopped_SaysSoRatherThanGuessing()
    {
        using var stop = new CancellationTokenSource();
        _site.Handler = async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        using var sender = Sender();

        var act = () => sender.SendAsync(Request(Url), Patient, stop.Token);

        await act.Should().ThrowAsync<OperationCanceledException>();
    }

    private static WebhookRequest Request(string url) => new()
    {
        Url = url,
        Headers = [new("user-agent", WebhookHeaders.UserAgent), new("webhook-id", "msg_1"), new(WebhookHeaders.Signature, "v1,abc= v1,def=")],
        Body = Encoding.UTF8.GetBytes("{\"id\":\"é💃\"}"),
    };

    private static Task<AttemptResult> SendAsync(WebhookSender sender, TimeSpan timeout, string url) => sender.SendAsync(Request(url), timeout, default);

    private async Task<AttemptResult> SendAsync(TimeSpan timeout, string url = Url)
    {
        using var sender = Sender();
        return await SendAsync(sender, timeout, url);
    }

    private WebhookSender Sender()
    {
        var options = Options.Create(GuardedClient.PlainHttp());
        var guard = new EgressGuard(options);
        return new(new EgressHttp(guard, new EgressConnector(guard, _site, _site, NullLogger<EgressConnector>.Instance), options), guard, TimeProvider.System);
    }
}
