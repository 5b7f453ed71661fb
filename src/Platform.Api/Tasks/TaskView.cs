using Platform.Domain.Catalog;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Grains.Contracts;

namespace Platform.Api.Tasks;

/// <summary>Makes the object that callers see from a task as it is committed.</summary>
internal sealed class TaskView(ICatalog catalog, ILinkSigner links, IEnumerable<IUpstream> upstreams, TimeProvider time)
{
    /// <summary>How long a result link is good (product.md section 6).</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    private readonly HashSet<string> _cancellable =
        upstreams.Where(u => u.Capabilities.CanCancel).Select(u => u.Kind).ToHashSet(StringComparer.Ordinal);

    public TaskObject Of(GenerationTask task)
    {
        var now = time.GetUtcNow();
        var model = catalog.FindModel(task.Request.Model);
        var view = new TaskObject
        {
            Created = task.CreatedAt.ToUnixTimeSeconds(),
            Id = task.Id.Value,
            Model = task.Request.Model,
            Progress = Progress.Of(task, now),
            Status = StatusName.Of(task.Status),
            TaskInfo = new(CanCancel(task), task.EstimatedSeconds),
            Type = model?.OutputType ?? MotionControlModel.Definition.OutputType,
            Usage = new(model?.BillingRule ?? MotionControlModel.Definition.BillingRule, task.CreditsReserved, task.Price.UserGroup),
            Metadata = task.Request.Metadata.IsEmpty ? null : task.Request.Metadata,
            EndUser = task.Request.EndUser,
            BatchId = task.BatchId,
            MediaDeletedAt = task.MediaDeletedAt?.ToUnixTimeSeconds(),
        };
        return (task.Phase as TaskPhase.Ended)?.Outcome switch
        {
            TaskOutcome.Completed completed => Completed(view, task, completed, now),
            TaskOutcome.Failed failed => view with
            {
                Error = new(failed.Error.Code.WireName(), failed.Error.Message, "task_error"),
                Usage = view.Usage with { CreditsUsed = Domain.Credits.CreditAmount.Zero },
            },
            TaskOutcome.Cancelled => view with
            {
                Error = new(TaskErrorCode.RequestCancelled.WireName(), TaskErrorText.Of(TaskErrorCode.RequestCancelled), "task_error"),
                Usage = view.Usage with { CreditsUsed = Domain.Credits.CreditAmount.Zero },
            },
            _ => view,
        };
    }

    /// <summary>The object of a task that was accepted this moment, without reading it back.</summary>
    public static TaskObject Accepted(AcceptReply reply, GenerationRequest request, ModelDefinition model, string? batchId = null) => new()
    {
        Created = reply.CreatedAt.ToUnixTimeSeconds(),
        Id = reply.TaskId!.Value.Value,
        Model = model.Id,
        Progress = 0,
        Status = StatusName.Of(GenerationStatus.Pending),
        TaskInfo = new(CanCancel: true, model.EstimatedSeconds),
        Type = model.OutputType,
        Usage = new(model.BillingRule, reply.Credits, reply.UserGroup!),
        Metadata = request.Metadata.IsEmpty ? null : request.Metadata,
        EndUser = request.EndUser,
        BatchId = batchId,
    };

    private TaskObject Completed(TaskObject view, GenerationTask task, TaskOutcome.Completed completed, DateTimeOffset now)
    {
        var duration = Trimmed(completed.Result.Info.DurationSeconds ?? 0m);
        var billed = view with
        {
            TaskInfo = view.TaskInfo with { VideoDuration = duration },
            Usage = view.Usage with { CreditsUsed = completed.CreditsUsed },
        };
        if (task.MediaDeletedAt is not null)
        {
            return billed;
        }

        // Whole seconds, as the link says them.
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + LinkLifetime).ToUnixTimeSeconds());
        var link = links.Sign(ResultPath(completed.Result.BlobKey), task.Tenant.Value, expiresAt);
        return billed with
        {
            Results = [link],
            ResultData = [new(link, duration, expiresAt.ToUnixTimeSeconds())],
        };
    }

    /// <summary>Path of a result in the API: <c>/v1/media/results/{tenant}/{task}/{name}</c>.</summary>
    private static string ResultPath(string blobKey) => $"/v1/media/{blobKey}";

    private bool CanCancel(GenerationTask task) => task.Phase switch
    {
        TaskPhase.Accepted or TaskPhase.Ready => true,
        TaskPhase.Submitting or TaskPhase.InDoubt or TaskPhase.Running =>
            !task.CancelDeclined && task.CurrentAttempt is { } attempt && _cancellable.Contains(attempt.Upstream),
        _ => false,
    };

    private static decimal Trimmed(decimal seconds) => Math.Round(seconds, 3) / 1.0000000000000000000000000000m;
}

/// <summary>Wire names of statuses.</summary>
internal static class StatusName
{
    /// <summary>All of them.</summary>
    public static IEnumerable<string> All => Enum.GetValues<GenerationStatus>().Select(Of);

    public static string Of(GenerationStatus status) => status switch
    {
        GenerationStatus.Pending => "pending",
        GenerationStatus.Processing => "processing",
        GenerationStatus.Completed => "completed",
        GenerationStatus.Failed => "failed",
        GenerationStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status."),
    };

    public static GenerationStatus? Parse(string name) => name switch
    {
        "pending" => GenerationStatus.Pending,
        "processing" => GenerationStatus.Processing,
        "completed" => GenerationStatus.Completed,
        "failed" => GenerationStatus.Failed,
        "cancelled" => GenerationStatus.Cancelled,
        _ => null,
    };
}
