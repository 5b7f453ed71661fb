using Npgsql;
using Platform.Domain.Credits;

namespace Platform.Storage.Postgres;

/// <summary>The row that a reader stands on; columns count from 0.</summary>
internal readonly struct PostgresRow(NpgsqlDataReader reader)
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public string Text(int column) => reader.GetString(column);

    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>Text as the UTF-8 that it is kept as.</summary>
    public byte[] Utf8(int column) => reader.GetFieldValue<byte[]>(column);

    public int Int32(int column) => reader.GetInt32(column);

    public long Int64(int column) => reader.GetInt64(column);

    public bool Boolean(int column) => reader.GetBoolean(column);

    public decimal? DecimalOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetDecimal(column);

    public CreditAmount Credits(int column) => CreditAmount.FromUnits(reader.GetInt64(column));

    public DateTimeOffset Time(int column) => UnixTime.ToTime(reader.GetInt64(column));

    public DateTimeOffset? TimeOrNull(int column) => reader.IsDBNull(column) ? null : UnixTime.ToTime(reader.GetInt64(column));
}
