using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Platform.Postgres;

/// <summary>
/// A PostgreSQL server with a cluster of its own in a temporary folder, on a free port of 127.0.0.1. It ends, and its folder goes, when
/// it is disposed of or when this process ends in whatever way: a watcher waits for the end of its input, which is ours.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "postgres";

    // Below the range of which the kernel gives ports to clients: a restart finds its port free.
    private const int FirstPort = 15_000;
    private const int LastPort = 30_000;

    private const int Attempts = 5;

    // Ends the server at once (its folder goes anyway) when its input ends; $1 is the folder.
    private const string Watch = """
        trap '' INT TERM HUP
        read -r _
        pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid"
        for _ in $(seq 200); do [ -e "$1/data/postmaster.pid" ] || break; kill -0 "$pid" || break; sleep 0.05; done
        rm -rf "$1"
        """;

    private static readonly Lazy<Task<PostgresServer>> TheShared = new(() => StartAsync());

    private readonly PostgresServerOptions _options;
    private readonly string _folder;
    private readonly Process _watcher;
    private int _databases;
    private bool _disposed;

    private PostgresServer(PostgresServerOptions options, string folder, Process watcher)
    {
        _options = options;
        _folder = folder;
        _watcher = watcher;
    }

    /// <summary>The port of 127.0.0.1 that it listens on; kept over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>Process id of the postmaster, while it runs.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>What the server logged so far.</summary>
    public string Log => File.Exists(LogPath) ? File.ReadAllText(LogPath) : string.Empty;

    private string Data => Path.Combine(_folder, "data");

    private string LogPath => Path.Combine(_folder, "server.log");

    /// <summary>The one server of this process that tests share which do not stop it; each makes databases of its own.</summary>
    public static Task<PostgresServer> SharedAsync() => TheShared.Value;

    /// <summary>Makes a cluster and starts it; a second or two.</summary>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions? options = null)
    {
        var folder = Directory.CreateTempSubdirectory("platform-postgres-").FullName;
        await ServerUser.OwnAsync(folder);
        var server = new PostgresServer(options ?? new(), folder, ServerUser.Start("sh", "-c", Watch, "sh", folder));
        try
        {
            await ServerUser.RunAsync(
                PostgresBinaries.Path("initdb"),
                "--pgdata", server.Data, "--username", Superuser, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions");
            await server.ChoosePortAndStartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How a database of this server is reached.</summary>
    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = Superuser,
        Database = database,
    }.ConnectionString;

    /// <summary>Makes a database with a new name, and returns how it is reached.</summary>
    /// <param name="template">Name of a database that nobody is connected to, of which it is to be a copy; null for an empty one.</param>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template ?? "template1"}");
        return ConnectionString(name);
    }

    /// <summary>Removes a database, whoever is connected to it.</summary>
    public Task DropDatabaseAsync(string connectionString) =>
        ExecuteAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>Stops it: clients are cut off, what is committed is written out.</summary>
    public Task StopAsync() => ControlAsync("-m", "fast", "stop");

    /// <summary>Starts it again, on the same port and files; returns when it takes connections.</summary>
    public async Task StartAgainAsync()
    {
        try
        {
            await ControlAsync("-l", LogPath, "start");
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidOperationException($"PostgreSQL did not start: {Log}", failure);
        }
    }

    /// <summary>Stops it and starts it again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Kills all of its processes with SIGKILL, between any two instructions of theirs; returns when they are gone.</summary>
    public async Task KillAsync()
    {
        var postmaster = ProcessId;

        // The postmaster first: it would start a dead child again.
        foreach (var id in ServerProcesses.ChildrenOf(postmaster).Prepend(postmaster).ToList())
        {
            await ServerProcesses.KillAsync(id);
        }

        if (ServerProcesses.Lives(postmaster))
        {
            // It lingers, unasked for by its parent; the next server would take it for a living one.
            File.Delete(Path.Combine(Data, "postmaster.pid"));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            _watcher.StandardInput.Close();
            await _watcher.WaitForExitAsync();
            _watcher.Dispose();
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task ChoosePortAndStartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            await File.WriteAllLinesAsync(
                Path.Combine(Data, "postgresql.auto.conf"),
                _options.All(Port).Select(setting => $"{setting.Key} = '{setting.Value}'"));
            try
            {
                await StartAgainAsync();
                return;
            }
            catch (InvalidOperationException) when (attempt < Attempts && Log.Contains("could not bind", StringComparison.Ordinal))
            {
                // Somebody took the port between the look and the start.
                File.Delete(LogPath);
            }
        }
    }

    private Task ControlAsync(params string[] arguments) =>
        ServerUser.RunAsync(PostgresBinaries.Path("pg_ctl"), ["--pgdata", Data, "--wait", "--timeout", "60", "--silent", .. arguments]);

    private static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(FirstPort, LastPort);
            using var probe = new TcpListener(IPAddress.Loopback, port);
            try
            {
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }
}
