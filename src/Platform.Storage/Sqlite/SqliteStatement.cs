using System.Buffers;
using System.Globalization;
using System.Text;
using Platform.Domain.Credits;
using SQLitePCL;

namespace Platform.Storage.Sqlite;

/// <summary>A prepared statement: bind the parameters from 1 on, run it, read columns from 0 on.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int OnStack = 512;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _handle;
    private readonly string _sql;

    public SqliteStatement(SqliteConnection connection, sqlite3 database, string sql)
    {
        _connection = connection;
        _database = database;
        _sql = sql;
        Check(raw.sqlite3_prepare_v2(database, sql, out _handle));
    }

    /// <summary>What it was prepared from.</summary>
    public string Sql => _sql;

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_handle, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, long? value) => value is { } known ? Bind(parameter, known) : BindNull(parameter);

    public SqliteStatement Bind(int parameter, bool value) => Bind(parameter, value ? 1L : 0L);

    public SqliteStatement Bind(int parameter, CreditAmount value) => Bind(parameter, value.Units);

    public SqliteStatement Bind(int parameter, DateTimeOffset value) => Bind(parameter, UnixTime.Of(value));

    public SqliteStatement Bind(int parameter, DateTimeOffset? value) => Bind(parameter, UnixTime.Of(value));

    public SqliteStatement Bind(int parameter, string? value)
    {
        if (value is null)
        {
            return BindNull(parameter);
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (most <= OnStack)
        {
            Span<byte> buffer = stackalloc byte[OnStack];
            return Bind(parameter, buffer[..Encoding.UTF8.GetBytes(value, buffer)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(most);
        Bind(parameter, rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    /// <summary>Binds text that is UTF-8 already.</summary>
    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> utf8)
    {
        // An empty span has no address, which the library would take for a null.
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(_handle, parameter, string.Empty) : raw.sqlite3_bind_text(_handle, parameter, utf8));
        return this;
    }

    /// <summary>Binds a parameter that the statement has only under a condition.</summary>
    public SqliteStatement BindIf(bool condition, int parameter, string? value) => condition ? Bind(parameter, value) : this;

    /// <inheritdoc cref="BindIf(bool, int, string)"/>
    public SqliteStatement BindIf(bool condition, int parameter, long? value) => condition ? Bind(parameter, value) : this;

    /// <inheritdoc cref="BindIf(bool, int, string)"/>
    public SqliteStatement BindIf(bool condition, int parameter, DateTimeOffset? value) => condition ? Bind(parameter, value) : this;

    /// <summary>Goes to the next row; false at the end. The caller must <see cref="Reset"/> the statement afterwards.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_handle);
        return result switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw _connection.Failure(result, _sql),
        };
    }

    /// <summary>Makes the statement ready to be run again.</summary>
    public void Reset() => raw.sqlite3_reset(_handle);

    /// <summary>Runs it to its end; says how many rows it changed.</summary>
    public int Execute()
    {
        try
        {
            while (Step())
            {
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Whether it has a row.</summary>
    public bool Any()
    {
        try
        {
            return Step();
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Makes something of its first row, or returns the default where there is none.</summary>
    public T? First<T>(Func<SqliteStatement, T> read)
    {
        try
        {
            return Step() ? read(this) : default;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Makes something of each row.</summary>
    public List<T> All<T>(Func<SqliteStatement, T> read)
    {
        try
        {
            var rows = new List<T>();
            while (Step())
            {
                rows.Add(read(this));
            }

            return rows;
        }
        finally
        {
            Reset();
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(_handle, column);

    public int Int32(int column) => raw.sqlite3_column_int(_handle, column);

    public bool Boolean(int column) => Int64(column) != 0;

    public CreditAmount Credits(int column) => CreditAmount.FromUnits(Int64(column));

    public DateTimeOffset Time(int column) => UnixTime.ToTime(Int64(column));

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    /// <summary>The bytes of a text; valid until the next step.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(_handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public decimal? DecimalOrNull(int column) =>
        IsNull(column) ? null : decimal.Parse(Text(column), NumberStyles.Number, CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private SqliteStatement BindNull(int parameter)
    {
        Check(raw.sqlite3_bind_null(_handle, parameter));
        return this;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw _connection.Failure(result, _sql);
        }
    }
}
