using SQLitePCL;

namespace Platform.Baselines;

/// <summary>A prepared statement, without any comfort.</summary>
internal sealed class Statement
{
    private readonly sqlite3_stmt _handle;

    public Statement(sqlite3 database, string sql) => Check(raw.sqlite3_prepare_v2(database, sql, out _handle), sql);

    public Statement Text(int parameter, ReadOnlySpan<byte> utf8)
    {
        Check(raw.sqlite3_bind_text(_handle, parameter, utf8), "bind");
        return this;
    }

    public Statement Number(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_handle, parameter, value), "bind");
        return this;
    }

    public void Run()
    {
        var result = raw.sqlite3_step(_handle);
        raw.sqlite3_reset(_handle);
        if (result is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            throw new InvalidOperationException($"SQLite answered {result}.");
        }
    }

    public static void Check(int result, string what)
    {
        if (result != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"SQLite answered {result} to: {what}");
        }
    }
}
