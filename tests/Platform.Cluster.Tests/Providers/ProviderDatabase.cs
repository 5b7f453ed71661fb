using System.Data;
using Npgsql;
using Platform.Postgres;
using Platform.Storage.Postgres;

namespace Platform.Cluster.Tests.Providers;

/// <summary>
/// A database with the providers' schema, asked as they ask: by the texts that it holds, read without a schema's name, with named
/// parameters of the types that they send.
/// </summary>
public sealed class ProviderDatabase : IAsyncLifetime
{
    private static readonly Dictionary<Type, DbType> Types = new()
    {
        [typeof(string)] = DbType.String,
        [typeof(int)] = DbType.Int32,
        [typeof(int?)] = DbType.Int32,
        [typeof(long)] = DbType.Int64,
        [typeof(byte[])] = DbType.Binary,
        [typeof(DateTime)] = DbType.DateTime,
    };

    private NpgsqlDataSource _source = null!;

    /// <summary>The texts by their keys.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; private set; } = new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        var server = await PostgresServer.SharedAsync();
        _source = NpgsqlDataSource.Create(OrleansSchema.ConnectionString(await server.CreateDatabaseAsync()));
        await ApplyAsync();
        Texts = (await SqlAsync("SELECT QueryKey, QueryText FROM OrleansQuery")).ToDictionary(r => (string)r["querykey"]!, r => (string)r["querytext"]!);
    }

    public async Task DisposeAsync() => await _source.DisposeAsync();

    /// <summary>Puts the schema in place.</summary>
    public async Task ApplyAsync()
    {
        await using var connection = await _source.OpenConnectionAsync();
        await OrleansSchema.ApplyAsync(connection, CancellationToken.None);
    }

    /// <summary>The rows that a statement gives, by the names of their columns.</summary>
    /// <param name="key">Key of the statement.</param>
    /// <param name="parameters">An object with the parameters as properties; their declared types are the types that are sent.</param>
    public Task<List<IReadOnlyDictionary<string, object?>>> AskAsync(string key, object parameters) => SqlAsync(Texts[key], parameters);

    /// <summary>The one value that a statement gives.</summary>
    public async Task<object?> AskForOneAsync(string key, object parameters) =>
        (await AskAsync(key, parameters)).Should().ContainSingle().Which.Should().ContainSingle().Which.Value;

    public async Task<List<IReadOnlyDictionary<string, object?>>> SqlAsync(string sql, object? parameters = null)
    {
        await using var connection = await _source.OpenConnectionAsync();
#pragma warning disable CA2100 // The texts are those that are tested.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var property in parameters?.GetType().GetProperties() ?? [])
        {
            command.Parameters.Add(new()
            {
                ParameterName = property.Name,
                DbType = Types[property.PropertyType],
                Value = property.GetValue(parameters) ?? DBNull.Value,
            });
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        while (await reader.ReadAsync())
        {
            var row = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
            for (var column = 0; column < reader.FieldCount; column++)
            {
                row.Add(reader.GetName(column), reader.IsDBNull(column) ? null : reader.GetValue(column));
            }

            rows.Add(row);
        }

        return rows;
    }
}
