using Microsoft.Extensions.Options;
using Platform.Domain.Media;
using Platform.Domain.Tasks;

namespace Platform.Upstreams.Sandbox.Rendering;

/// <summary>Renders previews with ffmpeg: the motion clip with the character image in it, marked as what it is.</summary>
internal sealed class SandboxRenderer(
    IBlobStore blobs,
    IMediaProbe probe,
    Ffmpeg ffmpeg,
    WorkFolders folders,
    IOptions<SandboxOptions> options) : ISandboxRenderer
{
    /// <inheritdoc/>
    public async Task<RenderResult> RenderAsync(string jobId, SandboxRequest request, CancellationToken cancellationToken)
    {
        var (clip, image) = (await LookAsync(request.Video, cancellationToken), await LookAsync(request.Image, cancellationToken));
        if (clip is null || image is null)
        {
            return Gone(clip is null ? "motion clip" : "character image");
        }

        if (clip is not ProbeResult.Recognised { Info: { Kind: MediaKind.Video } clipInfo })
        {
            return new RenderResult.Failed(TaskErrorCode.InvalidParameters, "The motion clip is not a video: " + Reason(clip));
        }

        if (image is not ProbeResult.Recognised { Info: { Kind: MediaKind.Image } imageInfo })
        {
            return new RenderResult.Failed(TaskErrorCode.ImageProcessingError, "The character image is not an image: " + Reason(image));
        }

        if ((long)imageInfo.Width * imageInfo.Height > RenderPlan.MaxImagePixels)
        {
            return new RenderResult.Failed(
                TaskErrorCode.ImageProcessingError, $"The sandbox takes images of at most {RenderPlan.MaxImagePixels} pixels.");
        }

        return RenderPlan.For(request, clipInfo, imageInfo) is { } plan
            ? await RenderAsync(jobId, request, plan, cancellationToken)
            : new RenderResult.Failed(TaskErrorCode.InvalidParameters, "The motion clip has no length, or a shape that no video can have.");
    }

    private async Task<RenderResult> RenderAsync(string jobId, SandboxRequest request, RenderPlan plan, CancellationToken cancellationToken)
    {
        await using var video = await blobs.LeaseLocalFileAsync(request.Video, cancellationToken);
        await using var image = await blobs.LeaseLocalFileAsync(request.Image, cancellationToken);
        if (video is null || image is null)
        {
            return Gone(video is null ? "motion clip" : "character image");
        }

        using var folder = folders.Create();
        var badge = Mark.Badge(plan.ShortSide);
        var watermark = request.Watermark ? Mark.Watermark(plan.Width, plan.ShortSide) : null;
        var files = new FfmpegArguments.Files(
            video.Path,
            image.Path,
            folder.File("badge.rgba"),
            badge,
            watermark is null ? null : folder.File("watermark.rgba"),
            watermark,
            folder.File("output.mp4"));
        await File.WriteAllBytesAsync(files.Badge, badge.Rgba, cancellationToken);
        if (files is { Watermark: { } path, WatermarkMark: { } mark })
        {
            await File.WriteAllBytesAsync(path, mark.Rgba, cancellationToken);
        }

        var arguments = FfmpegArguments.Build(plan, files, options.Value.RenderThreads);
        return await ffmpeg.RunAsync(arguments, folder.FullName, cancellationToken) switch
        {
            FfmpegRun.Ended { ExitCode: 0 } => await StoreAsync(jobId, files.Output, cancellationToken),
            FfmpegRun.Ended { ExitCode: var code } => Broken($"ffmpeg ended with {code}."),
            FfmpegRun.TimedOut => Broken($"ffmpeg took longer than {options.Value.RenderTimeout}."),
            _ => Broken("ffmpeg could not be started."),
        };
    }

    private async Task<RenderResult> StoreAsync(string jobId, string file, CancellationToken cancellationToken)
    {
        await using var output = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 65536, useAsync: true);

        // ffmpeg calls a run that made no frame a success.
        if (await probe.ProbeAsync(output, cancellationToken) is not ProbeResult.Recognised { Info.DurationSeconds: > 0m and var seconds })
        {
            return Broken("ffmpeg made no video.");
        }

        output.Position = 0;
        var key = ISandboxRenderer.OutputKey(jobId);
        await blobs.WriteAsync(key, output, options.Value.MaxOutputBytes, cancellationToken);
        return new RenderResult.Rendered(key, seconds);
    }

    private async Task<ProbeResult?> LookAsync(string key, CancellationToken cancellationToken)
    {
        await using var content = await blobs.OpenReadAsync(key, cancellationToken);
        return content is null ? null : await probe.ProbeAsync(content, cancellationToken);
    }

    private static string Reason(ProbeResult result) =>
        result is ProbeResult.Refused { Reason: var reason } ? reason : "it is a medium of the other kind.";

    private static RenderResult.Failed Gone(string what) =>
        new(TaskErrorCode.ResourceNotFound, $"The {what} is no longer stored.");

    private static RenderResult.Failed Broken(string message) => new(TaskErrorCode.ServiceError, message);
}
