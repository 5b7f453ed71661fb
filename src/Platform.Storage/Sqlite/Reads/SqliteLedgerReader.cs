using System.Text;
using Platform.Domain.Credits;
using Platform.Domain.Statements;

namespace Platform.Storage.Sqlite;

/// <summary>Statements on SQLite.</summary>
internal sealed class SqliteLedgerReader(SqliteEngine engine) : ILedgerReader
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<LedgerEntry>> ListAsync(LedgerQuery query, CancellationToken cancellationToken) =>
        await engine.ReadAsync(
            query,
            static (database, wanted) => database
                .Prepare(Sql(wanted))
                .Bind(1, wanted.Tenant.Value)
                .Bind(2, wanted.Limit)
                .Bind(3, wanted.Before ?? long.MaxValue)
                .BindIf(wanted.From is not null, 4, wanted.From)
                .BindIf(wanted.To is not null, 5, wanted.To)
                .BindIf(wanted.TaskId is not null, 6, wanted.TaskId?.Value)
                .BindIf(wanted.Kind is not null, 7, (long?)wanted.Kind)
                .All(SqliteAccountStore.ReadEntry),
            cancellationToken);

    /// <summary>The statement of a query.</summary>
    public static string Sql(LedgerQuery query)
    {
        // A partial index serves only where its condition stands in the query as well.
        var source = query switch
        {
            { TaskId: not null } => "ledger_entries INDEXED BY ledger_by_task WHERE task_id = ?6 AND",
            { Kind: LedgerEntryKind.Grant or LedgerEntryKind.Adjustment or LedgerEntryKind.Expiry } =>
                "ledger_entries INDEXED BY ledger_of_account WHERE kind IN (1, 5, 6) AND",
            _ => "ledger_entries WHERE",
        };
        var sql = new StringBuilder($"SELECT {SqliteAccountStore.EntryColumns} FROM {source} tenant = ?1 AND sequence < ?3");
        sql.Append(query.From is null ? "" : " AND at >= ?4");
        sql.Append(query.To is null ? "" : " AND at < ?5");
        sql.Append(query.Kind is null ? "" : " AND kind = ?7");
        return sql.Append(" ORDER BY sequence DESC LIMIT ?2").ToString();
    }
}
