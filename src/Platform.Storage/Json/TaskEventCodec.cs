using System.Collections.Immutable;
using System.Text.Json;
using Platform.Domain.Credits;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;

namespace Platform.Storage.Json;

/// <summary>Writes and reads the events of a task.</summary>
internal static class TaskEventCodec
{
    private const string Name = "task event";

    /// <summary>Name of an event's kind, in the row's column.</summary>
    public static string KindOf(TaskEvent happened) => happened switch
    {
        TaskEvent.Accepted => "accepted",
        TaskEvent.InputsCopied => "inputs_copied",
        TaskEvent.AttemptStarted => "attempt_started",
        TaskEvent.AttemptAccepted => "attempt_accepted",
        TaskEvent.AttemptRefused => "attempt_refused",
        TaskEvent.AttemptUnclear => "attempt_unclear",
        TaskEvent.AttemptResent => "attempt_resent",
        TaskEvent.OutputReady => "output_ready",
        TaskEvent.AttemptFailed => "attempt_failed",
        TaskEvent.CancelRequested => "cancel_requested",
        TaskEvent.CancelDeclined => "cancel_declined",
        TaskEvent.Completed => "completed",
        TaskEvent.Failed => "failed",
        TaskEvent.Cancelled => "cancelled",
        TaskEvent.LateOutput => "late_output",
        TaskEvent.AbandonedCleared => "abandoned_cleared",
        TaskEvent.MediaErased => "media_erased",
        _ => throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
    };

    /// <summary>The document of an event.</summary>
    public static byte[] Write(TaskEvent happened)
    {
        const int V = TaskEventDocument.Current;
        TaskEventDocument document = happened switch
        {
            TaskEvent.Accepted e => new() { V = V, Reserved = e.CreditsReserved.Value, ReservedSeconds = e.ReservedSeconds, Queued = e.Queued },
            TaskEvent.InputsCopied e => new() { V = V, Inputs = Parts.Write(e.Inputs) },
            TaskEvent.AttemptStarted e => new()
            {
                V = V,
                Attempt = e.AttemptId,
                Route = e.RouteId,
                Upstream = e.Upstream,
                Account = e.Account,
                CostUsd = e.CostPerSecondUsd,
                SendBy = UnixTime.Of(e.SendBy),
                Rejections = e.Rejections.IsDefaultOrEmpty ? null : [.. e.Rejections.Select(r => new RejectionDocument(r.RouteId, r.Reason, r.MayPass ? true : null))],
                Slot = e.Slot,
            },
            TaskEvent.AttemptAccepted e => new() { V = V, Attempt = e.AttemptId, UpstreamTask = e.UpstreamTaskId },
            TaskEvent.AttemptRefused e => new()
            {
                V = V,
                Attempt = e.AttemptId,
                Ending = e.Ending,
                Fault = Parts.Write(e.Fault),
                NotBefore = UnixTime.Of(e.RetryNotBefore),
            },
            TaskEvent.AttemptUnclear e => new() { V = V, Attempt = e.AttemptId, Fault = Parts.Write(e.Fault) },
            TaskEvent.AttemptResent e => new() { V = V, Attempt = e.AttemptId, SendBy = UnixTime.Of(e.SendBy) },
            TaskEvent.OutputReady e => new() { V = V, Attempt = e.AttemptId, Output = Parts.Write(e.Output) },
            TaskEvent.AttemptFailed e => new() { V = V, Attempt = e.AttemptId, Code = e.Error.WireName(), Fault = Parts.Write(e.Fault) },
            TaskEvent.CancelRequested => new() { V = V },
            TaskEvent.CancelDeclined e => new() { V = V, Attempt = e.AttemptId, Fault = Parts.Write(e.Fault) },
            TaskEvent.Completed e => new()
            {
                V = V,
                Result = Parts.Write(e.Result),
                BilledSeconds = e.BilledSeconds,
                CreditsUsed = e.CreditsUsed.Value,
            },
            TaskEvent.Failed e => new() { V = V, Error = Parts.Write(e.Error), Fault = Parts.Write(e.Fault) },
            TaskEvent.Cancelled e => new() { V = V, UpstreamStopped = e.UpstreamStopped },
            TaskEvent.LateOutput e => new() { V = V, Attempt = e.AttemptId, Output = Parts.Write(e.Output) },
            TaskEvent.AbandonedCleared e => new() { V = V, Attempt = e.AttemptId, Fault = Parts.Write(e.Fault) },
            TaskEvent.MediaErased => new() { V = V },
            _ => throw new InvalidOperationException($"Unknown event {happened.GetType().Name}."),
        };
        return JsonSerializer.SerializeToUtf8Bytes(document, StoredJson.Compact.TaskEventDocument);
    }

