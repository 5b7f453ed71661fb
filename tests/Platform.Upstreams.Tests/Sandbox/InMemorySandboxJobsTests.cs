using Platform.Conformance.Upstreams;
using Platform.Domain.Upstreams;
using Platform.Upstreams.Tests.Sandbox.Fakes;

namespace Platform.Upstreams.Tests.Sandbox;

/// <summary>The fake that the sandbox's tests stand on obeys the port.</summary>
public sealed class InMemorySandboxJobsTests : SandboxJobsConformance
{
    protected override ValueTask<ISandboxJobs> OpenAsync() => new(new InMemorySandboxJobs());
}
