using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Platform.Storage.Postgres.Writing;

/// <summary>
/// Rows that a statement gets as parameters, an array for each column, so that its text is the same for any number of rows. A kind of row
/// derives from it, names its columns in order, and adds its rows.
/// </summary>
/// <param name="name">What the statement calls them.</param>
internal abstract class ArrayRows(string name)
{
    private readonly List<ArrayColumn> _columns = [];

    /// <summary>What the statement calls them.</summary>
    public string Name => name;

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Number of parameters.</summary>
    public int Columns => _columns.Count;

    /// <summary>The rows as a common table expression, <c>name (columns) AS (…)</c>, from a parameter on.</summary>
    public string Sql(int firstParameter)
    {
        var names = string.Join(", ", _columns.Select(c => c.Name));
        var arrays = string.Join(", ", _columns.Select((c, i) => string.Create(CultureInfo.InvariantCulture, $"${firstParameter + i}::{c.Type}")));
        return $"{name} ({names}) AS MATERIALIZED (SELECT * FROM unnest({arrays}))";
    }

    /// <summary>Adds the parameters, in the order of the columns.</summary>
    public void BindTo(NpgsqlParameterCollection parameters)
    {
        foreach (var column in _columns)
        {
            parameters.Add(column.ToParameter());
        }
    }

    protected void Added() => Count++;

    protected ArrayColumn<string?> Text(string column) => Add(new ArrayColumn<string?>(column, "text[]", NpgsqlDbType.Text));

    /// <summary>A column of text that is UTF-8 already.</summary>
    protected ArrayColumn<byte[]> Utf8(string column) => Add(new ArrayColumn<byte[]>(column, "text[]", NpgsqlDbType.Text));

    protected ArrayColumn<int> Int32(string column) => Add(new ArrayColumn<int>(column, "integer[]", NpgsqlDbType.Integer));

    protected ArrayColumn<long> Int64(string column) => Add(new ArrayColumn<long>(column, "bigint[]", NpgsqlDbType.Bigint));

    protected ArrayColumn<long?> Int64OrNull(string column) => Add(new ArrayColumn<long?>(column, "bigint[]", NpgsqlDbType.Bigint));

    protected ArrayColumn<bool> Boolean(string column) => Add(new ArrayColumn<bool>(column, "boolean[]", NpgsqlDbType.Boolean));

    private ArrayColumn<T> Add<T>(ArrayColumn<T> column)
    {
        _columns.Add(column);
        return column;
    }
}