    /// <summary>The event of a row and its document.</summary>
    /// <exception cref="StoredJsonException">The kind or the version is unknown, or the document lacks something.</exception>
    public static TaskEvent Read(string kind, DateTimeOffset at, ReadOnlySpan<byte> json)
    {
        var d = StoredJson.Required(JsonSerializer.Deserialize(json, StoredJson.Compact.TaskEventDocument), Name, "document");
        StoredJson.CheckVersion(Name, d.V, TaskEventDocument.Current);
        return kind switch
        {
            "accepted" => new TaskEvent.Accepted(
                CreditAmount.From(Required(d.Reserved, "reserved")),
                Required(d.ReservedSeconds, "reservedSeconds"),
                Required(d.Queued, "queued"))
            { At = at },
            "inputs_copied" => new TaskEvent.InputsCopied(Parts.Read(d.Inputs)) { At = at },
            "attempt_started" => new TaskEvent.AttemptStarted(
                Attempt(d),
                Required(d.Route, "route"),
                Required(d.Upstream, "upstream"),
                Required(d.Account, "account"),
                Required(d.CostUsd, "costUsd"),
                UnixTime.ToTime(Required(d.SendBy, "sendBy")),
                ReadRejections(d.Rejections),
                d.Slot)
            { At = at },
            "attempt_accepted" => new TaskEvent.AttemptAccepted(Attempt(d), Required(d.UpstreamTask, "upstreamTask")) { At = at },
            "attempt_refused" => new TaskEvent.AttemptRefused(
                Attempt(d),
                Required(d.Ending, "ending"),
                Required(Parts.Read(d.Fault), "fault"),
                UnixTime.ToTime(Required(d.NotBefore, "notBefore")))
            { At = at },
            "attempt_unclear" => new TaskEvent.AttemptUnclear(Attempt(d), Required(Parts.Read(d.Fault), "fault")) { At = at },
            "attempt_resent" => new TaskEvent.AttemptResent(Attempt(d), UnixTime.ToTime(Required(d.SendBy, "sendBy"))) { At = at },
            "output_ready" => new TaskEvent.OutputReady(Attempt(d), Parts.Read(Required(d.Output, "output"))) { At = at },
            "attempt_failed" => new TaskEvent.AttemptFailed(
                Attempt(d), Parts.ReadCode(Required(d.Code, "code")), Required(Parts.Read(d.Fault), "fault"))
            { At = at },
            "cancel_requested" => new TaskEvent.CancelRequested { At = at },
            "cancel_declined" => new TaskEvent.CancelDeclined(Attempt(d), Required(Parts.Read(d.Fault), "fault")) { At = at },
            "completed" => new TaskEvent.Completed(
                Parts.Read(Required(d.Result, "result")),
                Required(d.BilledSeconds, "billedSeconds"),
                CreditAmount.From(Required(d.CreditsUsed, "creditsUsed")))
            { At = at },
            "failed" => new TaskEvent.Failed(Parts.Read(Required(d.Error, "error")), Parts.Read(d.Fault)) { At = at },
            "cancelled" => new TaskEvent.Cancelled(Required(d.UpstreamStopped, "upstreamStopped")) { At = at },
            "late_output" => new TaskEvent.LateOutput(Attempt(d), Parts.Read(Required(d.Output, "output"))) { At = at },
            "abandoned_cleared" => new TaskEvent.AbandonedCleared(Attempt(d), Required(Parts.Read(d.Fault), "fault")) { At = at },
            "media_erased" => new TaskEvent.MediaErased { At = at },
            _ => throw new StoredJsonException($"A stored task event has the unknown kind '{kind}'."),
        };
    }

    private static string Attempt(TaskEventDocument document) => Required(document.Attempt, "attempt");

    private static ImmutableArray<RouteRejection> ReadRejections(RejectionDocument[]? rejections) =>
        rejections is null ? [] : [.. rejections.Select(r => new RouteRejection(r.Route, r.Reason, r.MayPass ?? false))];

    private static T Required<T>(T? value, string property)
        where T : class => StoredJson.Required(value, Name, property);

    private static T Required<T>(T? value, string property)
        where T : struct => StoredJson.Required(value, Name, property);
}
