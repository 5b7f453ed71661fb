using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Platform.Media.Egress;

namespace Platform.Media.Tests.Egress;

public sealed class GuardedHttpTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private Site _site = null!;

    public async Task InitializeAsync() => _site = await Site.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task GetAsync_PublicHost_IsFetchedFromTheAddressThatWasJudged()
    {
        _site.Handler = context => context.Response.WriteAsync("hello");

        (await GetTextAsync("http://media.acme.com/a")).Should().Be("hello");

        _site.Connected.Should().Equal(IPAddress.Parse(Site.PublicAddress));
    }

    [Fact]
    public async Task GetAsync_Request_TellsTheServerNothingAboutUs()
    {
        IHeaderDictionary headers = new HeaderDictionary();
        _site.Handler = context =>
        {
            headers = new HeaderDictionary(context.Request.Headers.ToDictionary());
            context.Response.Headers.SetCookie = "a=b";
            return Task.CompletedTask;
        };
        using var http = GuardedClient.Create(_site, GuardedClient.PlainHttp());
        using var activity = new System.Diagnostics.Activity("test").Start();

        await http.GetAsync("http://media.acme.com/a", null, default);
        await http.GetAsync("http://media.acme.com/a", null, default);

        headers.Keys.Should().BeEquivalentTo("Host", "User-Agent", "Accept-Encoding");
        headers.UserAgent.ToString().Should().Be("Platform-Media/1.0");
        headers.AcceptEncoding.ToString().Should().Be("identity");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("fd00::1")]
    [InlineData("0.0.0.0")]
    public async Task GetAsync_NameOfAForbiddenAddress_IsRefusedBeforeAnyConnection(string address)
    {
        _site.Name("media.acme.com", [address]);

        var answer = await GetAsync("http://media.acme.com/a");

        answer.Should().BeOfType<GuardedAnswer.Refused>().Which.Reason.Should().Be("The URL's host is not a public address.");
        _site.Connected.Should().BeEmpty();
    }

    [Theory]
    [InlineData("93.184.216.34", "127.0.0.1")]
    [InlineData("127.0.0.1", "93.184.216.34")]
    [InlineData("2606:4700::1111", "fe80::1")]
    public async Task GetAsync_NameWithOneForbiddenAddress_IsRefusedBeforeAnyConnection(string first, string second)
    {
        _site.Name("media.acme.com", [first, second]);

        (await GetAsync("http://media.acme.com/a")).Should().BeOfType<GuardedAnswer.Refused>();

        _site.Connected.Should().BeEmpty();
    }

    [Fact]
    public async Task GetAsync_NameThatIsReboundAfterItWasJudged_ConnectsToTheJudgedAddressOnly()
    {
        _site.Name("rebind.acme.com", ["93.184.216.34"], ["127.0.0.1"]);
        _site.Handler = async context =>
        {
            context.Response.Headers.Connection = "close";
            await context.Response.WriteAsync("public");
        };
        using var http = GuardedClient.Create(_site, GuardedClient.PlainHttp());

        (await TextAsync(await http.GetAsync("http://rebind.acme.com/a", null, default))).Should().Be("public");
        var second = await http.GetAsync("http://rebind.acme.com/a", null, default);

        second.Should().BeOfType<GuardedAnswer.Refused>();
        _site.Connected.Should().Equal(IPAddress.Parse("93.184.216.34"));
        _site.Resolved.Should().HaveCount(2, "a name is resolved once for each connection, and not again by the connecting");
    }

    [Theory]
    [InlineData("http://127.0.0.1/secret")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::1]/secret")]
    [InlineData("//10.0.0.1/secret")]
    [InlineData("http://localhost/secret")]
    [InlineData("http://inside.acme.com/secret")]
    [InlineData("http://2130706433/secret")]
    [InlineData("http://user@media.acme.com/secret")]
    [InlineData("http://media.acme.com:22/secret")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://media.acme.com/secret")]
    [InlineData("http://")]
    public async Task GetAsync_RedirectToWhatIsForbidden_IsRefused(string location)
    {
        _site.Name("inside.acme.com", ["192.168.1.1"]);
        RedirectTo(StatusCodes.Status302Found, location);

        (await GetAsync("http://media.acme.com/a")).Should().BeOfType<GuardedAnswer.Refused>();

        _site.Requests.Should().Equal("GET /a");
        _site.Connected.Should().Equal(IPAddress.Parse(Site.PublicAddress));
    }

    [Fact]
    public async Task GetAsync_PlainHttpIsNotAllowed_IsRefusedWithoutAConnection()
    {
        using var http = GuardedClient.Create(_site, new MediaOptions());

        (await http.GetAsync("http://media.acme.com/a", null, default)).Should().BeOfType<GuardedAnswer.Refused>();

        _site.Connected.Should().BeEmpty();
    }

    [Theory]
    [InlineData(StatusCodes.Status301MovedPermanently)]
    [InlineData(StatusCodes.Status302Found)]
    [InlineData(StatusCodes.Status303SeeOther)]
    [InlineData(StatusCodes.Status307TemporaryRedirect)]
    [InlineData(StatusCodes.Status308PermanentRedirect)]
    public async Task GetAsync_RedirectToPublicUrl_IsFollowedWithoutReferrer(int status)
    {
        _site.Handler = context =>
        {
            if (context.Request.Path == "/a")
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "//cdn.acme.com/b?c=d";
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync($"{context.Request.Host}{context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Referer}");
        };

        (await GetTextAsync("http://media.acme.com/a")).Should().Be("cdn.acme.com/b?c=d ");
    }

    [Fact]
    public async Task GetAsync_EndlessRedirects_StopAfterTheFifth()
    {
        RedirectTo(StatusCodes.Status302Found, "/again");

        (await GetAsync("http://media.acme.com/a")).Should().BeOfType<GuardedAnswer.Refused>().Which.Reason.Should().Contain("more than 5 times");

        _site.Requests.Should().HaveCount(6);
    }

    [Fact]
    public async Task GetAsync_NameThatDoesNotExist_IsRefused() =>
        (await GetAsync("http://nowhere.invalid/a")).Should().Be(new GuardedAnswer.Refused("The URL's host does not exist."));

    [Fact]
    public async Task GetAsync_ServerWithoutTls_FailsAndIsNotRefused() =>
        (await GetAsync("https://media.acme.com/a")).Should().BeOfType<GuardedAnswer.Failed>();

    [Fact]
    public async Task GetAsync_HugeHeaders_FailAndAreNotRead()
    {
        _site.Handler = context =>
        {
            context.Response.Headers["X-Huge"] = new string('x', 100_000);
            return Task.CompletedTask;
        };

        (await GetAsync("http://media.acme.com/a")).Should().BeOfType<GuardedAnswer.Failed>();
    }

    [Fact]
    public async Task GetAsync_ServerThatNeverAnswers_FailsInTime()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        _site.Handler = async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        using var http = GuardedClient.Create(_site, GuardedClient.PlainHttp(), time);

        var fetch = http.GetAsync("http://media.acme.com/a", null, default);
        await asked.Task.WaitAsync(Deadline);
        fetch.IsCompleted.Should().BeFalse();
        time.Advance(TimeSpan.FromSeconds(10));

        (await fetch.WaitAsync(Deadline)).Should().Be(new GuardedAnswer.Failed("The server did not answer in time."));
    }

    [Fact]
    public async Task GetAsync_CallerCancels_IsACancellationAndNotAFailure()
    {
        using var cancel = new CancellationTokenSource();
        _site.Handler = async context =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };
        using var http = GuardedClient.Create(_site, GuardedClient.PlainHttp());

        await FluentActions.Awaiting(() => http.GetAsync("http://media.acme.com/a", null, cancel.Token).WaitAsync(Deadline))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Body_ServerThatSendsOneByteNowAndThen_IsGivenUpAlthoughItNeverPausesLong()
    {
        // Slow loris: a byte in each second keeps any limit on a single read from ending.
        var time = new FakeTimeProvider();
        var next = new SemaphoreSlim(0);
        _site.Handler = async context =>
        {
            for (; ; )
            {
                await context.Response.Body.WriteAsync(new byte[1], context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await next.WaitAsync(context.RequestAborted);
            }
        };
        using var http = GuardedClient.Create(_site, GuardedClient.PlainHttp(), time);
        await using var response = (await http.GetAsync("http://media.acme.com/a", null, default)).Should().BeOfType<GuardedAnswer.Answered>().Which.Response;

        var (buffer, bytes, seconds) = (new byte[100], 0, 0);
        var reading = async () =>
        {
            for (; ; )
            {
                var read = response.Body.ReadAsync(buffer).AsTask();
                if (!read.IsCompleted)
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    seconds++;
                    next.Release();
                }

                bytes += await read.WaitAsync(Deadline);
            }
        };

        (await reading.Should().ThrowAsync<RemoteReadException>()).WithMessage("The server sends too slowly.");

        // A byte that arrives just before the clock is moved has not been waited for.
        seconds.Should().BeInRange(10, 15);
        bytes.Should().BeInRange(5, 20);
    }

    [Fact]
    public async Task Body_SlowButSteadyServer_IsReadToItsEnd()
    {
        var time = new FakeTimeProvider();
        var next = new SemaphoreSlim(0);
        _site.Handler = async context =>
        {
            for (var i = 0; i < 30; i++)
            {
                await context.Response.Body.WriteAsync(new byte[2000], context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await next.WaitAsync(context.RequestAborted);
            }
        };
        using var http = GuardedClient.Create(_site, GuardedClient.PlainHttp(), time);
        await using var response = (await http.GetAsync("http://media.acme.com/a", null, default)).Should().BeOfType<GuardedAnswer.Answered>().Which.Response;

        var (buffer, bytes) = (new byte[4000], 0);
        for (var read = 1; read > 0; bytes += read)
        {
            var pending = response.Body.ReadAsync(buffer).AsTask();
            if (!pending.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                next.Release();
            }

            read = await pending.WaitAsync(Deadline);
        }

        bytes.Should().Be(60_000);
    }

    [Fact]
    public async Task Body_ConnectionThatBreaks_FailsWithASentence()
    {
        var headSeen = new TaskCompletionSource();
        _site.Handler = async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes("half"));
            await context.Response.Body.FlushAsync();
            await headSeen.Task;
            context.Abort();
        };
        using var http = GuardedClient.Create(_site, GuardedClient.PlainHttp());
        await using var response = (await http.GetAsync("http://media.acme.com/a", null, default)).Should().BeOfType<GuardedAnswer.Answered>().Which.Response;
        headSeen.SetResult();

        await FluentActions.Awaiting(() => response.Body.CopyToAsync(Stream.Null)).Should().ThrowAsync<RemoteReadException>();
    }

    private static async Task<string> TextAsync(GuardedAnswer answer)
    {
        await using var response = answer.Should().BeOfType<GuardedAnswer.Answered>().Which.Response;
        return await new StreamReader(response.Body).ReadToEndAsync();
    }

    private async Task<string> GetTextAsync(string url)
    {
        using var http = GuardedClient.Create(_site, GuardedClient.PlainHttp());
        return await TextAsync(await http.GetAsync(url, null, default));
    }

    private async Task<GuardedAnswer> GetAsync(string url)
    {
        using var http = GuardedClient.Create(_site, GuardedClient.PlainHttp());
        return await http.GetAsync(url, null, default);
    }

    private void RedirectTo(int status, string location) => _site.Handler = context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    };
}
