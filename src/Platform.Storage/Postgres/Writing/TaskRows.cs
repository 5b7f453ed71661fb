using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Storage.Postgres.Writing;

/// <summary>Tasks that are accepted, with their holds; both as they are after the unit.</summary>
internal sealed class AcceptedRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<int> _place;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<string?> _id;
    private readonly ArrayColumn<int> _month;
    private readonly ArrayColumn<long> _version;
    private readonly ArrayColumn<int> _status;
    private readonly ArrayColumn<string?> _phase;
    private readonly ArrayColumn<string?> _model;
    private readonly ArrayColumn<long> _createdAt;
    private readonly ArrayColumn<long?> _endedAt;
    private readonly ArrayColumn<long?> _dueAt;
    private readonly ArrayColumn<int> _shard;
    private readonly ArrayColumn<bool> _queued;
    private readonly ArrayColumn<byte[]> _state;
    private readonly ArrayColumn<string?> _apiKey;
    private readonly ArrayColumn<string?> _quality;
    private readonly ArrayColumn<string?> _endUser;
    private readonly ArrayColumn<long> _sequence;
    private readonly ArrayColumn<long> _amount;
    private readonly ArrayColumn<byte[]> _slices;
    private readonly ArrayColumn<long> _settled;
    private readonly ArrayColumn<long> _released;
    private readonly ArrayColumn<long?> _holdEndedAt;

    public AcceptedRows()
        : base("accepted")
    {
        _unit = Int32("unit");
        _place = Int32("place");
        _tenant = Text("tenant");
        _id = Text("id");
        _month = Int32("month");
        _version = Int64("version");
        _status = Int32("status");
        _phase = Text("phase");
        _model = Text("model");
        _createdAt = Int64("created_at");
        _endedAt = Int64OrNull("ended_at");
        _dueAt = Int64OrNull("due_at");
        _shard = Int32("shard");
        _queued = Boolean("queued");
        _state = Utf8("state");
        _apiKey = Text("api_key");
        _quality = Text("quality");
        _endUser = Text("end_user");
        _sequence = Int64("sequence");
        _amount = Int64("amount");
        _slices = Utf8("slices");
        _settled = Int64("settled");
        _released = Int64("released");
        _holdEndedAt = Int64OrNull("hold_ended_at");
    }

    /// <summary>Adds a task.</summary>
    /// <param name="unit">Number of the unit.</param>
    /// <param name="place">Its place among those that the unit accepts.</param>
    /// <param name="last">The task after the unit.</param>
    /// <param name="hold">Its hold as it was placed.</param>
    /// <param name="slices">The document of the hold's slices.</param>
    /// <param name="resolution">What became of the hold, where the unit also ends the task.</param>
    /// <param name="promotedTo">When it is due, where the unit also promotes it.</param>
    public void Add(
        int unit, int place, TaskDocuments last, Hold hold, byte[] slices, TaskResolution? resolution, DateTimeOffset? promotedTo)
    {
        var task = last.Task;
        _unit.Add(unit);
        _place.Add(place);
        _tenant.Add(task.Tenant.Value);
        _id.Add(task.Id.Value);
        _month.Add(last.Month);
        _version.Add(task.Version);
        _status.Add((int)task.Status);
        _phase.Add(last.Phase);
        _model.Add(task.Request.Model);
        _createdAt.Add(UnixTime.Of(task.CreatedAt));
        _endedAt.Add(UnixTime.Of(task.EndedAt));
        _dueAt.Add(UnixTime.Of(promotedTo ?? last.DueAt));
        _shard.Add(TaskShard.Of(task.Tenant, task.Id));
        _queued.Add(hold.Queued && promotedTo is null && resolution is null);
        _state.Add(last.State);
        _apiKey.Add(task.ApiKeyId);
        _quality.Add(task.Request.Quality);
        _endUser.Add(task.Request.EndUser);
        _sequence.Add(hold.Sequence);
        _amount.Add(hold.Amount.Units);
        _slices.Add(slices);
        _settled.Add(resolution?.Settled.Units ?? 0);
        _released.Add(resolution?.Released.Units ?? 0);
        _holdEndedAt.Add(UnixTime.Of(resolution?.At));
        Added();
    }
}

/// <summary>Metadata of tasks that are accepted.</summary>
internal sealed class MetadataRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<string?> _key;
    private readonly ArrayColumn<string?> _value;
    private readonly ArrayColumn<long> _createdAt;
    private readonly ArrayColumn<string?> _taskId;
    private readonly ArrayColumn<int> _month;

    public MetadataRows()
        : base("new_metadata")
    {
        _unit = Int32("unit");
        _tenant = Text("tenant");
        _key = Text("key");
        _value = Text("value");
        _createdAt = Int64("created_at");
        _taskId = Text("task_id");
        _month = Int32("month");
    }

    public void Add(int unit, TaskDocuments documents)
    {
        foreach (var (key, value) in documents.Task.Request.Metadata)
        {
            _unit.Add(unit);
            _tenant.Add(documents.Task.Tenant.Value);
            _key.Add(key);
            _value.Add(value);
            _createdAt.Add(UnixTime.Of(documents.Task.CreatedAt));
            _taskId.Add(documents.Task.Id.Value);
            _month.Add(documents.Month);
            Added();
        }
    }
}

