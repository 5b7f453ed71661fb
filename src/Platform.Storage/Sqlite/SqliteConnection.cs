using System.Diagnostics;
using SQLitePCL;

namespace Platform.Storage.Sqlite;

/// <summary>
/// One connection with its prepared statements. Used by one thread at a time; the library's own locks are off. It talks to the
/// library itself rather than over ADO.NET, whose commands cost more than the statements that run here.
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    static SqliteConnection() => Batteries_V2.Init();

    private SqliteConnection(sqlite3 handle) => _handle = handle;

    /// <summary>Opens a connection that writes; it makes the file and sets its journal mode where that is still to be done.</summary>
    public static SqliteConnection OpenWriter(SqliteStoreOptions options)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(options.Path)) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var connection = Open(
            options,
            raw.SQLITE_OPEN_CREATE,
            "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-32768");
        try
        {
            connection.UseLog(options.BusyTimeout);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that only reads. The file must be there.</summary>
    public static SqliteConnection OpenReader(SqliteStoreOptions options) =>
        Open(options, 0, "PRAGMA query_only=ON; PRAGMA cache_size=-4096; PRAGMA mmap_size=268435456");

    /// <summary>A prepared statement; the same one for the same text, until the connection is closed.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new(this, _handle, sql);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>Runs statements without parameters and results.</summary>
    public void Execute(string sql)
    {
        var result = raw.sqlite3_exec(_handle, sql);
        if (result != raw.SQLITE_OK)
        {
            throw Failure(result, sql);
        }
    }

    /// <summary>Ends a transaction without a trace; harmless where the database has ended it itself.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_handle) == 0)
        {
            Execute("ROLLBACK");
        }
    }

    /// <summary>Reads from one state of the database, however many statements it takes.</summary>
    public T Snapshot<TState, T>(TState state, Func<SqliteConnection, TState, T> read)
    {
        Prepare("BEGIN").Execute();
        try
        {
            return read(this, state);
        }
        finally
        {
            Rollback();
        }
    }

    /// <summary>Copies pages of the log into the database as far as no reader is in the way, without waiting for any.</summary>
    /// <returns>Pages in the log, and how many of them are copied.</returns>
    public (int InLog, int Copied) Checkpoint()
    {
        var result = raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var inLog, out var copied);

        // Busy: another connection copies just now, which is as good.
        return result is raw.SQLITE_OK or raw.SQLITE_BUSY ? (inLog, copied) : throw Failure(result, "checkpoint");
    }

    /// <summary>Pages that this connection wrote into the log since it was asked last.</summary>
    public int TakePagesWritten() =>
        raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1) == raw.SQLITE_OK ? pages : 0;

    /// <summary>The exception of a result code.</summary>
    public StorageException Failure(int result, string sql) =>
        new($"SQLite: {raw.sqlite3_errmsg(_handle).utf8_to_string()} (code {raw.sqlite3_extended_errcode(_handle)}, result {result}) in: {sql}");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _handle.Dispose();
    }

    // Two that open a new file at once both change its mode, and for that change SQLite does not wait as it does for a write.
    private void UseLog(TimeSpan patience)
    {
        const string Sql = "PRAGMA journal_mode=WAL";
        var started = Stopwatch.GetTimestamp();
        for (var pause = new SpinWait(); ; pause.SpinOnce())
        {
            var result = raw.sqlite3_exec(_handle, Sql);
            if (result == raw.SQLITE_OK)
            {
                return;
            }

            if (result != raw.SQLITE_BUSY || Stopwatch.GetElapsedTime(started) > patience)
            {
                throw Failure(result, Sql);
            }
        }
    }

    private static SqliteConnection Open(SqliteStoreOptions options, int flags, string pragmas)
    {
        var result = raw.sqlite3_open_v2(
            options.Path, out var handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX | flags, null);
        var connection = new SqliteConnection(handle);
        try
        {
            if (result != raw.SQLITE_OK)
            {
                throw connection.Failure(result, $"open {options.Path}");
            }

            raw.sqlite3_busy_timeout(handle, (int)options.BusyTimeout.TotalMilliseconds);
            connection.Execute(pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
