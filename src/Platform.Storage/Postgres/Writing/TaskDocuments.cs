using System.Collections.Immutable;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Storage.Json;

namespace Platform.Storage.Postgres.Writing;

/// <summary>A task and its new events, ready to be written. It is made by the caller's thread, before the unit waits for its lane.</summary>
internal sealed class TaskDocuments
{
    public TaskDocuments(GenerationTask task, ImmutableArray<TaskEvent> events, DateTimeOffset? dueAt)
    {
        Task = task;
        Month = TaskMonth.Of(task.Id);
        DueAt = task.IsTerminal ? null : dueAt;
        State = TaskCodec.Write(task);
        Phase = TaskCodec.PhaseName(task.Phase);
        Upstreams = UpstreamEffects.Of(task, events);
        Events = [.. events.Select(e => (TaskEventCodec.KindOf(e), e.At, TaskEventCodec.Write(e)))];
    }

    public GenerationTask Task { get; }

    public int Month { get; }

    public DateTimeOffset? DueAt { get; }

    public byte[] State { get; }

    public string Phase { get; }

    /// <summary>What the events do to the books of the upstreams.</summary>
    public UpstreamEffects Upstreams { get; }

    public (string Kind, DateTimeOffset At, byte[] Data)[] Events { get; }
}
