using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Simulation.Kernel;

namespace Platform.Simulation.Surroundings;

/// <summary>What becomes of a job at a provider if nobody stops it.</summary>
internal enum JobFate
{
    Succeeds = 0,
    Fails,
    FailsForGood,
    NeverEnds,
    Vanishes,
    IsStoppedUnasked,
}

/// <summary>A job that a provider has taken.</summary>
internal sealed class ProviderJob
{
    public required string Id { get; init; }

    public required string Reference { get; init; }

    public required string Task { get; init; }

    public required JobFate Fate { get; init; }

    public required TimeSpan ReadyAt { get; init; }

    /// <summary>Whether we would be charged for it: until it failed or was stopped.</summary>
    public bool IsCharged { get; set; } = true;

    /// <summary>Whether the provider denied it, lost it or delivered what is of no use: what it charges then is its own doing.</summary>
    public bool IsDisowned { get; set; }
}

/// <summary>
/// A provider as seen from outside. It accepts and loses the answer, answers late, twice, nonsense, forgets, fails after accepting,
/// and now and then it lies; what it charges for is remembered.
/// </summary>
internal sealed class Provider(World world, string kind, bool canCancel, bool canFind, bool knowsReferences)
{
    private readonly Dictionary<string, ProviderJob> _jobs = new(StringComparer.Ordinal);

    public string Kind => kind;

    public UpstreamCapabilities Capabilities { get; } = new()
    {
        CanCancel = canCancel,
        CanFindByReference = canFind,
        CallTimeout = TimeSpan.FromSeconds(20),
        SendWindow = TimeSpan.FromSeconds(10),
        MinPollInterval = TimeSpan.FromSeconds(5),
        MaxPollInterval = TimeSpan.FromSeconds(40),
    };

    public SubmitOutcome? Submit(SubmitRequest request)
    {
        if (!world.Mishaps.Happens(40))
        {
            return new SubmitOutcome.Accepted(Take(request).Id);
        }

        switch (world.Chance.Below(13))
        {
            case 0 or 1:
                Take(request);
                return new SubmitOutcome.Unclear(Fault("502"));
            case 2:
                return new SubmitOutcome.Unclear(Fault("503"));
            case 3 or 4:
                return new SubmitOutcome.RefusedHere(Fault("400"));
            case 5:
                return new SubmitOutcome.Busy(Fault("429"), null);
            case 6:
                return new SubmitOutcome.Busy(Fault("429"), TimeSpan.FromSeconds(3));
            case 7:
                return new SubmitOutcome.Busy(Fault("429"), world.Chance.Percent(50) ? TimeSpan.FromDays(1000) : TimeSpan.FromSeconds(-5));
            case 8:
                return new SubmitOutcome.AccountDead(Fault("1102"));
            case 9:
                return new SubmitOutcome.RefusedEverywhere(TaskErrorCode.ContentPolicyViolation, Fault("1301"));
            case 10:
                Take(request);
                throw new FormatException("The answer is no answer.");
            case 11:
                Take(request);
                return null;
            default:
                Take(request).IsDisowned = true;
                return new SubmitOutcome.RefusedHere(Fault("lie"));
        }
    }

