using Npgsql;
using NpgsqlTypes;
using Platform.Domain.Credits;

namespace Platform.Storage.Postgres;

/// <summary>
/// A statement and its parameters, bound in the order <c>$1</c>, <c>$2</c>, … Texts must be few: each is prepared once on every connection
/// that runs it.
/// </summary>
internal sealed class PostgresStatement(string sql)
{
    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>What is run.</summary>
    public string Sql => sql;

    /// <summary>Number of parameters so far.</summary>
    public int Bound => _parameters.Count;

    public PostgresStatement Bind(string? value) => Add(value, NpgsqlDbType.Text);

    public PostgresStatement Bind(int value) => Add(value);

    public PostgresStatement Bind(long value) => Add(value);

    public PostgresStatement Bind(bool value) => Add(value);

    public PostgresStatement Bind(decimal? value) => Add(value, NpgsqlDbType.Numeric);

    public PostgresStatement Bind(CreditAmount value) => Add(value.Units);

    public PostgresStatement Bind(DateTimeOffset value) => Add(UnixTime.Of(value));

    public PostgresStatement Bind(DateTimeOffset? value) => Add(UnixTime.Of(value), NpgsqlDbType.Bigint);

    public PostgresStatement Bind(string[] values) => Add(values);

    public PostgresStatement Bind(int[] values) => Add(values);

    /// <summary>The statement as a new command of a connection; it can be run again.</summary>
    public NpgsqlCommand On(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in _parameters)
        {
            command.Parameters.Add(parameter.Clone());
        }

        return command;
    }

    private PostgresStatement Add<T>(T value)
        where T : notnull
    {
        _parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return this;
    }

    private PostgresStatement Add(object? value, NpgsqlDbType type)
    {
        _parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        return this;
    }
}
