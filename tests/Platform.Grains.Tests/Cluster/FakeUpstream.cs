using System.Collections.Concurrent;
using Platform.Domain.Upstreams;

namespace Platform.Grains.Tests.Cluster;

/// <summary>A job that an upstream has, and would charge for.</summary>
public sealed class FakeJob
{
    public required string Id { get; init; }

    public required string Reference { get; init; }

    public required string Tenant { get; init; }

    public required string Task { get; init; }

    /// <summary>It failed or was stopped: nobody pays for it.</summary>
    public bool Free { get; set; }
}

/// <summary>A request that reached an upstream.</summary>
public sealed record Sent(string Tenant, string Task, string Reference, string Account, bool WasThere);

/// <summary>An upstream that does what the tenant's script says, and remembers everything.</summary>
public sealed class FakeUpstream(World world, string kind, bool canCancel, bool canFind) : IUpstream
{
    private readonly ConcurrentDictionary<string, FakeJob> _byReference = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _tenants = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Sent> _sent = new();

    public string Kind => kind;

    public UpstreamCapabilities Capabilities { get; } = new()
    {
        CanCancel = canCancel,
        CanFindByReference = canFind,
        CallTimeout = TimeSpan.FromSeconds(20),
        SendWindow = TimeSpan.FromSeconds(10),
        MinPollInterval = TimeSpan.FromSeconds(2),
        MaxPollInterval = TimeSpan.FromSeconds(10),
    };

    public IEnumerable<FakeJob> Jobs => _byReference.Values;

    public IEnumerable<Sent> Requests => _sent;

    public Task<SubmitOutcome> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        var path = request.ImageBlobKey.Split('/');
        var (tenant, task) = (path[1], path[2]);
        _tenants[request.Reference] = tenant;
        _sent.Enqueue(new(tenant, task, request.Reference, request.Account, _byReference.ContainsKey(request.Reference)));
        var script = world.Script(tenant).Of(kind);
        return script.OnSubmit(script.CountSubmit(), Accept, cancellationToken);

        SubmitOutcome Accept() => new SubmitOutcome.Accepted(_byReference.GetOrAdd(request.Reference, reference => new()
        {
            Id = $"{kind}-{reference}",
            Reference = reference,
            Tenant = tenant,
            Task = task,
        }).Id);
    }

    public async Task<QueryOutcome> QueryAsync(string account, string upstreamTaskId, CancellationToken cancellationToken)
    {
        var (job, script) = Of(upstreamTaskId);
        var outcome = await script.OnQuery(script.CountQuery(), cancellationToken);
        if (job is not null && outcome is QueryOutcome.Failed or QueryOutcome.Cancelled)
        {
            job!.Free = true;
        }

        return outcome;
    }

    public async Task<CancelOutcome> CancelAsync(string account, string upstreamTaskId, CancellationToken cancellationToken)
    {
        var (job, script) = Of(upstreamTaskId);
        script.Cancels++;
        var outcome = await script.OnCancel(cancellationToken);
        if (job is not null && outcome is CancelOutcome.Cancelled)
        {
            job.Free = true;
        }

        return outcome;
    }

    public Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken)
    {
        if (!canFind)
        {
            throw new InvalidOperationException("It was asked for what it cannot do.");
        }

        // Asked about a request that never came, it does not even know the tenant.
        var script = _tenants.TryGetValue(reference, out var tenant) ? world.Script(tenant).Of(kind) : new();
        script.Finds++;
        return script.OnFind(_byReference.TryGetValue(reference, out var job) ? new LookupOutcome.Found(job.Id) : new LookupOutcome.NotFound());
    }

    private (FakeJob? Job, UpstreamScript Script) Of(string upstreamTaskId)
    {
        var job = _byReference.Values.FirstOrDefault(j => j.Id == upstreamTaskId);
        return (job, job is null ? new() : world.Script(job.Tenant).Of(kind));
    }
}
