using Platform.Domain.Upstreams;

namespace Platform.Storage.Memory;

public partial class MemoryStore : ISandboxJobs
{
    private readonly List<SandboxJob> _jobs = [];

    /// <inheritdoc/>
    public Task<SandboxJob> SubmitAsync(SandboxJob job, CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                if (Change(j => string.Equals(j.Reference, job.Reference, StringComparison.Ordinal), j => j with { Submissions = j.Submissions + 1 }) is { } known)
                {
                    return known;
                }

                if (_jobs.Exists(j => string.Equals(j.Id, job.Id, StringComparison.Ordinal)))
                {
                    throw new StorageException($"A job {job.Id} exists under another reference.");
                }

                var stored = job with
                {
                    CreatedAt = UnixTime.Truncate(job.CreatedAt),
                    ReadyAt = UnixTime.Truncate(job.ReadyAt),
                    LeaseUntil = UnixTime.Truncate(job.LeaseUntil),
                };
                _jobs.Add(stored);
                return stored;
            },
            cancellationToken);

    /// <inheritdoc/>
    Task<SandboxJob?> ISandboxJobs.FindAsync(string id, CancellationToken cancellationToken) =>
        WithLock(() => _jobs.Find(j => string.Equals(j.Id, id, StringComparison.Ordinal)), cancellationToken);

    /// <inheritdoc/>
    public Task<SandboxJob?> FindByReferenceAsync(string reference, CancellationToken cancellationToken) =>
        WithLock(() => _jobs.Find(j => string.Equals(j.Reference, reference, StringComparison.Ordinal)), cancellationToken);

    /// <inheritdoc/>
    public Task<SandboxJob?> TakeAsync(DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        WithLock(
            () => _jobs.Where(j => AvailableAt(j) <= UnixTime.Truncate(now)).MinBy(j => j.CreatedAt) is { } job
                ? Change(j => j == job, j => j with { Status = SandboxJobStatus.Rendering, LeaseUntil = UnixTime.Truncate(leaseUntil) })
                : null,
            cancellationToken);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> NextReadyAtAsync(CancellationToken cancellationToken) =>
        WithLock(() => _jobs.Min(AvailableAt), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> SucceedAsync(string id, string outputKey, decimal outputSeconds, CancellationToken cancellationToken) =>
        EndAsync(
            id,
            j => j.Status == SandboxJobStatus.Rendering,
            j => j with { Status = SandboxJobStatus.Succeeded, OutputKey = outputKey, OutputSeconds = outputSeconds },
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> KeepAsync(string id, DateTimeOffset leaseUntil, CancellationToken cancellationToken) =>
        WithLock(
            () => Change(
                j => string.Equals(j.Id, id, StringComparison.Ordinal) && j.Status == SandboxJobStatus.Rendering,
                j => j with { LeaseUntil = leaseUntil }) is not null,
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> FailAsync(string id, string failureCode, string failureMessage, CancellationToken cancellationToken) =>
        EndAsync(
            id,
            j => AvailableAt(j) is not null,
            j => j with { Status = SandboxJobStatus.Failed, FailureCode = failureCode, FailureMessage = failureMessage },
            cancellationToken);

    /// <inheritdoc/>
    public Task<bool> CancelAsync(string id, CancellationToken cancellationToken) =>
        EndAsync(id, j => AvailableAt(j) is not null, j => j with { Status = SandboxJobStatus.Cancelled }, cancellationToken);

    /// <inheritdoc/>
    public Task<int> RequeueRenderingAsync(CancellationToken cancellationToken) =>
        WithLock(
            () =>
            {
                var count = 0;
                while (Change(
                    j => j.Status == SandboxJobStatus.Rendering,
                    j => j with { Status = SandboxJobStatus.Queued, LeaseUntil = null }) is not null)
                {
                    count++;
                }

                return count;
            },
            cancellationToken);

    // Null once it has ended.
    private static DateTimeOffset? AvailableAt(SandboxJob job) => job.Status switch
    {
        SandboxJobStatus.Queued => job.ReadyAt,
        SandboxJobStatus.Rendering => job.LeaseUntil,
        _ => null,
    };

    private Task<bool> EndAsync(
        string id, Predicate<SandboxJob> may, Func<SandboxJob, SandboxJob> end, CancellationToken cancellationToken) =>
        WithLock(
            () => Change(j => string.Equals(j.Id, id, StringComparison.Ordinal) && may(j), j => end(j) with { LeaseUntil = null }) is not null,
            cancellationToken);

    private SandboxJob? Change(Predicate<SandboxJob> which, Func<SandboxJob, SandboxJob> change)
    {
        var index = _jobs.FindIndex(which);
        return index < 0 ? null : _jobs[index] = change(_jobs[index]);
    }
}
