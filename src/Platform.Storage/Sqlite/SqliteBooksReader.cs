using System.Runtime.CompilerServices;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;
using Platform.Storage.Json;

namespace Platform.Storage.Sqlite;

/// <summary>Reads the books on SQLite, for an audit.</summary>
internal sealed class SqliteBooksReader(SqliteEngine engine) : IBooksReader
{
    /// <inheritdoc/>
    public Task<IBooksSnapshot> OpenAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var database = SqliteConnection.OpenReader(engine.Options);
            try
            {
                // The first read fixes what the transaction sees.
                database.Execute("BEGIN");
                database.Prepare("SELECT COUNT(*) FROM schema_version").Any();
                return (IBooksSnapshot)new Snapshot(database);
            }
            catch
            {
                database.Dispose();
                throw;
            }
        },
        cancellationToken);

    /// <summary>One read transaction on a connection of its own. Rows come by the page, so that books of any size fit.</summary>
    private sealed class Snapshot(SqliteConnection database) : IBooksSnapshot
    {
        private const int PageSize = 500;

        private const string BooksColumns = """
            t.id, h.amount, h.ended_at IS NULL, h.settled, h.released, r.outcome, r.settled, r.released, r.billed_seconds, r.at,
            (SELECT COUNT(*) FROM outbox o WHERE o.task_id = t.id AND o.tenant = t.tenant)
            """;

        private ILookup<string, TaskBooks>? _withoutTask;

        public async IAsyncEnumerable<AccountRow> AccountsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var last = string.Empty;
            while (await PageAsync(() => Accounts(last), cancellationToken) is { Count: > 0 } page)
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
            while (await PageAsync(() => Entries(tenant, last), cancellationToken) is { Count: > 0 } page)
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
            while (await PageAsync(() => TasksBehind(tenant, last), cancellationToken) is { Count: > 0 } page)
            {
                foreach (var (row, _) in page)
                {
                    yield return row;
                }

                last = (page[^1].CreatedAt, page[^1].Row.TaskId.Value);
            }

            // One look for all tenants: there is no index for it, and in sound books there is nothing to find.
            _withoutTask ??= (await PageAsync(WithoutTask, cancellationToken)).ToLookup(row => row.Tenant, row => row.Books, StringComparer.Ordinal);
            foreach (var row in _withoutTask[tenant.Value])
            {
                yield return row;
            }
        }

        public ValueTask DisposeAsync()
        {
            database.Dispose();
            return ValueTask.CompletedTask;
        }

        private static Task<List<T>> PageAsync<T>(Func<List<T>> read, CancellationToken cancellationToken) => Task.Run(read, cancellationToken);

        private List<AccountRow> Accounts(string after) => database
            .Prepare("SELECT tenant, version, available, held, settled, lots FROM accounts WHERE tenant > ?1 ORDER BY tenant LIMIT ?2")
            .Bind(1, after)
            .Bind(2, PageSize)
            .All(static row => new AccountRow(
                new TenantId(row.Text(0)),
                row.Int64(1),
                row.Credits(2),
                row.Credits(3),
                row.Credits(4),
                LotCodec.ReadLots(row.Utf8(5)).Aggregate(CreditAmount.Zero, static (sum, lot) => sum + lot.Remaining)));

        private List<LedgerEntry> Entries(TenantId tenant, long after) => database
            .Prepare($"SELECT {SqliteAccountStore.EntryColumns} FROM ledger_entries WHERE tenant = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3")
            .Bind(1, tenant.Value)
            .Bind(2, after)
            .Bind(3, PageSize)
            .All(SqliteAccountStore.ReadEntry);

        private List<(TaskBooks Row, long CreatedAt)> TasksBehind(TenantId tenant, (long CreatedAt, string Id) after) => database
            .Prepare($"""
                SELECT {BooksColumns}, t.created_at, t.version, t.ended_at, t.state
                FROM tasks t INDEXED BY tasks_by_age
                LEFT JOIN holds h ON h.task_id = t.id AND h.tenant = t.tenant
                LEFT JOIN resolutions r ON r.task_id = t.id AND r.tenant = t.tenant
                WHERE t.tenant = ?1 AND (t.created_at, t.id) > (?2, ?3)
                ORDER BY t.created_at, t.id LIMIT ?4
                """)
            .Bind(1, tenant.Value)
            .Bind(2, after.CreatedAt)
            .Bind(3, after.Id)
            .Bind(4, PageSize)
            .All(row => (ReadBooks(row, ReadTask(row, tenant)), row.Int64(11)));

        private List<(string Tenant, TaskBooks Books)> WithoutTask() => database
            .Prepare($"""
                SELECT {BooksColumns}, t.tenant
                FROM (SELECT task_id AS id, tenant FROM holds UNION SELECT task_id, tenant FROM resolutions) t
                LEFT JOIN holds h ON h.task_id = t.id AND h.tenant = t.tenant
                LEFT JOIN resolutions r ON r.task_id = t.id AND r.tenant = t.tenant
                WHERE NOT EXISTS (SELECT 1 FROM tasks k WHERE k.id = t.id AND k.tenant = t.tenant)
                """)
            .All(static row => (row.Text(11), ReadBooks(row, null)));

        private static GenerationTask ReadTask(SqliteStatement row, TenantId tenant) => TaskCodec.Read(
            tenant, new TaskId(row.Text(0)), row.Int64(12), row.Time(11), row.TimeOrNull(13), row.Utf8(14));

        private static TaskBooks ReadBooks(SqliteStatement row, GenerationTask? task)
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
