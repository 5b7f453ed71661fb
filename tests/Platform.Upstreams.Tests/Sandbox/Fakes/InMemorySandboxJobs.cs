using Platform.Domain.Upstreams;

namespace Platform.Upstreams.Tests.Sandbox.Fakes;

/// <summary>The sandbox's queue in memory; each call is atomic. Can be told to fail.</summary>
internal sealed class InMemorySandboxJobs : ISandboxJobs
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SandboxJob> _jobs = [];

    /// <summary>Throws what it likes before a call of the given name is served.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>How many jobs there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _jobs.Count;
            }
        }
    }

    public Task<SandboxJob> SubmitAsync(SandboxJob job, CancellationToken cancellationToken) => ServeAsync(
        "submit",
        () =>
        {
            var known = _jobs.Values.FirstOrDefault(j => j.Reference == job.Reference);
            var stored = known is null ? job : known with { Submissions = known.Submissions + 1 };
            return _jobs[stored.Id] = stored;
        },
        cancellationToken);

    public Task<SandboxJob?> FindAsync(string id, CancellationToken cancellationToken) =>
        ServeAsync("find", () => _jobs.GetValueOrDefault(id), cancellationToken);

    public Task<SandboxJob?> FindByReferenceAsync(string reference, CancellationToken cancellationToken) =>
        ServeAsync("find by reference", () => _jobs.Values.FirstOrDefault(j => j.Reference == reference), cancellationToken);

    public Task<SandboxJob?> TakeAsync(DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken) => ServeAsync(
        "take",
        () =>
        {
            var job = _jobs.Values.Where(j => ReadyAt(j) <= now).OrderBy(j => j.CreatedAt).FirstOrDefault();
            return job is null ? null : _jobs[job.Id] = job with { Status = SandboxJobStatus.Rendering, LeaseUntil = leaseUntil };
        },
        cancellationToken);

    public Task<DateTimeOffset?> NextReadyAtAsync(CancellationToken cancellationToken) =>
        ServeAsync("next", () => _jobs.Values.Min(ReadyAt), cancellationToken);

    public Task<bool> SucceedAsync(string id, string outputKey, decimal outputSeconds, CancellationToken cancellationToken) => ServeAsync(
        "succeed",
        () => Change(
            id,
            job => job.Status == SandboxJobStatus.Rendering,
            job => job with { Status = SandboxJobStatus.Succeeded, OutputKey = outputKey, OutputSeconds = outputSeconds }),
        cancellationToken);

    public Task<bool> KeepAsync(string id, DateTimeOffset leaseUntil, CancellationToken cancellationToken) => ServeAsync(
        "keep",
        () => Change(id, job => job.Status == SandboxJobStatus.Rendering, job => job with { LeaseUntil = leaseUntil }),
        cancellationToken);

    public Task<bool> FailAsync(string id, string failureCode, string failureMessage, CancellationToken cancellationToken) => ServeAsync(
        "fail",
        () => Change(
            id,
            job => ReadyAt(job) is not null,
            job => job with { Status = SandboxJobStatus.Failed, FailureCode = failureCode, FailureMessage = failureMessage }),
        cancellationToken);

    public Task<bool> CancelAsync(string id, CancellationToken cancellationToken) => ServeAsync(
        "cancel",
        () => Change(id, job => ReadyAt(job) is not null, job => job with { Status = SandboxJobStatus.Cancelled }),
        cancellationToken);

    public Task<int> RequeueRenderingAsync(CancellationToken cancellationToken) => ServeAsync(
        "requeue",
        () => _jobs.Values.Where(j => j.Status == SandboxJobStatus.Rendering).ToList()
            .Count(j => Change(j.Id, _ => true, job => job with { Status = SandboxJobStatus.Queued, LeaseUntil = null })),
        cancellationToken);

    private static DateTimeOffset? ReadyAt(SandboxJob job) => job.Status switch
    {
        SandboxJobStatus.Queued => job.ReadyAt,
        SandboxJobStatus.Rendering => job.LeaseUntil,
        _ => null,
    };

    private bool Change(string id, Func<SandboxJob, bool> may, Func<SandboxJob, SandboxJob> change)
    {
        if (!_jobs.TryGetValue(id, out var job) || !may(job))
        {
            return false;
        }

        _jobs[id] = change(job);
        return true;
    }

    private async Task<T> ServeAsync<T>(string call, Func<T> serve, CancellationToken cancellationToken)
    {
        // A real store answers later, on another thread.
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Before(call);
        lock (_lock)
        {
            return serve();
        }
    }
}
