using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Domain;
using Platform.Domain.Media;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Sandbox;
using Platform.Upstreams.Tests.Sandbox.Fakes;

namespace Platform.Upstreams.Tests.Sandbox;

public sealed class SandboxRegistrationTests
{
    public static TheoryData<string, Action<SandboxOptions>> BadOptions => new()
    {
        { nameof(SandboxOptions.Latency), o => o.Latency = TimeSpan.FromSeconds(-1) },
        { nameof(SandboxOptions.Parallelism), o => o.Parallelism = 0 },
        { nameof(SandboxOptions.RenderThreads), o => o.RenderThreads = 17 },
        { nameof(SandboxOptions.FfmpegPath), o => o.FfmpegPath = " " },
        { nameof(SandboxOptions.WorkDirectory), o => o.WorkDirectory = "" },
        { nameof(SandboxOptions.RenderTimeout), o => o.RenderTimeout = TimeSpan.Zero },
        { nameof(SandboxOptions.Lease), o => o.Lease = TimeSpan.FromSeconds(1) },
        { nameof(SandboxOptions.MaxProcessorTime), o => o.MaxProcessorTime = TimeSpan.Zero },
        { nameof(SandboxOptions.MaxMemoryBytes), o => o.MaxMemoryBytes = 1 },
        { nameof(SandboxOptions.MaxOutputBytes), o => o.MaxOutputBytes = 1 },
    };

    [Fact]
    public async Task AddSandboxUpstream_WithItsPorts_GivesUpstreamAndWorker()
    {
        await using var services = Build(_ => { });

        services.GetServices<IUpstream>().Should().ContainSingle().Which.Kind.Should().Be("sandbox");
        services.GetServices<IHostedService>().Should().ContainSingle().Which.Should().BeOfType<SandboxWorker>();
        services.GetRequiredService<IStartupValidator>().Invoking(v => v.Validate()).Should().NotThrow("the defaults are valid");
    }

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task AddSandboxUpstream_BadOption_IsNamedAtStart(string property, Action<SandboxOptions> configure)
    {
        await using var services = Build(configure);

        services.GetRequiredService<IStartupValidator>().Invoking(v => v.Validate())
            .Should().Throw<OptionsValidationException>().WithMessage($"*{property}*");
    }

    private static ServiceProvider Build(Action<SandboxOptions> configure) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<ISandboxJobs, InMemorySandboxJobs>()
        .AddSingleton<IBlobStore, FolderBlobs>()
        .AddSingleton<IMediaProbe, FfprobeProbe>()
        .AddSingleton<IIdSource, SequentialIds>()
        .AddSandboxUpstream(configure)
        .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
}
