using Platform.EndToEnd.Tests.Running;

namespace Platform.EndToEnd.Tests.Stacked;

/// <summary>The platform as its own upstream: one instance buys from another, both as processes of their own.</summary>
public sealed class StackedTests : IAsyncLifetime
{
    private static readonly (string Name, string Value)[] Development =
        [("Platform__Egress__AllowPrivateNetworks", "true"), ("Platform__Egress__AllowHttp", "true")];

    private readonly PlatformProcess _seller = new(Development);
    private readonly PlatformProcess _reseller;

    public StackedTests() => _reseller = new(
    [
        .. Development,
        ("Platform__Upstreams__Accounts__seller__Kind", "platform"),
        ("Platform__Upstreams__Accounts__seller__BaseUrl", _seller.Url),
        ("Platform__Upstreams__Accounts__seller__ApiKey", PlatformProcess.DemoKey),
        ("Platform__Upstreams__Accounts__seller__Callbacks", "false"),
        ("Platform__Routes__stacked__Model", "kling-v3-motion-control"),
        ("Platform__Routes__stacked__Account", "seller"),
        ("Platform__Routes__stacked__Cost__720p", "0.05"),
    ]);

    public async Task InitializeAsync() => await Task.WhenAll(_seller.StartAsync(), _reseller.StartAsync());

    public async Task DisposeAsync()
    {
        await _reseller.DisposeAsync();
        await _seller.DisposeAsync();
    }

    [Fact]
    public async Task Create_AtTheReseller_IsSettledOnBothSides()
    {
        var caller = await _reseller.NewTenantAsync("100");
        var inputs = await caller.UploadAsync(await Clips.Image, await Clips.Quick);

        var id = await caller.CreatedAsync(inputs);
        var ended = await caller.EndedAsync(id);

        ended.Text("status").Should().Be("completed", "the reseller said: {0}", _reseller.Log);
        (await caller.EntriesAsync(id)).Select(e => e.Split(' ')[0]).Should().Equal("hold", "settlement");

        var seller = _seller.Caller(PlatformProcess.DemoKey);
        var sold = (await seller.TasksAsync()).Should().ContainSingle("one task was bought").Which;
        sold.Text("status").Should().Be("completed");
        (await seller.EntriesAsync(sold.Text("id"))).Should().Equal(await caller.EntriesAsync(id), "both sell at the same price");
        (await _reseller.Books.RowsAsync("SELECT json_extract(data, '$.attempt') FROM task_events WHERE kind = 'attempt_started'"))
            .Should().Equal(sold.GetProperty("metadata").Text("upstream_reference"));

        using var http = new HttpClient();
        (await http.GetByteArrayAsync(new Uri(ended.GetProperty("results")[0].GetString()!))).Should().NotBeEmpty();
        await _reseller.VerifyAsync();
        await _seller.VerifyAsync();
    }
}
