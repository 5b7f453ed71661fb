using Npgsql;
using Platform.Domain;

namespace Platform.Storage.Postgres.Writing;

/// <summary>Units that share one transaction and one round trip.</summary>
internal sealed class CommitGroup
{
    private readonly PendingAccountCommit[] _accounts;
    private readonly PendingStepCommit[] _steps;
    private readonly AccountGroup _accountGroup = new();
    private readonly StepGroup _stepGroup = new();

    /// <summary>Makes the group; of each account and of each task there is one unit at most.</summary>
    public CommitGroup(IReadOnlyCollection<PendingCommit> commits)
    {
        _accounts = [.. commits.OfType<PendingAccountCommit>().OrderBy(c => c.Tenant.Value, StringComparer.Ordinal)];
        _steps = [.. commits.OfType<PendingStepCommit>().OrderBy(c => c.Key.Id.Value, StringComparer.Ordinal).ThenBy(c => c.Key.Tenant.Value, StringComparer.Ordinal)];
        foreach (var account in _accounts)
        {
            _accountGroup.Add(account.Write);
        }

        foreach (var step in _steps)
        {
            _stepGroup.Add(step.Write);
        }
    }

    /// <summary>Number of units.</summary>
    public int Count => _accounts.Length + _steps.Length;

    /// <summary>Commits the group. Without a transaction around it a batch is one: its end is the commit.</summary>
    public async Task CommitAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (_accountGroup.Count > 0)
        {
            _accountGroup.AddTo(batch);
        }

        var lastOfAccounts = batch.BatchCommands.Count - 1;
        if (_stepGroup.Count > 0)
        {
            _stepGroup.AddTo(batch);
        }

        CommitOutcome[] accounts = [];
        CommitOutcome[] steps = [];
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            for (var i = 0; i < batch.BatchCommands.Count; i++)
            {
                if (i == lastOfAccounts)
                {
                    accounts = await _accountGroup.ReadAsync(reader);
                }
                else if (i > lastOfAccounts)
                {
                    steps = await _stepGroup.ReadAsync(reader);
                }

                // Behind the last result stands the end of the transaction, which may fail as well.
                await reader.NextResultAsync();
            }
        }

        Complete(_accounts, accounts);
        Complete(_steps, steps);
    }

    private static void Complete(PendingCommit[] commits, CommitOutcome[] outcomes)
    {
        for (var i = 0; i < commits.Length; i++)
        {
            commits[i].Complete(outcomes[i]);
        }
    }
}
