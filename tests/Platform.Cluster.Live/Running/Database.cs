using Npgsql;
using Platform.EndToEnd.Tests.Running;

namespace Platform.Cluster.Live.Running;

/// <summary>Looks into the database, behind the back of the program. While the database is away it waits.</summary>
internal sealed class Database(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connectionString);

    /// <summary>The rows of a query.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> map, params object[] parameters)
    {
        var rows = await Wait.ForAsync($"an answer of the database to {sql}", async () =>
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync();
#pragma warning disable CA2100 // The texts are those of the tests.
                await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
                foreach (var parameter in parameters)
                {
                    command.Parameters.Add(new() { Value = parameter });
                }

                await using var reader = await command.ExecuteReaderAsync();
                var read = new List<T>();
                while (await reader.ReadAsync())
                {
                    read.Add(map(reader));
                }

                return read;
            }
            catch (NpgsqlException)
            {
                return null;
            }
        });
        return rows;
    }

    /// <summary>The rows of a query, their columns separated by a space.</summary>
    public Task<List<string>> LinesAsync(string sql, params object[] parameters) => RowsAsync(
        sql, static row => string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(row.GetValue)), parameters);

    /// <summary>The one number that a query gives.</summary>
    public async Task<long> NumberAsync(string sql, params object[] parameters) =>
        (await RowsAsync(sql, static row => Convert.ToInt64(row.GetValue(0), System.Globalization.CultureInfo.InvariantCulture), parameters))[0];

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
