using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Json;

namespace Platform.Storage.Postgres;

/// <summary>Reads the books on PostgreSQL, for an audit, also while the cluster writes.</summary>
internal sealed class PostgresBooksReader(PostgresEngine engine) : IBooksReader
{
    /// <inheritdoc/>
    public async Task<IBooksSnapshot> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await engine.OpenAsync(cancellationToken);
        try
        {
            // The first read fixes what the transaction sees.
            await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var unbounded = new NpgsqlCommand("SET TRANSACTION READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0", connection);
            await unbounded.ExecuteNonQueryAsync(cancellationToken);
            var closed = await PostgresEngine.AllAsync(
                connection, new("SELECT COALESCE(MAX(month), 0) FROM closed_months"), static row => row.Int32(0), cancellationToken);
            return new Snapshot(connection, closed[0]);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>One read transaction on a connection of its own. Rows come by the page, so that books of any size fit.</summary>
    private sealed class Snapshot(NpgsqlConnection connection, int closedMonth) : IBooksSnapshot
    {
        private const int PageSize = 500;

        private const string BooksColumns = """
            t.id, h.amount, h.ended_at IS NULL, h.settled, h.released, r.outcome, r.settled, r.released, r.billed_seconds, r.at,
            (SELECT COUNT(*) FROM outbox o WHERE o.task_id = t.id AND o.tenant = t.tenant AND o.month = t.month)::integer
            """;

        private const string BooksJoins = """
            LEFT JOIN holds h ON h.task_id = t.id AND h.tenant = t.tenant AND h.month = t.month
            LEFT JOIN resolutions r ON r.task_id = t.id AND r.tenant = t.tenant AND r.month = t.month
            """;

        private ILookup<string, TaskBooks>? _withoutTask;

        public async IAsyncEnumerable<AccountRow> AccountsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var last = string.Empty;
            while (await AccountsAsync(last, cancellationToken) is { Count: > 0 } page)
            {
                foreach (var row in page)
                {
                    yield return row;
                }

                last = page[^1].Tenant.Value;
            }
        }

        public async IAsyncEnumerable<LedgerEntry> EntriesAsync(TenantId tenant, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var last = 0L;
            while (await EntriesAsync(tenant, last, cancellationToken) is { Count: > 0 } page)
            {
                foreach (var row in page)
                {
                    yield return row;
                }

                last = page[^1].Sequence;
            }
        }

        public async IAsyncEnumerable<TaskBooks> TasksAsync(TenantId tenant, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            // Tasks by age, then what has no task but should: an audit looks for it.
            var last = (CreatedAt: long.MinValue, Id: string.Empty);
            while (await TasksBehindAsync(tenant, last, cancellationToken) is { Count: > 0 } page)
            {
                foreach (var (row, _) in page)
                {
                    yield return row;
                }

                last = (page[^1].CreatedAt, page[^1].Row.TaskId.Value);
            }

            // One look for all tenants: there is no index for it, and in sound books there is nothing to find.
            _withoutTask ??= (await WithoutTaskAsync(cancellationToken)).ToLookup(row => row.Tenant, row => row.Books, StringComparer.Ordinal);
            foreach (var row in _withoutTask[tenant.Value])
            {
                yield return row;
            }
        }

        public bool IsArchived(TaskId task) => TaskMonth.Of(task) is var month && month != TaskMonth.None && month <= closedMonth;

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private Task<List<AccountRow>> AccountsAsync(string after, CancellationToken cancellationToken) => AllAsync(
            new PostgresStatement("""
                SELECT a.tenant, a.version, a.available, a.held, a.settled, a.lots, c.sequence, c.available, c.held, c.revenue
                FROM accounts a
                LEFT JOIN LATERAL (SELECT * FROM closings WHERE tenant = a.tenant ORDER BY month DESC LIMIT 1) c ON true
                WHERE a.tenant > $1 ORDER BY a.tenant LIMIT $2
                """)
                .Bind(after)
                .Bind(PageSize),
            static row => new AccountRow(
                new TenantId(row.Text(0)),
                row.Int64(1),
                row.Credits(2),
                row.Credits(3),
                row.Credits(4),
                LotCodec.ReadLots(row.Utf8(5)).Aggregate(CreditAmount.Zero, static (sum, lot) => sum + lot.Remaining))
            {
                Opening = row.IsNull(6) ? BooksOpening.None : new(row.Int64(6), row.Credits(7), row.Credits(8), row.Credits(9)),
            },
            cancellationToken);

        private Task<List<LedgerEntry>> EntriesAsync(TenantId tenant, long after, CancellationToken cancellationToken) => AllAsync(
            new PostgresStatement(
                $"SELECT {PostgresAccountStore.EntryColumns} FROM ledger_entries WHERE tenant = $1 AND sequence > $2 ORDER BY sequence LIMIT $3")
                .Bind(tenant.Value)
                .Bind(after)
                .Bind(PageSize),
            PostgresAccountStore.ReadEntry,
            cancellationToken);

        private Task<List<(TaskBooks Row, long CreatedAt)>> TasksBehindAsync(
            TenantId tenant, (long CreatedAt, string Id) after, CancellationToken cancellationToken) => AllAsync(
            new PostgresStatement($"""
                SELECT {BooksColumns}, t.created_at, t.version, t.ended_at, t.state
                FROM tasks t {BooksJoins}
                WHERE t.tenant = $1 AND (t.created_at, t.id) > ($2, $3)
                ORDER BY t.created_at, t.id LIMIT $4
                """)
                .Bind(tenant.Value)
                .Bind(after.CreatedAt)
                .Bind(after.Id)
                .Bind(PageSize),
            row => (ReadBooks(row, ReadTask(row, tenant)), row.Int64(11)),
            cancellationToken);

        private Task<List<(string Tenant, TaskBooks Books)>> WithoutTaskAsync(CancellationToken cancellationToken) => AllAsync(
            new PostgresStatement($"""
                SELECT {BooksColumns}, t.tenant
                FROM (SELECT task_id AS id, tenant, month FROM holds UNION SELECT task_id, tenant, month FROM resolutions) t {BooksJoins}
                WHERE NOT EXISTS (SELECT FROM tasks k WHERE k.id = t.id AND k.tenant = t.tenant AND k.month = t.month)
                """),
            static row => (row.Text(11), ReadBooks(row, null)),
            cancellationToken);

        private async Task<List<T>> AllAsync<T>(PostgresStatement statement, Func<PostgresRow, T> map, CancellationToken cancellationToken)
        {
            await using var command = statement.On(connection);
            command.CommandTimeout = 0;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(map(new(reader)));
            }

            return rows;
        }

        private static GenerationTask ReadTask(PostgresRow row, TenantId tenant) => TaskCodec.Read(
            tenant, new TaskId(row.Text(0)), row.Int64(12), row.Time(11), row.TimeOrNull(13), row.Utf8(14));

        private static TaskBooks ReadBooks(PostgresRow row, GenerationTask? task)
        {
            var id = new TaskId(row.Text(0));
            return new(
                id,
                task?.Status,
                task?.CreditsReserved ?? CreditAmount.Zero,
                task?.Phase is TaskPhase.Ended { Outcome: TaskOutcome.Completed completed } ? completed.CreditsUsed : null,
                row.IsNull(1) ? null : new(row.Credits(1), row.Boolean(2), row.Credits(3), row.Credits(4)),
                row.IsNull(5)
                    ? null
                    : new(id, (GenerationStatus)row.Int32(5), row.Credits(6), row.Credits(7), row.Int32(8), row.Time(9)),
                row.Int32(10));
        }
    }
}
