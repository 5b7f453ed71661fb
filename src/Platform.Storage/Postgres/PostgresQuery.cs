using System.Globalization;

namespace Platform.Storage.Postgres;

/// <summary>Collects the parameters of a query whose text depends on what is asked for.</summary>
internal sealed class PostgresQuery
{
    private readonly List<Action<PostgresStatement>> _binds = [];

    /// <summary>Adds a parameter; returns what stands for it in the text.</summary>
    public string Parameter(Action<PostgresStatement> bind)
    {
        _binds.Add(bind);
        return string.Create(CultureInfo.InvariantCulture, $"${_binds.Count}");
    }

    /// <summary>The statement of a text that has all parameters.</summary>
    public PostgresStatement Statement(string sql)
    {
        var statement = new PostgresStatement(sql);
        foreach (var bind in _binds)
        {
            bind(statement);
        }

        return statement;
    }
}
