using System.Diagnostics;
using Platform.Simulation;
using Platform.Simulation.Checks;
using Platform.Simulation.Planted;

// --seed N [--bug NAME] [--trace]: one run; --seeds COUNT [--first N]: many; --bugs: the seed that finds each planted bug.
string? Value(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

var bug = Value("--bug") is { } name ? PlantedBugs.All.Single(p => p.Name == name).Make : () => PlantedBug.None;
if (Value("--seed") is { } seed)
{
    var run = Run.Of(ulong.Parse(seed), bug(), new Coverage(), args.Contains("--trace", StringComparer.Ordinal) ? Console.WriteLine : null);
    Console.WriteLine(run);
    return run.Broken is null ? 0 : 1;
}

if (Value("--seeds") is { } seeds)
{
    var watch = Stopwatch.StartNew();
    var broken = 0;
    var campaign = Campaign.Of(ulong.Parse(Value("--first") ?? "1"), int.Parse(seeds), bug, Environment.ProcessorCount, run =>
    {
        broken++;
        Console.WriteLine($"seed {run.Seed}: {run.Broken!.Invariant}: {run.Broken.Message}");
    });
    Console.WriteLine($"{campaign.Runs} runs, {campaign.Steps} steps, {campaign.Commits} commits, {campaign.Tasks} tasks in {watch.Elapsed.TotalSeconds:0.0} s");
    Console.WriteLine(CoverageTable.Of(campaign.Coverage));
    foreach (var missed in CoverageTable.Pairs.Where(p => campaign.Coverage.Pairs.GetValueOrDefault(p) < 10)
        .Concat(CoverageTable.Crashes.Where(c => campaign.Coverage.Crashes.GetValueOrDefault(c) < 10)))
    {
        Console.WriteLine($"reached less than 10 times: {missed}");
    }

    return broken == 0 ? 0 : 1;
}

if (args is ["--bugs"])
{
    foreach (var plant in PlantedBugs.All)
    {
        var found = Campaign.Of(1, 2000, plant.Make, Environment.ProcessorCount).Broken;
        Console.WriteLine($"{plant.Name}: {(found is null ? "not found" : $"seed {found.Seed}, step {found.Steps}: {found.Broken!.Invariant}: {found.Broken.Message}")}");
    }

    return 0;
}

Console.WriteLine("usage: --seed N [--bug NAME] [--trace] | --seeds COUNT [--first N] | --bugs");
return 2;
