using System.Collections.Immutable;
using Platform.Domain.Routing;
using Platform.Domain.Upstreams;

namespace Platform.Domain.Tests.Tasks;

/// <summary>How upstreams, storage and silos behave in a run; shares are in percent.</summary>
internal sealed record Mood(string Name, int Refuses, int LosesAnswers, int Unavailable, int Fails, int Crashes, int Cancels, int Repeats, int StoreDown = 0)
{
    public static readonly ImmutableArray<Mood> All =
    [
        new("good", 0, 0, 0, 0, 0, 0, 0),
        new("human", 10, 10, 10, 10, 5, 2, 10),
        new("refusing", 100, 0, 0, 0, 0, 0, 10),
        new("failing", 10, 10, 20, 80, 10, 2, 20),
        new("losing every answer", 10, 100, 30, 20, 20, 5, 20),
        new("dead", 0, 100, 100, 0, 10, 10, 20),
        new("crashing", 10, 20, 20, 20, 80, 5, 30),
        new("impatient", 20, 20, 20, 20, 10, 40, 30),
        new("storage down", 0, 0, 0, 0, 0, 0, 0, StoreDown: 100),
    ];
}

/// <summary>
/// What is true at the upstreams, as opposed to what anybody was told: which references they have, and what became of the jobs.
/// </summary>
internal sealed class FakeUpstreams(Random random, Mood mood)
{
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);

    private enum State
    {
        Running,
        Succeeded,
        Failed,
        Stopped,
    }

    public static ImmutableArray<Route> Routes { get; } =
    [
        TestTask.Route with { Id = "r1", Upstream = "full", Account = "acc1" },
        TestTask.Route with { Id = "r2", Upstream = "blind", Account = "acc2" },
        TestTask.Route with { Id = "r3", Upstream = "gone", Account = "acc3" },
        TestTask.Route with { Id = "r4", Upstream = "full", Account = "acc4" },
    ];

    /// <summary>One upstream can do everything, one nothing, and one was taken out of the configuration.</summary>
    public static UpstreamCapabilities? CapabilitiesOf(string upstream) => upstream switch
    {
        "full" => TestTask.Capable,
        "blind" => TestTask.Capable with { CanCancel = false, CanFindByReference = false },
        _ => null,
    };

    /// <summary>Whether some job runs whose attempt is not this one: two upstreams would charge for one task.</summary>
    public bool RunsAnother(string reference) => _jobs.Any(j => j.Key != reference && j.Value.State == State.Running);

    public bool Has(string reference) => _jobs.ContainsKey(reference);

    /// <summary>A request arrives; true where a job is there afterwards. The same reference is the same job.</summary>
    public bool Arrive(string reference)
    {
        if (!Has(reference) && Chance(mood.Refuses))
        {
            return false;
        }

        _jobs.TryAdd(reference, new Job { Polls = random.Next(1, 8) });
        return true;
    }

    public QueryOutcome Query(string reference)
    {
        if (Chance(mood.Unavailable))
        {
            return new QueryOutcome.Unavailable(TestTask.Fault);
        }

        var job = _jobs[reference];
        if (job.State == State.Running && --job.Polls <= 0)
        {
            job.State = Chance(mood.Fails) ? State.Failed : State.Succeeded;
        }

        return job.State switch
        {
            State.Running => new QueryOutcome.Running(),
            State.Succeeded => new QueryOutcome.Succeeded(TestTask.Output),
            State.Failed => new QueryOutcome.Failed(Domain.Tasks.TaskErrorCode.ServiceError, TestTask.Fault, RetryElsewhere: true),
            _ => new QueryOutcome.Cancelled(),
        };
    }

    public CancelOutcome Cancel(string reference)
    {
        if (Chance(mood.Unavailable))
        {
            return new CancelOutcome.Unclear(TestTask.Fault);
        }

        var job = _jobs[reference];
        if (job.State != State.Running || Chance(30))
        {
            return new CancelOutcome.TooLate(TestTask.Fault);
        }

        job.State = State.Stopped;
        return new CancelOutcome.Cancelled();
    }

    public bool Chance(int percent) => random.Next(100) < percent;

    private sealed class Job
    {
        public int Polls { get; set; }

        public State State { get; set; }
    }
}
