using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Platform.Postgres;

namespace Platform.Bench.Hosts;

/// <summary>
/// A database of its own with the frozen schema, and <c>pgbench</c> on it: the same rows and indexes as the platform writes, without HTTP,
/// without JSON, without decisions, in the leanest client that there is.
/// </summary>
internal sealed class PostgresBaseline
{
    // Connections take their time to be made, on a busy machine some seconds: pgbench has them within its time, but not within its rate.
    private const int ConnectSeconds = 5;

    private const string Rate = "tps = ";

    private readonly PostgresServer _server;
    private readonly string _database;

    private PostgresBaseline(PostgresServer server, string database)
    {
        _server = server;
        _database = database;
    }

    /// <summary>Makes the database.</summary>
    public static async Task<PostgresBaseline> CreateAsync(PostgresServer server)
    {
        var connectionString = await server.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        foreach (var script in new[] { "schema.sql", "open.sql" })
        {
            await using var command = new NpgsqlCommand(await File.ReadAllTextAsync(Path.Combine(Repository.PostgresBaselines, script)), connection);
            await command.ExecuteNonQueryAsync();
        }

        return new(server, connection.Database);
    }

    /// <summary>Transactions per second of a script, by 64 connections with prepared statements.</summary>
    public async Task<double> RunAsync(string script, int seconds)
    {
        var start = new ProcessStartInfo(PostgresBinaries.Path("pgbench"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "--no-vacuum", "--protocol=prepared", "--client=64", "--jobs=1", $"--time={seconds + ConnectSeconds}",
            $"--file={Path.Combine(Repository.PostgresBaselines, script)}",
            "--host=127.0.0.1", $"--port={_server.Port}", "--username=postgres", _database,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var rate = said[0].Split('\n').FirstOrDefault(line => line.StartsWith(Rate, StringComparison.Ordinal));
        return process.ExitCode == 0 && rate is not null
            ? double.Parse(rate[Rate.Length..].Split(' ')[0], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"pgbench {script} failed: {said[0]} {said[1]}");
    }
}
