using System.Collections.Concurrent;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Grains.Tests.Cluster;

/// <summary>What one test makes the world around its tenant do. What it does not say goes well.</summary>
public sealed class TenantScript
{
    private readonly ConcurrentDictionary<string, UpstreamScript> _upstreams = new(StringComparer.Ordinal);

    public UpstreamScript Alpha => Of(World.Alpha);

    public UpstreamScript Beta => Of(World.Beta);

    public UpstreamScript Gamma => Of(World.Gamma);

    public UpstreamScript Blind => Of(World.Blind);

    public Func<MediaKind, Task<InputCopy>> OnCopy { get; set; } = kind => Task.FromResult(World.GoodInput(kind));

    public Func<Task<ResultCopy>> OnStore { get; set; } = () => Task.FromResult(World.GoodResult(5m));

    /// <summary>Around every commit of the account; calls the inner one or not.</summary>
    public Func<AccountUnit, Func<Task<CommitOutcome>>, Task<CommitOutcome>> OnAccountCommit { get; set; } = (_, commit) => commit();

    /// <summary>Around every commit of a task.</summary>
    public Func<TaskUnit, Func<Task<CommitOutcome>>, Task<CommitOutcome>> OnTaskCommit { get; set; } = (_, commit) => commit();

    /// <summary>Around every read of a task by its id.</summary>
    public Func<Func<Task<GenerationTask?>>, Task<GenerationTask?>> OnFindTask { get; set; } = find => find();

    public int AccountCommits { get; set; }

    /// <summary>The test lets an upstream contradict itself, so that what is made there cannot be counted.</summary>
    public bool UpstreamsLie { get; set; }

    public UpstreamScript Of(string kind) => _upstreams.GetOrAdd(kind, _ => new());
}

/// <summary>What one upstream does for one tenant.</summary>
public sealed class UpstreamScript
{
    private int _submits;
    private int _queries;

    public int Submits => _submits;

    public int Queries => _queries;

    public int Finds { get; set; }

    public int Cancels { get; set; }

    /// <summary>Given the number of the submit from 1 and what makes the job there; without calling it there is none.</summary>
    public Func<int, Func<SubmitOutcome>, CancellationToken, Task<SubmitOutcome>> OnSubmit { get; set; } = (_, accept, _) => Task.FromResult(accept());

    /// <summary>Given the number of the query from 1.</summary>
    public Func<int, CancellationToken, Task<QueryOutcome>> OnQuery { get; set; } = (_, _) => Task.FromResult(World.Succeeded);

    public Func<CancellationToken, Task<CancelOutcome>> OnCancel { get; set; } =
        _ => Task.FromResult<CancelOutcome>(new CancelOutcome.Cancelled());

    /// <summary>Given the truth.</summary>
    public Func<LookupOutcome, Task<LookupOutcome>> OnFind { get; set; } = Task.FromResult;

    public int CountSubmit() => Interlocked.Increment(ref _submits);

    public int CountQuery() => Interlocked.Increment(ref _queries);

    public void Submit(SubmitOutcome outcome) => OnSubmit = (_, _, _) => Task.FromResult(outcome);

    public void Query(params QueryOutcome[] outcomes) => OnQuery = (n, _) => Task.FromResult(outcomes[Math.Min(n, outcomes.Length) - 1]);
}
