using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Commits;

namespace Platform.Storage.Postgres.Writing;

/// <summary>The accounts of a group, one for each unit.</summary>
internal sealed class UnitRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<long> _expected;
    private readonly ArrayColumn<long> _version;
    private readonly ArrayColumn<long> _available;
    private readonly ArrayColumn<long> _held;
    private readonly ArrayColumn<long> _settled;
    private readonly ArrayColumn<byte[]> _lots;
    private readonly ArrayColumn<long> _answeredThrough;
    private readonly ArrayColumn<int> _month;

    public UnitRows()
        : base("units")
    {
        _unit = Int32("unit");
        _tenant = Text("tenant");
        _expected = Int64("expected");
        _version = Int64("version");
        _available = Int64("available");
        _held = Int64("held");
        _settled = Int64("settled");
        _lots = Utf8("lots");
        _answeredThrough = Int64("answered_through");
        _month = Int32("month");
    }

    /// <summary>Whether a unit may be its account's first.</summary>
    public bool MayOpen { get; private set; }

    public void Add(int unit, AccountUnit added, byte[] lots)
    {
        MayOpen |= added.ExpectedVersion == 0;
        _unit.Add(unit);
        _tenant.Add(added.Tenant.Value);
        _expected.Add(added.ExpectedVersion);
        _version.Add(added.After.Version);
        _available.Add(added.After.Available.Units);
        _held.Add(added.After.Held.Units);
        _settled.Add(added.After.Settled.Units);
        _lots.Add(lots);
        _answeredThrough.Add(added.After.AnsweredThrough);
        _month.Add(added.Entries.Length == 0 ? TaskMonth.None : TaskMonth.Of(added.Entries[^1].At));
        Added();
    }
}

/// <summary>New entries of ledgers; their month comes from the account.</summary>
internal sealed class EntryRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<long> _sequence;
    private readonly ArrayColumn<int> _kind;
    private readonly ArrayColumn<string?> _operationId;
    private readonly ArrayColumn<string?> _taskId;
    private readonly ArrayColumn<long> _grants;
    private readonly ArrayColumn<long> _available;
    private readonly ArrayColumn<long> _held;
    private readonly ArrayColumn<long> _revenue;
    private readonly ArrayColumn<long> _expired;
    private readonly ArrayColumn<long> _availableAfter;
    private readonly ArrayColumn<long> _heldAfter;
    private readonly ArrayColumn<long> _at;
    private readonly ArrayColumn<string?> _note;
    private readonly ArrayColumn<long?> _expiresAt;

    public EntryRows()
        : base("new_entries")
    {
        _unit = Int32("unit");
        _sequence = Int64("sequence");
        _kind = Int32("kind");
        _operationId = Text("operation_id");
        _taskId = Text("task_id");
        _grants = Int64("grants");
        _available = Int64("available");
        _held = Int64("held");
        _revenue = Int64("revenue");
        _expired = Int64("expired");
        _availableAfter = Int64("available_after");
        _heldAfter = Int64("held_after");
        _at = Int64("at");
        _note = Text("note");
        _expiresAt = Int64OrNull("expires_at");
    }

    public void Add(int unit, LedgerEntry entry)
    {
        _unit.Add(unit);
        _sequence.Add(entry.Sequence);
        _kind.Add((int)entry.Kind);
        _operationId.Add(entry.OperationId);
        _taskId.Add(entry.TaskId?.Value);
        _grants.Add(entry.Postings.Grants.Units);
        _available.Add(entry.Postings.Available.Units);
        _held.Add(entry.Postings.Held.Units);
        _revenue.Add(entry.Postings.Revenue.Units);
        _expired.Add(entry.Postings.Expired.Units);
        _availableAfter.Add(entry.AvailableAfter.Units);
        _heldAfter.Add(entry.HeldAfter.Units);
        _at.Add(UnixTime.Of(entry.At));
        _note.Add(entry.Note);
        _expiresAt.Add(UnixTime.Of(entry.ExpiresAt));
        Added();
    }
}

/// <summary>Grants and adjustments, whose ids must be new.</summary>
internal sealed class OperationRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<int> _place;
    private readonly ArrayColumn<string?> _operationId;
    private readonly ArrayColumn<string?> _tenant;

    public OperationRows()
        : base("new_operations")
    {
        _unit = Int32("unit");
        _place = Int32("place");
        _operationId = Text("operation_id");
        _tenant = Text("tenant");
    }

    public void Add(int unit, int place, TenantId tenant, string operationId)
    {
        _unit.Add(unit);
        _place.Add(place);
        _operationId.Add(operationId);
        _tenant.Add(tenant.Value);
        Added();
    }
}

/// <summary>Idempotency keys, which must be new or old enough to be free again.</summary>
internal sealed class KeyRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<int> _place;
    private readonly ArrayColumn<string?> _tenant;
    private readonly ArrayColumn<string?> _key;
    private readonly ArrayColumn<string?> _bodyDigest;
    private readonly ArrayColumn<string?> _taskId;
    private readonly ArrayColumn<long> _createdAt;
    private readonly ArrayColumn<string?> _batch;
    private readonly ArrayColumn<long> _freeBefore;

    public KeyRows()
        : base("new_keys")
    {
        _unit = Int32("unit");
        _place = Int32("place");
        _tenant = Text("tenant");
        _key = Text("key");
        _bodyDigest = Text("body_digest");
        _taskId = Text("task_id");
        _createdAt = Int64("created_at");
        _batch = Text("batch");
        _freeBefore = Int64("free_before");
    }

    public void Add(int unit, int place, TenantId tenant, IdempotencyRecord record, string? batch)
    {
        _unit.Add(unit);
        _place.Add(place);
        _tenant.Add(tenant.Value);
        _key.Add(record.Key);
        _bodyDigest.Add(record.BodyDigest);
        _taskId.Add(record.TaskId.Value);
        _createdAt.Add(UnixTime.Of(record.CreatedAt));
        _batch.Add(batch);
        _freeBefore.Add(UnixTime.Of(UnitFences.FreeBefore(record)));
        Added();
    }
}

/// <summary>Fences that a unit loses to itself.</summary>
internal sealed class SelfLostRows : ArrayRows
{
    private readonly ArrayColumn<int> _unit;
    private readonly ArrayColumn<int> _fence;
    private readonly ArrayColumn<int> _place;

    public SelfLostRows()
        : base("self_lost")
    {
        _unit = Int32("unit");
        _fence = Int32("fence");
        _place = Int32("place");
    }

    public void Add(int unit, Fence fence, int place)
    {
        _unit.Add(unit);
        _fence.Add((int)fence);
        _place.Add(place);
        Added();
    }
}
