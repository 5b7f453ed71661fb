using Microsoft.Extensions.Configuration;
using Platform.Domain.Catalog;
using Platform.Domain.Routing;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;
using Platform.Host.Routing;
using Platform.Host.Settings;

namespace Platform.Api.Tests.Hosting;

/// <summary>Routes from settings, as an operator writes them.</summary>
public sealed class ConfiguredRoutesTests
{
    private static readonly (string Key, string Value)[] Good =
    [
        ("Routes:kling-main:Model", "kling-v3-motion-control"),
        ("Routes:kling-main:Account", "main"),
        ("Routes:kling-main:Cost:720p", "0.07"),
        ("Routes:kling-main:Cost:1080p", "0.1"),
        ("Routes:kling-main:CostChanges:0:From", "2027-01-01T00:00:00Z"),
        ("Routes:kling-main:CostChanges:0:Cost:720p", "0.09"),
        ("Routes:kling-main:Priority", "3"),
        ("Routes:kling-main:AllowLoss", "true"),
        ("Routes:kling-main:State", "Draining"),
        ("Tenants:ten_a:Regions:0", "eu"),
    ];

    [Fact]
    public void Routes_OfTheSettings_AreReadWithTheSandboxs()
    {
        var table = Read(Good);

        table.Routes.Select(r => r.Id).Should().Contain(["sandbox", "kling-main"]);
        var route = table.Routes.Single(r => r.Id == "kling-main");
        route.AccountKey.Should().Be("kling/main");
        route.Should().BeEquivalentTo(new { Priority = 3, AllowLoss = true, State = RouteState.Draining, Region = "eu", IsSandbox = false });
        route.CostAt("720p", new(2026, 12, 31, 0, 0, 0, TimeSpan.Zero)).Should().Be(0.07m);
        route.CostAt("720p", new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)).Should().Be(0.09m);
        route.CostAt("1080p", new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)).Should().BeNull("the change does not name it");
        table.RegionsOf(new TenantId("ten_a")).Should().BeEquivalentTo(["eu"]);
        table.RegionsOf(new TenantId("ten_b")).Should().BeNull();
    }

    [Theory]
    [InlineData("Routes:kling-main:Model", "no-model", "*Platform:Routes:kling-main:Model names 'no-model'*")]
    [InlineData("Routes:kling-main:Account", "nobody", "*Platform:Routes:kling-main:Account names 'nobody'*")]
    [InlineData("Routes:kling-main:Cost:4k", "1", "*Platform:Routes:kling-main:Cost:4k is no quality*")]
    [InlineData("Routes:kling-main:Cost:720p", "-1", "*Platform:Routes:kling-main:Cost:720p must be 0 to 1000*")]
    [InlineData("Routes:kling-main:Region", "us", "*Platform:Routes:kling-main:Region is none*")]
    [InlineData("Tenants:ten a:Regions:0", "eu", "*Platform:Tenants:ten a is no id*")]
    public void Routes_WrongSetting_NameIt(string key, string value, string message)
    {
        var act = () => Read([.. Good.Where(g => g.Key != key), (key, value)]);

        act.Should().Throw<InvalidOperationException>().WithMessage(message);
    }

    private static ConfiguredRoutes Read((string Key, string Value)[] values)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(v => new KeyValuePair<string, string?>(v.Key, v.Value)))
            .Build()
            .Get<PlatformSettings>()!;
        settings.Sandbox.Enabled = true;
        return new(settings, new BuiltInCatalog(), new OneAccount());
    }

    private sealed class OneAccount : IUpstreamAccounts
    {
        public IReadOnlyList<UpstreamAccount> Accounts { get; } = [new() { Name = "main", Kind = "kling", Regions = ["eu"], Slots = 5 }];
    }
}
