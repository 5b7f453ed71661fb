using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Domain;
using Platform.Domain.Media;
using Platform.Media.Egress;
using Platform.Media.Tests.Inputs;

namespace Platform.Media.Tests;

public sealed class WiringTests
{
    public static TheoryData<string, Action<MediaOptions>> BadSettings => new()
    {
        { "PublicUrl", options => options.PublicUrl = null },
        { "PublicUrl", options => options.PublicUrl = "/relative" },
        { "PublicUrl", options => options.PublicUrl = "ftp://api.platform.com" },
        { "PublicUrl", options => options.PublicUrl = "https://user@api.platform.com" },
        { "PublicUrl", options => options.PublicUrl = "https://api.platform.com/?x" },
        { "LinkSigningKeys", options => options.LinkSigningKeys.Clear() },
        { "LinkSigningKeys", options => options.LinkSigningKeys.Add(new byte[31]) },
        { "InspectTimeout", options => options.InspectTimeout = TimeSpan.Zero },
        { "SceneCutPatience", options => options.SceneCutPatience = TimeSpan.Zero },
        { "InputCopyTimeout", options => options.InputCopyTimeout = TimeSpan.FromHours(2) },
        { "ResultCopyTimeout", options => options.ResultCopyTimeout = TimeSpan.FromSeconds(-1) },
        { "Egress.ConnectTimeout", options => options.Egress.ConnectTimeout = TimeSpan.Zero },
        { "Egress.HeaderTimeout", options => options.Egress.HeaderTimeout = TimeSpan.FromDays(1) },
        { "Egress.ProgressWindow", options => options.Egress.ProgressWindow = TimeSpan.Zero },
        { "Egress.MinBytesPerWindow", options => options.Egress.MinBytesPerWindow = 0 },
        { "Egress.MaxRedirects", options => options.Egress.MaxRedirects = -1 },
        { "Egress.UserAgent", options => options.Egress.UserAgent = " " },
    };

    [Theory]
    [MemberData(nameof(BadSettings))]
    public async Task Start_BadSetting_IsRefusedByName(string property, Action<MediaOptions> spoil)
    {
        using var folder = new TemporaryFolder();
        using var host = Host(folder, new(), spoil);

        var refusal = (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).Which;

        refusal.Failures.Should().ContainSingle().Which.Should().StartWith(property + " ");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Start_DevelopmentSettings_AreWarnedOfByName(bool privateNetworks, bool plainHttp)
    {
        using var folder = new TemporaryFolder();
        var warnings = new Warnings();
        using var host = Host(folder, warnings, options =>
        {
            options.Egress.AllowPrivateNetworks = privateNetworks;
            options.Egress.AllowHttp = plainHttp;
        });

        await host.StartAsync();
        await host.StopAsync();

        warnings.Messages.Any(message => message.Contains("AllowPrivateNetworks", StringComparison.Ordinal)).Should().Be(privateNetworks);
        warnings.Messages.Any(message => message.Contains("AllowHttp", StringComparison.Ordinal)).Should().Be(plainHttp);
    }

    [Fact]
    public async Task Client_OfTheFactory_IsGuardedAndFollowsNoRedirect()
    {
        await using var world = await MediaWorld.CreateAsync();
        world.Site.Name("inside.acme.com", ["10.0.0.1"]);
        world.Site.Handler = context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        };
        using var client = world.Clients.CreateClient(EgressHttp.ClientName);

        (await client.PostAsync(new Uri("http://hooks.acme.com/a"), new StringContent("{}"))).StatusCode.Should().Be(HttpStatusCode.Redirect);
        var literal = await FluentActions.Awaiting(() => client.GetAsync(new Uri("http://127.0.0.1/"))).Should().ThrowAsync<HttpRequestException>();
        var resolved = await FluentActions.Awaiting(() => client.GetAsync(new Uri("http://inside.acme.com/"))).Should().ThrowAsync<HttpRequestException>();

        EgressRefusedException.Find(literal.Which).Should().NotBeNull();
        EgressRefusedException.Find(resolved.Which).Should().NotBeNull();
        EgressRefusedException.Find(new HttpRequestException("other")).Should().BeNull();
        resolved.Which.ToString().Should().NotContain("10.0.0.1");
        world.Site.Connected.Should().ContainSingle();
    }

    private static IHost Host(TemporaryFolder folder, Warnings warnings, Action<MediaOptions> change)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddProvider(warnings);
        builder.Services.AddSingleton<IIdSource, TestIds>();
        builder.Services.AddSingleton<IFileStore, FileRegister>();
        builder.Services.AddPlatformMedia(options =>
        {
            options.RootDirectory = folder.Path;
            options.PublicUrl = "https://api.platform.com";
            options.LinkSigningKeys.Add(new byte[32]);
            change(options);
        });
        return builder.Build();
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public List<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Messages.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
