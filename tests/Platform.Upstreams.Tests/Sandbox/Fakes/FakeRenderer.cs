using System.Collections.Concurrent;
using Platform.Upstreams.Sandbox;
using Platform.Upstreams.Sandbox.Rendering;

namespace Platform.Upstreams.Tests.Sandbox.Fakes;

/// <summary>A renderer whose renders end when and how the test says.</summary>
internal sealed class FakeRenderer : ISandboxRenderer
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<RenderResult>> _running = new();

    /// <summary>Jobs whose render was started, in order; a job may come twice.</summary>
    public ConcurrentQueue<string> Started { get; } = new();

    /// <summary>Jobs whose render was ended by its token.</summary>
    public ConcurrentQueue<string> Stopped { get; } = new();

    public void End(string jobId, RenderResult result) => _running[jobId].SetResult(result);

    public void End(string jobId) => End(jobId, new RenderResult.Rendered(ISandboxRenderer.OutputKey(jobId), 5m));

    public void Break(string jobId, Exception exception) => _running[jobId].SetException(exception);

    public async Task<RenderResult> RenderAsync(string jobId, SandboxRequest request, CancellationToken cancellationToken)
    {
        var end = _running[jobId] = new TaskCompletionSource<RenderResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Started.Enqueue(jobId);
        try
        {
            return await end.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Stopped.Enqueue(jobId);
            throw;
        }
    }
}
