using Platform.Domain.Upstreams;

namespace Platform.Storage.Postgres;

/// <summary>The sandbox's queue on PostgreSQL; renderers of several processes take from it.</summary>
internal sealed class PostgresSandboxJobs(PostgresEngine engine) : ISandboxJobs
{
    private const string Columns = """
        id, reference, request, submissions, status, created_at, ready_at, lease_until, output_key, output_seconds,
        failure_code, failure_message
        """;

    // Oldest first. Status 1 is queued, 2 is rendering.
    private const string ReadySql = """
        SELECT id FROM sandbox_jobs
        WHERE status <= 2 AND CASE status WHEN 1 THEN ready_at ELSE lease_until END <= $1
        ORDER BY created_at, row_number LIMIT 1
        """;

    /// <inheritdoc/>
    public async Task<SandboxJob> SubmitAsync(SandboxJob job, CancellationToken cancellationToken)
    {
        var stored = await engine.WriteAsync(
            new PostgresStatement($"""
                INSERT INTO sandbox_jobs AS present ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                ON CONFLICT (reference) DO UPDATE SET submissions = present.submissions + 1
                RETURNING {Columns}
                """)
                .Bind(job.Id)
                .Bind(job.Reference)
                .Bind(job.RequestJson)
                .Bind(job.Submissions)
                .Bind((int)job.Status)
                .Bind(job.CreatedAt)
                .Bind(job.ReadyAt)
                .Bind(job.LeaseUntil)
                .Bind(job.OutputKey)
                .Bind(job.OutputSeconds)
                .Bind(job.FailureCode)
                .Bind(job.FailureMessage),
            Read,
            cancellationToken);
        return stored[0];
    }

    /// <inheritdoc/>
    public Task<SandboxJob?> FindAsync(string id, CancellationToken cancellationToken) =>
        engine.FirstAsync(new PostgresStatement($"SELECT {Columns} FROM sandbox_jobs WHERE id = $1").Bind(id), Read, cancellationToken);

    /// <inheritdoc/>
    public Task<SandboxJob?> FindByReferenceAsync(string reference, CancellationToken cancellationToken) =>
        engine.FirstAsync(
            new PostgresStatement($"SELECT {Columns} FROM sandbox_jobs WHERE reference = $1").Bind(reference), Read, cancellationToken);

    /// <inheritdoc/>
    public async Task<SandboxJob?> TakeAsync(DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        // A look costs no flush; most looks find nothing.
        if (!await engine.AnyAsync(new PostgresStatement(ReadySql).Bind(now), cancellationToken))
        {
            return null;
        }

        var taken = await engine.WriteAsync(
            new PostgresStatement($"""
                UPDATE sandbox_jobs SET status = 2, lease_until = $2 WHERE id = ({ReadySql} FOR UPDATE SKIP LOCKED) RETURNING {Columns}
                """)
                .Bind(now)
                .Bind(leaseUntil),
            Read,
            cancellationToken);
        return taken.Count == 0 ? null : taken[0];
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextReadyAtAsync(CancellationToken cancellationToken) =>
        engine.FirstAsync(
            new PostgresStatement("SELECT MIN(CASE status WHEN 1 THEN ready_at ELSE lease_until END) FROM sandbox_jobs WHERE status <= 2"),
            static row => row.TimeOrNull(0),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> SucceedAsync(string id, string outputKey, decimal outputSeconds, CancellationToken cancellationToken) =>
        await engine.ExecuteAsync(
            new PostgresStatement("""
                UPDATE sandbox_jobs SET status = 3, lease_until = NULL, output_key = $2, output_seconds = $3
                WHERE id = $1 AND status = 2
                """)
                .Bind(id)
                .Bind(outputKey)
                .Bind((decimal?)outputSeconds),
            cancellationToken) == 1;

    /// <inheritdoc/>
    public async Task<bool> FailAsync(string id, string failureCode, string failureMessage, CancellationToken cancellationToken) =>
        await engine.ExecuteAsync(
            new PostgresStatement("""
                UPDATE sandbox_jobs SET status = 4, lease_until = NULL, failure_code = $2, failure_message = $3
                WHERE id = $1 AND status <= 2
                """)
                .Bind(id)
                .Bind(failureCode)
                .Bind(failureMessage),
            cancellationToken) == 1;

    /// <inheritdoc/>
    public async Task<bool> CancelAsync(string id, CancellationToken cancellationToken) =>
        await engine.ExecuteAsync(
            new PostgresStatement("UPDATE sandbox_jobs SET status = 5, lease_until = NULL WHERE id = $1 AND status <= 2").Bind(id),
            cancellationToken) == 1;

    /// <inheritdoc/>
    public Task<int> RequeueRenderingAsync(CancellationToken cancellationToken) =>
        engine.ExecuteAsync(
            new PostgresStatement("UPDATE sandbox_jobs SET status = 1, lease_until = NULL WHERE status = 2"), cancellationToken);

    private static SandboxJob Read(PostgresRow row) => new()
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
