using System.Collections.Immutable;
using Platform.Domain.Catalog;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Faults;

namespace Platform.Grains.Tasks;

/// <content>Inputs in, results in: everything that moves bytes.</content>
internal sealed partial class TaskGrain
{
    private int _inputTries;
    private int _storeTries;
    private DateTimeOffset? _storingSince;

    private async Task<TimeSpan> CopyInputsAsync()
    {
        var task = Current;
        var copies = await Task.WhenAll(
            CopyAsync(task, MediaKind.Image, task.Request.ImageUrl),
            CopyAsync(task, MediaKind.Video, task.Request.VideoUrl));
        foreach (var (kind, copy) in copies)
        {
            switch (copy)
            {
                case InputCopy.Refused refused:
                    return await FailAsync(TaskErrorCode.InvalidParameters, $"{Parameter(kind)}: {refused.Reason}");
                case InputCopy.Unavailable unavailable when ++_inputTries >= options.Value.InputTries:
                    return await FailAsync(
                        TaskErrorCode.ResourceNotFound, $"{Parameter(kind)}: the file could not be read. {unavailable.Reason}");
                case InputCopy.Unavailable:
                    return Pause(_inputTries);
                case InputCopy.Copied copied when Check(task, kind, copied) is { } wrong:
                    return await FailAsync(TaskErrorCode.InvalidParameters, $"{Parameter(kind)}: {wrong}");
                default:
                    break;
            }
        }

        faults.Reach(FaultPoint.InputsCopied);
        ImmutableArray<CopiedInput> recorded =
        [
            .. copies.Select(c => (c.Kind, Copied: (InputCopy.Copied)c.Copy))
                .Select(c => new CopiedInput(c.Kind, GenerationTask.InputKey(task.Tenant, task.Id, c.Kind), c.Copied.Blob, c.Copied.Info)),
        ];
        await ApplyAsync((_, now) => new TaskCommand.RecordInputs(recorded) { Now = now });
        return GoOn;
    }

    private async Task<(MediaKind Kind, InputCopy Copy)> CopyAsync(GenerationTask task, MediaKind kind, string url) =>
        (kind, await inputs.CopyAsync(
            task.Tenant, url, GenerationTask.InputKey(task.Tenant, task.Id, kind), MotionControlModel.MaxBytes(kind), CancellationToken.None));

    // The copy is what will be used, and it is judged anew: a URL may serve something else than it served when it was looked at.
    private static string? Check(GenerationTask task, MediaKind kind, InputCopy.Copied copied)
    {
        if (kind == MediaKind.Image)
        {
            return MotionControlModel.CheckImage(copied.Info, copied.Blob.Length);
        }

        if (MotionControlModel.CheckVideo(copied.Info, copied.Blob.Length, task.Request.CharacterOrientation) is { } wrong)
        {
            return wrong;
        }

        var cap = MotionControlModel.MaxSeconds(task.Request.CharacterOrientation);
        var needed = Seconds.ToReserve(copied.Info.DurationSeconds, MotionControlModel.MinSeconds, cap);
        return needed > task.ReservedSeconds
            ? $"The video is {copied.Info.DurationSeconds:0.###} s long; when the task was created it was shorter, and {task.ReservedSeconds} s were reserved."
            : null;
    }

    private static string Parameter(MediaKind kind) => kind == MediaKind.Image ? "image_urls" : "video_urls";

    private async Task<TimeSpan> StoreOutputAsync(TaskStep.StoreOutput step)
    {
        faults.Reach(FaultPoint.BeforeStore);
        _storingSince ??= time.GetUtcNow();
        switch (await results.StoreAsync(step.Output, Current.ResultKey, CancellationToken.None))
        {
            case ResultCopy.Stored stored:
                faults.Reach(FaultPoint.AfterStore);
                return await EndAsync(step.Attempt, new TaskCommand.Complete(new(Current.ResultKey, stored.Blob, stored.Info)) { Now = time.GetUtcNow() });
            case ResultCopy.Unavailable unavailable when time.GetUtcNow() - _storingSince < options.Value.StoreTimeout:
                LogResultUnavailable(logger, Current.Tenant, Current.Id, unavailable.Reason);
                return Pause(_storeTries++);
            case ResultCopy.Unavailable unavailable:
                return await AttemptFailedAsync(step.Attempt, TaskErrorCode.ServiceError, new("result-unavailable", unavailable.Reason));
            case ResultCopy.Unusable unusable:
                return await AttemptFailedAsync(step.Attempt, TaskErrorCode.GenerationFailedNoContent, new("result-unusable", unusable.Reason));
            default:
                throw new InvalidOperationException("Unknown result of a copy.");
        }
    }

    private async Task<TimeSpan> AttemptFailedAsync(Attempt attempt, TaskErrorCode error, UpstreamFault fault)
    {
        _storingSince = null;
        _storeTries = 0;
        await ApplyAsync(attempt, now => new TaskCommand.RecordAttemptFailed(attempt.Id, error, fault) { Now = now });
        return GoOn;
    }
}
