using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Conformance.Upstreams;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Sandbox;
using Platform.Upstreams.Sandbox.Rendering;
using Platform.Upstreams.Tests.Sandbox.Fakes;

namespace Platform.Upstreams.Tests.Adapters;

public sealed class KlingConformanceTests : UpstreamConformance
{
    protected override async ValueTask<UpstreamUnderTest> OpenAsync() => await AdapterWorld.OpenAsync("kling");
}

public sealed class FalConformanceTests : UpstreamConformance
{
    protected override async ValueTask<UpstreamUnderTest> OpenAsync() => await AdapterWorld.OpenAsync("fal");
}

public sealed class ReplicateConformanceTests : UpstreamConformance
{
    protected override async ValueTask<UpstreamUnderTest> OpenAsync() => await AdapterWorld.OpenAsync("replicate");
}

public sealed class PlatformConformanceTests : UpstreamConformance
{
    protected override async ValueTask<UpstreamUnderTest> OpenAsync() => await AdapterWorld.OpenAsync("platform");
}

public sealed class SandboxConformanceTests : UpstreamConformance
{
    protected override ValueTask<UpstreamUnderTest> OpenAsync() => ValueTask.FromResult<UpstreamUnderTest>(new SandboxWorld());

    private sealed class SandboxWorld : UpstreamUnderTest
    {
        private readonly InMemorySandboxJobs _jobs = new();

        public SandboxWorld()
        {
            var options = Options.Create(new SandboxOptions());
            Upstream = new SandboxUpstream(
                _jobs, new(), new RenderPrograms(options), new SequentialIds(), TimeProvider.System, options, NullLogger<SandboxUpstream>.Instance);
        }

        public override IUpstream Upstream { get; }

        public override string Account => "sandbox";

        public override int Jobs => _jobs.Count;

        public override async Task SucceedAsync(string upstreamTaskId)
        {
            await TakeAsync();
            await _jobs.SucceedAsync(upstreamTaskId, "results/x", 5m, CancellationToken.None);
        }

        public override async Task FailAsync(string upstreamTaskId)
        {
            await TakeAsync();
            await _jobs.FailAsync(upstreamTaskId, "service_error", "broken", CancellationToken.None);
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private Task<SandboxJob?> TakeAsync()
        {
            var later = TimeProvider.System.GetUtcNow().AddHours(1);
            return _jobs.TakeAsync(later, later.AddHours(1), CancellationToken.None);
        }
    }
}
