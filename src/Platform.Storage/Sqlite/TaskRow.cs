using System.Collections.Immutable;
using Platform.Domain.Routing;
using Platform.Domain.Tasks;
using Platform.Storage.Json;

namespace Platform.Storage.Sqlite;

/// <summary>A task and its new events, ready to be written.</summary>
internal sealed class TaskRow
{
    private readonly GenerationTask _task;
    private readonly DateTimeOffset? _dueAt;
    private readonly byte[] _state;
    private readonly (string Kind, DateTimeOffset At, byte[] Data)[] _events;

    public TaskRow(GenerationTask task, ImmutableArray<TaskEvent> events, DateTimeOffset? dueAt)
    {
        _task = task;
        _dueAt = task.IsTerminal ? null : dueAt;
        _state = TaskCodec.Write(task);
        Upstreams = UpstreamEffects.Of(task, events);
        _events = [.. events.Select(e => (TaskEventCodec.KindOf(e), e.At, TaskEventCodec.Write(e)))];
    }

    /// <summary>What the events do to the books of the upstreams.</summary>
    public UpstreamEffects Upstreams { get; }

    /// <summary>Adds the task and its events.</summary>
    public void Insert(SqliteConnection database, bool queued)
    {
        database
            .Prepare("""
                INSERT INTO tasks (tenant, id, version, status, phase, model, created_at, ended_at, due_at, shard, queued, state, api_key, quality, end_user)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
                """)
            .Bind(1, _task.Tenant.Value)
            .Bind(2, _task.Id.Value)
            .Bind(3, _task.Version)
            .Bind(4, (int)_task.Status)
            .Bind(5, TaskCodec.PhaseName(_task.Phase))
            .Bind(6, _task.Request.Model)
            .Bind(7, _task.CreatedAt)
            .Bind(8, _dueAt)
            .Bind(9, TaskShard.Of(_task.Tenant, _task.Id))
            .Bind(10, queued)
            .Bind(11, _state)
            .Bind(12, _task.ApiKeyId)
            .Bind(13, _task.Request.Quality)
            .Bind(14, _task.Request.EndUser)
            .Execute();
        InsertMetadata(database);
        InsertEvents(database);
    }

    /// <summary>Changes the task and adds its events; its version was compared before, in the same transaction.</summary>
    public void Update(SqliteConnection database, long expectedVersion)
    {
        var changed = database
            .Prepare("""
                UPDATE tasks SET version = ?4, status = ?5, phase = ?6, ended_at = ?7, due_at = ?8, state = ?9, queued = queued AND ?7 IS NULL
                WHERE id = ?1 AND tenant = ?2 AND version = ?3
                """)
            .Bind(1, _task.Id.Value)
            .Bind(2, _task.Tenant.Value)
            .Bind(3, expectedVersion)
            .Bind(4, _task.Version)
            .Bind(5, (int)_task.Status)
            .Bind(6, TaskCodec.PhaseName(_task.Phase))
            .Bind(7, _task.EndedAt)
            .Bind(8, _dueAt)
            .Bind(9, _state)
            .Execute();
        if (changed != 1)
        {
            throw new StorageException($"Task {_task.Id} is not at version {expectedVersion}, although its fence held.");
        }

        InsertEvents(database);
        SqliteUpstreamBooks.Write(database, new(_task.Tenant, _task.Id), Upstreams);
    }

    private void InsertMetadata(SqliteConnection database)
    {
        foreach (var (key, value) in _task.Request.Metadata)
        {
            database
                .Prepare("INSERT INTO task_metadata (tenant, key, value, created_at, task_id) VALUES (?1, ?2, ?3, ?4, ?5)")
                .Bind(1, _task.Tenant.Value)
                .Bind(2, key)
                .Bind(3, value)
                .Bind(4, _task.CreatedAt)
                .Bind(5, _task.Id.Value)
                .Execute();
        }
    }

    private void InsertEvents(SqliteConnection database)
    {
        for (var i = 0; i < _events.Length; i++)
        {
            database
                .Prepare("INSERT INTO task_events (task_id, tenant, version, position, at, kind, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
                .Bind(1, _task.Id.Value)
                .Bind(2, _task.Tenant.Value)
                .Bind(3, _task.Version)
                .Bind(4, i)
                .Bind(5, _events[i].At)
                .Bind(6, _events[i].Kind)
                .Bind(7, _events[i].Data)
                .Execute();
        }
    }
}
