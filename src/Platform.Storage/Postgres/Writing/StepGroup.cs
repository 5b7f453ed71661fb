using Npgsql;
using Platform.Domain;
using Platform.Domain.Tasks;
using Platform.Storage.Commits;

namespace Platform.Storage.Postgres.Writing;

/// <summary>A step, ready to be written.</summary>
internal sealed class StepWrite
{
    public StepWrite(TaskUnit unit)
    {
        UnitShape.Check(unit);
        Unit = unit;
        Documents = new(unit.Task, unit.Events, unit.DueAt);
    }

    public TaskUnit Unit { get; }

    public TaskDocuments Documents { get; }
}

/// <summary>Steps of several tasks, one of each, as the one statement that commits them.</summary>
internal sealed class StepGroup
{
    private static readonly string?[] Texts = new string?[16];

    private readonly List<StepWrite> _writes = [];
    private int _firstMonth = int.MaxValue;
    private int _lastMonth = int.MinValue;

    public ChangedRows Changed { get; } = new();

    public EventRows Events { get; } = new();

    public SlotRows Slots { get; } = new();

    public FreedRows Freed { get; } = new();

    public ChargeRows Charges { get; } = new();

    /// <summary>The kinds of rows that a group may have none of, in the order of the statement's parameters.</summary>
    public IEnumerable<ArrayRows> Optional => [Events, Slots, Freed, Charges];

    /// <summary>Number of steps.</summary>
    public int Count => _writes.Count;

    /// <summary>Adds a step. Steps come ordered by task, so that two groups never wait for each other in a circle.</summary>
    public void Add(StepWrite write)
    {
        // A step needs a task that is there; no version is less than 1.
        Changed.Add(_writes.Count, 0, write.Documents, write.Unit.ExpectedVersion);
        Events.Add(_writes.Count, write.Documents);
        if (write.Documents.Upstreams.Takes is { } taken)
        {
            Slots.Add(_writes.Count, taken);
        }

        if (write.Documents.Upstreams.Frees)
        {
            Freed.Add(_writes.Count, write.Unit.Task);
        }

        Charges.Add(_writes.Count, write.Documents.Upstreams.Charges);
        _firstMonth = Math.Min(_firstMonth, write.Documents.Month);
        _lastMonth = Math.Max(_lastMonth, write.Documents.Month);
        _writes.Add(write);
    }

    /// <summary>Adds the command that commits the group.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        var shape = Optional.Select((rows, i) => rows.Count > 0 ? 1 << i : 0).Sum();
        var command = new NpgsqlBatchCommand(Texts[shape] ??= StepGroupSql.Commit(this));
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _firstMonth });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _lastMonth });
        Changed.BindTo(command.Parameters);
        foreach (var rows in Optional.Where(r => r.Count > 0))
        {
            rows.BindTo(command.Parameters);
        }

        batch.BatchCommands.Add(command);
    }

    /// <summary>Reads what became of each step from the result of the command.</summary>
    public async Task<CommitOutcome[]> ReadAsync(NpgsqlDataReader reader)
    {
        var outcomes = _writes.Select(w => (CommitOutcome)new CommitOutcome.Lost(Fence.TaskVersion, w.Unit.Task.Id.Value)).ToArray();
        while (await reader.ReadAsync())
        {
            if (!reader.IsDBNull(0))
            {
                var unit = reader.GetInt32(0);
                outcomes[unit] = (Fence)reader.GetInt32(1) == Fence.Slot
                    ? new CommitOutcome.Lost(Fence.Slot, _writes[unit].Documents.Upstreams.Takes!.Slot.ToString())
                    : new CommitOutcome.Committed();
            }
        }

        return outcomes;
    }
}
