using System.Globalization;
using Platform.Domain.Upstreams;

namespace Platform.Storage.Sqlite;

/// <summary>The sandbox's queue on SQLite.</summary>
internal sealed class SqliteSandboxJobs(SqliteEngine engine) : ISandboxJobs
{
    private const string Columns = """
        id, reference, request, submissions, status, created_at, ready_at, lease_until, output_key, output_seconds,
        failure_code, failure_message
        """;

    // Oldest first. Status 1 is queued, 2 is rendering.
    private const string ReadySql = $"""
        SELECT {Columns} FROM sandbox_jobs INDEXED BY sandbox_jobs_open
        WHERE status <= 2 AND CASE status WHEN 1 THEN ready_at ELSE lease_until END <= ?1
        ORDER BY created_at, row_number LIMIT 1
        """;

    /// <inheritdoc/>
    public Task<SandboxJob> SubmitAsync(SandboxJob job, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare($"""
                    INSERT INTO sandbox_jobs ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                    ON CONFLICT (reference) DO UPDATE SET submissions = submissions + 1
                    RETURNING {Columns}
                    """)
                .Bind(1, job.Id)
                .Bind(2, job.Reference)
                .Bind(3, job.RequestJson)
                .Bind(4, job.Submissions)
                .Bind(5, (int)job.Status)
                .Bind(6, job.CreatedAt)
                .Bind(7, job.ReadyAt)
                .Bind(8, job.LeaseUntil)
                .Bind(9, job.OutputKey)
                .Bind(10, job.OutputSeconds?.ToString(CultureInfo.InvariantCulture))
                .Bind(11, job.FailureCode)
                .Bind(12, job.FailureMessage)
                .First(Read)!,
            cancellationToken);

    /// <inheritdoc/>
    public Task<SandboxJob?> FindAsync(string id, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            id,
            static (database, id) => database.Prepare($"SELECT {Columns} FROM sandbox_jobs WHERE id = ?1").Bind(1, id).First(Read),
            cancellationToken);

    /// <inheritdoc/>
    public Task<SandboxJob?> FindByReferenceAsync(string reference, CancellationToken cancellationToken) =>
        engine.ReadAsync(
            reference,
            static (database, reference) => database
                .Prepare($"SELECT {Columns} FROM sandbox_jobs WHERE reference = ?1")
                .Bind(1, reference)
                .First(Read),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<SandboxJob?> TakeAsync(DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        // A look costs no flush; most looks find nothing.
        var anyReady = await engine.ReadAsync(
            now, static (database, now) => database.Prepare(ReadySql).Bind(1, now).Any(), cancellationToken);
        return anyReady
            ? await engine.WriteAsync(database => Take(database, now, leaseUntil), cancellationToken)
            : null;
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextReadyAtAsync(CancellationToken cancellationToken) =>
        engine.ReadAsync(
            0,
            static (database, _) => database
                .Prepare("SELECT MIN(CASE status WHEN 1 THEN ready_at ELSE lease_until END) FROM sandbox_jobs WHERE status <= 2")
                .First(static row => row.TimeOrNull(0)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SucceedAsync(string id, string outputKey, decimal outputSeconds, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("""
                    UPDATE sandbox_jobs SET status = 3, lease_until = NULL, output_key = ?2, output_seconds = ?3
                    WHERE id = ?1 AND status = 2
                    """)
                .Bind(1, id)
                .Bind(2, outputKey)
                .Bind(3, outputSeconds.ToString(CultureInfo.InvariantCulture))
                .Execute() == 1,
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> KeepAsync(string id, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("UPDATE sandbox_jobs SET lease_until = ?2 WHERE id = ?1 AND status = 2")
                .Bind(1, id)
                .Bind(2, leaseUntil)
                .Execute() == 1,
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> FailAsync(string id, string failureCode, string failureMessage, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("""
                    UPDATE sandbox_jobs SET status = 4, lease_until = NULL, failure_code = ?2, failure_message = ?3
                    WHERE id = ?1 AND status <= 2
                    """)
                .Bind(1, id)
                .Bind(2, failureCode)
                .Bind(3, failureMessage)
                .Execute() == 1,
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> CancelAsync(string id, CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database
                .Prepare("UPDATE sandbox_jobs SET status = 5, lease_until = NULL WHERE id = ?1 AND status <= 2")
                .Bind(1, id)
                .Execute() == 1,
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> RequeueRenderingAsync(CancellationToken cancellationToken) =>
        engine.WriteAsync(
            database => database.Prepare("UPDATE sandbox_jobs SET status = 1, lease_until = NULL WHERE status = 2").Execute(),
            cancellationToken);

    private static SandboxJob? Take(SqliteConnection database, DateTimeOffset now, DateTimeOffset leaseUntil)
    {
        if (database.Prepare(ReadySql).Bind(1, now).First(Read) is not { } job)
        {
            return null;
        }

        return database
            .Prepare($"UPDATE sandbox_jobs SET status = 2, lease_until = ?2 WHERE id = ?1 RETURNING {Columns}")
            .Bind(1, job.Id)
            .Bind(2, leaseUntil)
            .First(Read);
    }

    private static SandboxJob Read(SqliteStatement row) => new()
    {
        Id = row.Text(0),
        Reference = row.Text(1),
        RequestJson = row.Text(2),
        Submissions = row.Int32(3),
        Status = (SandboxJobStatus)row.Int32(4),
        CreatedAt = row.Time(5),
        ReadyAt = row.Time(6),
        LeaseUntil = row.TimeOrNull(7),
        OutputKey = row.TextOrNull(8),
        OutputSeconds = row.DecimalOrNull(9),
        FailureCode = row.TextOrNull(10),
        FailureMessage = row.TextOrNull(11),
    };
}
