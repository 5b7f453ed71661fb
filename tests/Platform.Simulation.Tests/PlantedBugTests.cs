using Platform.Simulation.Planted;
using Xunit.Abstractions;

namespace Platform.Simulation.Tests;

/// <summary>The simulation is itself tested: each bug that is planted must be found, by an invariant that it breaks.</summary>
public sealed class PlantedBugTests(ITestOutputHelper output)
{
    private const int MostSeeds = 300;

    public static TheoryData<string> Names => [.. PlantedBugs.All.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Bug_Planted_IsFound(string name)
    {
        var plant = PlantedBugs.All.Single(p => p.Name == name);

        var found = Campaign.Of(1, MostSeeds, plant.Make, Environment.ProcessorCount).Broken;

        output.WriteLine($"{name}: seed {found?.Seed}, step {found?.Steps}: {found?.Broken?.Invariant}: {found?.Broken?.Message}");
        found.Should().NotBeNull("{0} seeds are enough to find it", MostSeeds);
        plant.BreaksOneOf.Should().Contain(found!.Broken!.Invariant, "that is what it breaks: {0}", found.Broken.Message);
    }

    // Each invariant of the design is shown to be watched.
    [Fact]
    public void Plants_All_BreakEveryInvariantOfTheDesign() =>
        PlantedBugs.All.SelectMany(p => p.BreaksOneOf).Select(i => (int)i).Should().Contain(Enumerable.Range(1, 10));
}
