using Platform.Simulation.Checks;
using Platform.Simulation.Planted;
using Xunit.Abstractions;

namespace Platform.Simulation.Tests;

/// <summary>
/// The real grains, deciders and fences under everything that may go wrong, from seeds. PLATFORM_SIMULATION_SEEDS sets how many (default
/// 1,000), PLATFORM_SIMULATION_FIRST the first one (default 1).
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int LeastTimes = 10;

    private static int Seeds => int.Parse(Environment.GetEnvironmentVariable("PLATFORM_SIMULATION_SEEDS") ?? "1000");

    private static ulong First => ulong.Parse(Environment.GetEnvironmentVariable("PLATFORM_SIMULATION_FIRST") ?? "1");

    [Fact]
    public void Runs_ManySeeds_KeepEveryInvariantAndReachEverything()
    {
        var campaign = Campaign.Of(First, Seeds, () => PlantedBug.None, Environment.ProcessorCount);

        output.WriteLine($"{campaign.Runs} runs from seed {First}: {campaign.Steps} steps, {campaign.Commits} commits, {campaign.Tasks} tasks");
        output.WriteLine(CoverageTable.Of(campaign.Coverage));
        campaign.Broken.Should().BeNull(
            "every invariant holds in every run; seed {0} broke {1}: {2}. See it happen: dotnet run --project tests/Platform.Simulation -c Release -- --seed {0} --trace",
            campaign.Broken?.Seed,
            campaign.Broken?.Broken?.Invariant,
            campaign.Broken?.Broken?.Message);
        campaign.Steps.Should().BeGreaterThan(campaign.Runs * 200L);
        if (Seeds >= 1000)
        {
            CoverageTable.Pairs.Where(p => campaign.Coverage.Pairs.GetValueOrDefault(p) < LeastTimes)
                .Should().BeEmpty("every state meets every command at least {0} times", LeastTimes);
            CoverageTable.Crashes.Where(c => campaign.Coverage.Crashes.GetValueOrDefault(c) < LeastTimes)
                .Should().BeEmpty("silos die in every place at least {0} times", LeastTimes);
        }
    }

    [Fact]
    public void Run_SameSeed_GoesTheSameWay()
    {
        for (var seed = 1ul; seed <= 5; seed++)
        {
            var first = Run.Of(seed, PlantedBug.None, new Coverage());

            Run.Of(seed, PlantedBug.None, new Coverage()).Should().Be(first);
        }
    }
}
