using Microsoft.Data.Sqlite;

namespace Platform.EndToEnd.Tests.Running;

/// <summary>Looks into the database, behind the back of the program.</summary>
internal sealed class Books(string path)
{
    /// <summary>The one number that a query gives.</summary>
    public async Task<long> NumberAsync(string sql, string? parameter = null) =>
        Convert.ToInt64((await RowsAsync(sql, parameter))[0], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The rows of a query, their columns separated by a space.</summary>
    public async Task<List<string>> RowsAsync(string sql, string? parameter = null)
    {
        // Without a pool: a connection must not outlive the process whose file it reads.
        var text = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString();
        await using var connection = new SqliteConnection(text);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        if (parameter is not null)
        {
            command.Parameters.AddWithValue("$1", parameter);
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return rows;
    }

    /// <summary>
    /// What must hold whatever died in between: each task completed once, with one job that was submitted once, one hold, one
    /// settlement, one resolution and one message.
    /// </summary>
    public async Task EachTaskCompletedOnceAsync(IReadOnlyCollection<string> tasks)
    {
        (await RowsAsync("SELECT id FROM tasks")).Should().BeEquivalentTo(tasks);
        (await RowsAsync("SELECT id, status, queued FROM tasks")).Should().BeEquivalentTo(tasks.Select(id => $"{id} 3 0"));
        (await RowsAsync("SELECT reference, submissions FROM sandbox_jobs WHERE submissions <> 1")).Should().BeEmpty();
        (await RowsAsync("SELECT task_id, outcome FROM resolutions")).Should().BeEquivalentTo(tasks.Select(id => $"{id} 3"));
        (await RowsAsync("SELECT task_id FROM outbox")).Should().BeEquivalentTo(tasks);
        (await RowsAsync("SELECT task_id, COUNT(*) FROM task_events WHERE kind IN ('completed', 'failed', 'cancelled') GROUP BY task_id"))
            .Should().BeEquivalentTo(tasks.Select(id => $"{id} 1"));

        // Kinds 2 and 3 are hold and settlement.
        (await RowsAsync("SELECT task_id, kind, COUNT(*) FROM ledger_entries WHERE kind IN (2, 3) GROUP BY task_id, kind"))
            .Should().BeEquivalentTo(tasks.SelectMany(id => new[] { $"{id} 2 1", $"{id} 3 1" }));
        (await RowsAsync("""
            SELECT e.task_id, COUNT(*) FROM sandbox_jobs j JOIN task_events e
            ON e.kind = 'attempt_started' AND json_extract(e.data, '$.attempt') = j.reference GROUP BY e.task_id
            """)).Should().BeEquivalentTo(tasks.Select(id => $"{id} 1"));
        (await NumberAsync("SELECT COUNT(*) FROM sandbox_jobs")).Should().Be(tasks.Count);
    }
}