    public QueryOutcome? Query(string id)
    {
        if (world.Mishaps.Happens(6))
        {
            return new QueryOutcome.Unavailable(Fault("500"));
        }

        if (world.Mishaps.Happens(2))
        {
            throw new FormatException("The answer is no answer.");
        }

        if (world.Mishaps.Happens(1))
        {
            return null;
        }

        if (!_jobs.TryGetValue(id, out var job) || world.Mishaps.Happens(4))
        {
            return new QueryOutcome.NotFound(Fault("404"));
        }

        if (!job.IsCharged)
        {
            return job.Fate is JobFate.Fails or JobFate.FailsForGood
                ? new QueryOutcome.Failed(TaskErrorCode.ServiceError, Fault("failed"), job.Fate == JobFate.Fails)
                : new QueryOutcome.Cancelled();
        }

        if (world.Timeline.Now < job.ReadyAt)
        {
            return new QueryOutcome.Running();
        }

        switch (job.Fate)
        {
            case JobFate.Succeeds:
                return new QueryOutcome.Succeeded(new($"https://{kind}.example/{id}.mp4", 5m));
            case JobFate.Fails:
                job.IsCharged = false;
                return new QueryOutcome.Failed(TaskErrorCode.ServiceError, Fault("failed"), RetryElsewhere: true);
            case JobFate.FailsForGood:
                job.IsCharged = false;
                return new QueryOutcome.Failed(TaskErrorCode.ContentPolicyViolation, Fault("1301"), RetryElsewhere: false);
            case JobFate.IsStoppedUnasked:
                job.IsCharged = false;
                return new QueryOutcome.Cancelled();
            case JobFate.Vanishes:
                job.IsDisowned = true;
                return new QueryOutcome.NotFound(Fault("404"));
            case JobFate.NeverEnds:
                return new QueryOutcome.Running();
            default:
                throw new InvalidOperationException("Unknown fate.");
        }
    }

    public CancelOutcome? Cancel(string id)
    {
        if (!_jobs.TryGetValue(id, out var job))
        {
            return new CancelOutcome.TooLate(Fault("404"));
        }

        var stops = job.IsCharged && (world.Timeline.Now < job.ReadyAt || job.Fate == JobFate.NeverEnds) && world.Chance.Percent(70);
        if (stops)
        {
            job.IsCharged = false;
        }

        if (world.Mishaps.Happens(20))
        {
            return world.Chance.Percent(20) ? null : new CancelOutcome.Unclear(Fault("500"));
        }

        return stops ? new CancelOutcome.Cancelled() : new CancelOutcome.TooLate(Fault("409"));
    }

    public LookupOutcome? Find(string reference)
    {
        if (!canFind)
        {
            throw new InvalidOperationException("It was asked for what it cannot do.");
        }

        if (world.Mishaps.Happens(12))
        {
            return world.Chance.Percent(20) ? null : new LookupOutcome.Unavailable(Fault("500"));
        }

        var found = _jobs.Values.Where(j => j.Reference == reference).ToList();
        if (found.Exists(j => world.Timeline.Now >= j.ReadyAt && j.Fate == JobFate.Vanishes) || world.Mishaps.Happens(2))
        {
            found.ForEach(j => j.IsDisowned = true);
            return new LookupOutcome.NotFound();
        }

        return found.Count > 0 ? new LookupOutcome.Found(found[0].Id) : new LookupOutcome.NotFound();
    }

    /// <summary>What it delivered is of no use.</summary>
    public void Disown(string id)
    {
        if (_jobs.TryGetValue(id, out var job))
        {
            job.IsDisowned = true;
        }
    }

    private ProviderJob Take(SubmitRequest request)
    {
        var known = _jobs.Values.FirstOrDefault(j => j.Reference == request.Reference);
        if (known is not null && knowsReferences)
        {
            return known;
        }

        var job = new ProviderJob
        {
            Id = $"{kind}-{_jobs.Count + 1}",
            Reference = request.Reference,
            Task = request.ImageBlobKey.Split('/')[2],
            Fate = NextFate(),
            ReadyAt = world.Timeline.Now + world.Chance.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(world.Mishaps.Happens(20) ? 20 : 1)),
        };
        _jobs.Add(job.Id, job);
        world.Bills.Charge(job, kind);
        return job;
    }

    private JobFate NextFate() => !world.Mishaps.Happens(35) ? JobFate.Succeeds : world.Chance.Below(8) switch
    {
        0 or 1 or 2 => JobFate.Fails,
        3 => JobFate.FailsForGood,
        4 or 5 => JobFate.NeverEnds,
        6 => JobFate.Vanishes,
        _ => JobFate.IsStoppedUnasked,
    };

    private static UpstreamFault Fault(string code) => new(code, "simulated");
}