/// <summary>Tasks that change: by a step, or by their end.</summary>
internal sealed class ChangedRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<int> _place;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<string?> _id;
    private readonly ArrayColumn<int> _month;
    private readonly ArrayColumn<long> _expected;
    private readonly ArrayColumn<long> _version;
    private readonly ArrayColumn<int> _status;
    private readonly ArrayColumn<string?> _phase;
    private readonly ArrayColumn<long?> _endedAt;
    private readonly ArrayColumn<long?> _dueAt;
    private readonly ArrayColumn<byte[]> _state;

    public ChangedRows()
        : base("changed")
    {
        _unit = Int32("unit");
        _place = Int32("place");
        _tenant = Text("tenant");
        _id = Text("id");
        _month = Int32("month");
        _expected = Int64("expected");
        _version = Int64("version");
        _status = Int32("status");
        _phase = Text("phase");
        _endedAt = Int64OrNull("ended_at");
        _dueAt = Int64OrNull("due_at");
        _state = Utf8("state");
    }

    public void Add(int unit, int place, TaskDocuments documents, long expected)
    {
        _unit.Add(unit);
        _place.Add(place);
        _tenant.Add(documents.Task.Tenant.Value);
        _id.Add(documents.Task.Id.Value);
        _month.Add(documents.Month);
        _expected.Add(expected);
        _version.Add(documents.Task.Version);
        _status.Add((int)documents.Task.Status);
        _phase.Add(documents.Phase);
        _endedAt.Add(UnixTime.Of(documents.Task.EndedAt));
        _dueAt.Add(UnixTime.Of(documents.DueAt));
        _state.Add(documents.State);
        Added();
    }
}

/// <summary>What became of the holds of tasks that end, and the messages that tell of it.</summary>
internal sealed class EndedRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<string?> _taskId;
    private readonly ArrayColumn<int> _month;
    private readonly ArrayColumn<int> _outcome;
    private readonly ArrayColumn<long> _settled;
    private readonly ArrayColumn<long> _released;
    private readonly ArrayColumn<int> _billedSeconds;
    private readonly ArrayColumn<long> _at;
    private readonly ArrayColumn<string?> _messageId;
    private readonly ArrayColumn<string?> _eventType;
    private readonly ArrayColumn<long> _messageAt;
    private readonly ArrayColumn<bool> _hasHold;

    public EndedRows()
        : base("ended")
    {
        _unit = Int32("unit");
        _tenant = Text("tenant");
        _taskId = Text("task_id");
        _month = Int32("month");
        _outcome = Int32("outcome");
        _settled = Int64("settled");
        _released = Int64("released");
        _billedSeconds = Int32("billed_seconds");
        _at = Int64("at");
        _messageId = Text("message_id");
        _eventType = Text("event_type");
        _messageAt = Int64("message_at");
        _hasHold = Boolean("has_hold");
    }

    /// <summary>Adds the end of a task.</summary>
    /// <param name="unit">Number of the unit.</param>
    /// <param name="tenant">Whose task.</param>
    /// <param name="month">Month of the task.</param>
    /// <param name="resolved">Its end.</param>
    /// <param name="hasHold">Whether its hold was there before the unit.</param>
    public void Add(int unit, TenantId tenant, int month, ResolvedTask resolved, bool hasHold)
    {
        _unit.Add(unit);
        _tenant.Add(tenant.Value);
        _taskId.Add(resolved.Task.Id.Value);
        _month.Add(month);
        _outcome.Add((int)resolved.Resolution.Outcome);
        _settled.Add(resolved.Resolution.Settled.Units);
        _released.Add(resolved.Resolution.Released.Units);
        _billedSeconds.Add(resolved.Resolution.BilledSeconds);
        _at.Add(UnixTime.Of(resolved.Resolution.At));
        _messageId.Add(resolved.Outbox.Id);
        _eventType.Add(resolved.Outbox.EventType);
        _messageAt.Add(UnixTime.Of(resolved.Outbox.CreatedAt));
        _hasHold.Add(hasHold);
        Added();
    }
}

/// <summary>Tasks that got a place in flight.</summary>
internal sealed class PromotedRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<string?> _id;
    private readonly ArrayColumn<int> _month;
    private readonly ArrayColumn<long> _dueAt;

    public PromotedRows()
        : base("promoted")
    {
        _unit = Int32("unit");
        _tenant = Text("tenant");
        _id = Text("id");
        _month = Int32("month");
        _dueAt = Int64("due_at");
    }

    public void Add(int unit, TenantId tenant, PromotedTask promoted)
    {
        _unit.Add(unit);
        _tenant.Add(tenant.Value);
        _id.Add(promoted.TaskId.Value);
        _month.Add(TaskMonth.Of(promoted.TaskId));
        _dueAt.Add(UnixTime.Of(promoted.DueAt));
        Added();
    }
}
