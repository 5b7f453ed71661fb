using Platform.Domain.Tasks;

namespace Platform.Upstreams.Sandbox.Rendering;

/// <summary>How a render ended.</summary>
internal abstract record RenderResult
{
    private RenderResult()
    {
    }

    /// <summary>The video is stored.</summary>
    /// <param name="OutputKey">Its key in the blob store.</param>
    /// <param name="Seconds">Its length.</param>
    internal sealed record Rendered(string OutputKey, decimal Seconds) : RenderResult;

    /// <summary>There is no video.</summary>
    /// <param name="Error">The task error that fits.</param>
    /// <param name="Message">What happened, for the operator.</param>
    internal sealed record Failed(TaskErrorCode Error, string Message) : RenderResult;
}

/// <summary>Makes the video of a job.</summary>
internal interface ISandboxRenderer
{
    /// <summary>Blob key of a job's video; always the same, so that a second render leaves nothing of the first.</summary>
    static string OutputKey(string jobId) => $"sandbox/{jobId}.mp4";

    /// <summary>Renders and stores the video of a job; doing it again replaces it.</summary>
    /// <exception cref="OperationCanceledException">The token ended it; nothing of it runs on or stays on disk.</exception>
    Task<RenderResult> RenderAsync(string jobId, SandboxRequest request, CancellationToken cancellationToken);
}
