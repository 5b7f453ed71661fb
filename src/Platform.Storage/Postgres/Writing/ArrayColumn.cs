using Npgsql;
using NpgsqlTypes;

namespace Platform.Storage.Postgres.Writing;

/// <summary>A column of <see cref="ArrayRows"/>: one array, which is one parameter.</summary>
internal abstract class ArrayColumn(string name, string type)
{
    public string Name => name;

    /// <summary>Its type in SQL, for example <c>bigint[]</c>.</summary>
    public string Type => type;

    public abstract NpgsqlParameter ToParameter();
}

/// <inheritdoc cref="ArrayColumn"/>
internal sealed class ArrayColumn<T>(string name, string type, NpgsqlDbType elementType) : ArrayColumn(name, type)
{
    private readonly List<T> _values = [];

    public void Add(T value) => _values.Add(value);

    public override NpgsqlParameter ToParameter() =>
        new NpgsqlParameter<T[]> { TypedValue = [.. _values], NpgsqlDbType = NpgsqlDbType.Array | elementType };
}
