using Platform.Domain.Credits;

namespace Platform.Api.Tasks;

/// <summary>Tasks as the document shows them.</summary>
internal static class TaskExamples
{
    private const string Link = "https://api.example.com/v1/media/results/ten_4m8xq2wnk7cpd9rt/task-unified-1757169743-v3mc/video.mp4?expires=1757256143&signature=Zm9yIHNob3c";

    /// <summary>The response example of the product page.</summary>
    public static readonly TaskObject Pending = new()
    {
        Created = 1757169743,
        Id = "task-unified-1757169743-v3mc",
        Model = "kling-v3-motion-control",
        Progress = 0,
        Status = "pending",
        TaskInfo = new(CanCancel: true, 180),
        Type = "video",
        Usage = new("per_second", CreditAmount.From(40.824m), "default"),
    };

    public static readonly TaskObject Completed = Pending with
    {
        Progress = 100,
        Status = "completed",
        TaskInfo = new(CanCancel: false, 180, 5m),
        Usage = Pending.Usage with { CreditsUsed = CreditAmount.From(40.824m) },
        Results = [Link],
        ResultData = [new(Link, 5m, 1757256143)],
    };

    public static readonly TaskObject Failed = Pending with
    {
        Progress = 40,
        Status = "failed",
        TaskInfo = new(CanCancel: false, 180),
        Usage = Pending.Usage with { CreditsUsed = CreditAmount.Zero },
        Error = new("content_policy_violation", "The content was refused by the provider's policy.", "task_error"),
    };

    public static readonly TaskObject Cancelled = Pending with
    {
        Status = "cancelled",
        TaskInfo = new(CanCancel: false, 180),
        Usage = Pending.Usage with { CreditsUsed = CreditAmount.Zero },
        Error = new("request_cancelled", "The task was cancelled on request.", "task_error"),
    };
}
