using Platform.Simulation.Checks;
using Platform.Simulation.Planted;

namespace Platform.Simulation;

/// <summary>Many runs, one after the other on each processor.</summary>
internal static class Campaign
{
    /// <summary>Runs seeds from <paramref name="first"/> on; stops early where an invariant does not hold, unless it is to go on.</summary>
    /// <param name="first">First seed.</param>
    /// <param name="count">Number of seeds.</param>
    /// <param name="planted">Makes the bug of a run; each run has its own.</param>
    /// <param name="workers">Number of processors to use.</param>
    /// <param name="goOn">Takes the broken runs, so that the others go on; null to stop at the first.</param>
    public static CampaignResult Of(ulong first, int count, Func<PlantedBug> planted, int workers, Action<RunResult>? goOn = null)
    {
        var total = new Coverage();
        long steps = 0, commits = 0, tasks = 0;
        var runs = 0;
        RunResult? broken = null;
        var gate = new Lock();
        Parallel.For(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = workers },
            () => new Coverage(),
            (i, state, coverage) =>
            {
                var result = Run.Of(first + (ulong)i, planted(), coverage);
                lock (gate)
                {
                    runs++;
                    steps += result.Steps;
                    commits += result.Commits;
                    tasks += result.Tasks;
                    if (result.Broken is not null && goOn is not null)
                    {
                        goOn(result);
                    }
                    else if (result.Broken is not null && (broken is null || result.Seed < broken.Seed))
                    {
                        broken = result;
                        state.Break();
                    }
                }

                return coverage;
            },
            coverage =>
            {
                lock (gate)
                {
                    total.Add(coverage);
                }
            });
        return new(runs, steps, commits, tasks, total, broken);
    }
}

/// <summary>What many runs came to.</summary>
internal sealed record CampaignResult(int Runs, long Steps, long Commits, long Tasks, Coverage Coverage, RunResult? Broken);
