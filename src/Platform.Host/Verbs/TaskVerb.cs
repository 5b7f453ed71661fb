using System.Globalization;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Host.Verbs;

/// <summary><c>platform task ID</c>: prints a task's whole history. Exit code 0, or 1 where there is no such task.</summary>
internal static class TaskVerb
{
    public static async Task<int> RunAsync(IServiceProvider services, string id, TextWriter output, CancellationToken cancellationToken)
    {
        if (!TaskId.IsValid(id))
        {
            await output.WriteLineAsync($"'{id}' is no task id: it starts with '{TaskId.Prefix}'.");
            return 1;
        }

        var tasks = services.GetRequiredService<ITaskStore>();
        if (await FindAsync(services, tasks, new(id), cancellationToken) is not { } task)
        {
            await output.WriteLineAsync($"There is no task {id}.");
            return 1;
        }

        await output.WriteLineAsync($"{task.Id}  tenant {task.Tenant}  {task.Status.ToString().ToLowerInvariant()}  version {task.Version}");
        await output.WriteLineAsync($"  {task.Request.Model} {task.Request.Quality} {task.Request.CharacterOrientation}; reserved {task.CreditsReserved} for {task.ReservedSeconds} s at {task.Price.UnitPrice}/s (price {task.Price.PriceVersion}, group {task.Price.UserGroup})");
        foreach (var happened in await tasks.HistoryAsync(task.Tenant, task.Id, cancellationToken))
        {
            await output.WriteLineAsync($"  {happened.At.ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}  {Describe(happened)}");
        }

        return 0;
    }

    // A task's id does not name its tenant; an operator at a terminal has time for a look at each.
    private static async Task<GenerationTask?> FindAsync(
        IServiceProvider services, ITaskStore tasks, TaskId id, CancellationToken cancellationToken)
    {
        await using var books = await services.GetRequiredService<IBooksReader>().OpenAsync(cancellationToken);
        await foreach (var account in books.AccountsAsync(cancellationToken))
        {
            if (await tasks.FindAsync(account.Tenant, id, cancellationToken) is { } task)
            {
                return task;
            }
        }

        return null;
    }

    private static string Describe(TaskEvent happened) => happened switch
    {
        TaskEvent.Accepted e => $"accepted, {e.CreditsReserved} credits held for {e.ReservedSeconds} s{(e.Queued ? ", waiting for a place" : "")}",
        TaskEvent.InputsCopied e => $"inputs copied: {string.Join(", ", e.Inputs.Select(i => $"{i.Kind} {i.Info.Width}×{i.Info.Height} {i.Blob.Length} bytes sha256 {i.Blob.Sha256[..12]}…"))}",
        TaskEvent.AttemptStarted e => $"attempt {e.AttemptId} on route {e.RouteId} ({e.Upstream}/{e.Account}, {e.CostPerSecondUsd} USD/s){Rejected(e)}",
        TaskEvent.AttemptAccepted e => $"attempt {e.AttemptId} accepted as {e.UpstreamTaskId}",
        TaskEvent.AttemptRefused e => $"attempt {e.AttemptId} {e.Ending}: {e.Fault.Code} {e.Fault.Message}",
        TaskEvent.AttemptUnclear e => $"attempt {e.AttemptId} in doubt: {e.Fault.Code} {e.Fault.Message}",
        TaskEvent.AttemptResent e => $"attempt {e.AttemptId} sent again under its reference",
        TaskEvent.OutputReady e => $"output ready: {e.Output.DurationSeconds} s by the upstream's word",
        TaskEvent.AttemptFailed e => $"attempt {e.AttemptId} failed: {e.Error.WireName()} ({e.Fault.Code} {e.Fault.Message})",
        TaskEvent.CancelRequested => "cancel requested",
        TaskEvent.CancelDeclined e => $"the upstream cannot cancel: {e.Fault.Code} {e.Fault.Message}",
        TaskEvent.Completed e => $"completed: {e.Result.Info.DurationSeconds} s, billed {e.BilledSeconds} s = {e.CreditsUsed} credits",
        TaskEvent.Failed e => $"failed: {e.Error.Code.WireName()}: {e.Error.Message}",
        TaskEvent.Cancelled e => e.UpstreamStopped ? "cancelled; the upstream has stopped" : "cancelled",
        TaskEvent.LateOutput e => $"late output of attempt {e.AttemptId}; recorded, not billed",
        TaskEvent.AbandonedCleared e => $"attempt {e.AttemptId} came to nothing after all: {e.Fault.Code} {e.Fault.Message}",
        _ => happened.GetType().Name,
    };

    private static string Rejected(TaskEvent.AttemptStarted started) => started.Rejections.IsEmpty
        ? ""
        : $"; left out: {string.Join(", ", started.Rejections.Select(r => $"{r.RouteId} ({r.Reason})"))}";
}
