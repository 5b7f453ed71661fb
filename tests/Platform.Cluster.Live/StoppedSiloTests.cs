using Platform.Cluster.Live.Running;
using Platform.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Platform.Cluster.Live;

/// <summary>A silo that gets no processor time for longer than the others' patience, and then does again.</summary>
[Collection(LiveClusterTests.Name)]
public sealed class StoppedSiloTests(LiveCluster cluster, ITestOutputHelper output)
{
    private const int Unfinished = 60;

    [Fact]
    public async Task Silo_StoppedUntilItIsDeclaredDead_EndsItselfAndOverwritesNothing()
    {
        await using var load = Load.Start(cluster, Unfinished);
        await load.UnfinishedAsync(Unfinished / 2);
        var silo = cluster.Silos[1];

        silo.Stop();
        await Wait.UntilAsync($"{silo.Name} declared dead", () => cluster.IsDeclaredDeadAsync(silo));

        // The others go on with what it held, while it still believes to hold it.
        var version = await cluster.Database.NumberAsync("SELECT sum(version)::bigint FROM tasks");
        await Wait.UntilAsync("steps of the others", async () =>
            await cluster.Database.NumberAsync("SELECT sum(version)::bigint FROM tasks") > version + Unfinished);
        silo.Continue();

        var death = await silo.DeathAsync();
        output.WriteLine($"It ended itself with exit code {death.ExitCode}.");
        death.ExitCode.Should().NotBe(0, "whatever watches over it must start it again");
        await silo.ReadyAsync();
        await cluster.WholeAsync();
        await load.StopAsync();
        await load.EachEndedOnceAsync();
    }
}
