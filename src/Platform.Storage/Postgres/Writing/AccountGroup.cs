using System.Globalization;
using Npgsql;
using Platform.Domain;

namespace Platform.Storage.Postgres.Writing;

/// <summary>Units of several accounts, one of each, as the one statement that commits them; see <see cref="AccountGroupSql"/>.</summary>
internal sealed class AccountGroup
{
    private readonly List<AccountWrite> _writes = [];
    private int _firstMonth = int.MaxValue;
    private int _lastMonth = int.MinValue;

    public UnitRows Units { get; } = new();

    public AcceptedRows Accepted { get; } = new();

    public MetadataRows Metadata { get; } = new();

    public EventRows Events { get; } = new();

    public KeyRows Keys { get; } = new();

    public EntryRows Entries { get; } = new();

    public OperationRows Operations { get; } = new();

    public ChangedRows Changed { get; } = new();

    public EndedRows Ended { get; } = new();

    public PromotedRows Promoted { get; } = new();

    public FreedRows Freed { get; } = new();

    public ChargeRows Charges { get; } = new();

    public SelfLostRows SelfLost { get; } = new();

    /// <summary>All kinds of rows, in the order of the statement's parameters.</summary>
    public IEnumerable<ArrayRows> Rows => [Units, Accepted, Metadata, Events, Keys, Entries, Operations, Changed, Ended, Promoted, SelfLost, Freed, Charges];

    /// <summary>Number of units.</summary>
    public int Count => _writes.Count;

    /// <summary>Adds a unit. Units come ordered by account, so that two groups never wait for each other in a circle.</summary>
    public void Add(AccountWrite write)
    {
        write.AddTo(this, _writes.Count);
        _writes.Add(write);
    }

    /// <summary>Says that the group looks at rows of a month, so that no other month's partition is opened.</summary>
    public void Touches(int month)
    {
        _firstMonth = Math.Min(_firstMonth, month);
        _lastMonth = Math.Max(_lastMonth, month);
    }

    /// <summary>Adds the commands that commit the group.</summary>
    public void AddTo(NpgsqlBatch batch)
    {
        if (Changed.Count > 0 || Promoted.Count > 0)
        {
            batch.BatchCommands.Add(Command(AccountGroupSql.Lock(this)));
        }

        batch.BatchCommands.Add(Command(AccountGroupSql.Commit(this)));
    }

    /// <summary>Reads what became of each unit from the result of the last command.</summary>
    public async Task<CommitOutcome[]> ReadAsync(NpgsqlDataReader reader)
    {
        // A unit that the statement does not mention met its account in another transaction's hands, which has changed it.
        var outcomes = _writes.Select(w => (CommitOutcome)new CommitOutcome.Lost(Fence.AccountVersion, w.Unit.Tenant.Value)).ToArray();
        while (await reader.ReadAsync())
        {
            if (reader.IsDBNull(0))
            {
                continue;
            }

            var unit = reader.GetInt32(0);
            outcomes[unit] = reader.GetInt32(1) == 0
                ? new CommitOutcome.Committed()
                : Lost(_writes[unit], (Fence)reader.GetInt32(1), reader.GetInt32(2));
        }

        return outcomes;
    }

    private static CommitOutcome.Lost Lost(AccountWrite write, Fence fence, int place) => new(fence, fence switch
    {
        Fence.AccountVersion => write.Unit.Tenant.Value,
        Fence.TaskVersion => write.Unit.Resolved[place].Task.Id.Value,
        Fence.TaskId => write.Unit.Accepted[place].Task.Id.Value,
        Fence.IdempotencyKey => write.Unit.Accepted[place].Idempotency!.Key,
        Fence.Operation => write.Unit.Entries[place].OperationId,
        _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The database told of fence {(int)fence}.")),
    });

    private NpgsqlBatchCommand Command((string Sql, ArrayRows[] Rows) statement)
    {
        var command = new NpgsqlBatchCommand(statement.Sql);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _firstMonth });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = _lastMonth });
        foreach (var rows in statement.Rows)
        {
            rows.BindTo(command.Parameters);
        }

        return command;
    }
}
