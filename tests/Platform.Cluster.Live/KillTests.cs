using System.Globalization;
using Platform.Cluster.Live.Running;
using Platform.EndToEnd.Tests.Running;
using Platform.Grains.Faults;
using Xunit.Abstractions;

namespace Platform.Cluster.Live;

/// <summary>
/// Silos die under load, at places between two steps and at moments that nobody chose, and the database with them. The long form:
/// <c>PLATFORM_CLUSTER_KILLS=200 PLATFORM_CLUSTER_RESTARTS=20 PLATFORM_CLUSTER_LOG=file</c>.
/// </summary>
[Collection(LiveClusterTests.Name)]
public sealed class KillTests(LiveCluster cluster, ITestOutputHelper output)
{
    private const int Seed = 20261124;
    private const int UnfinishedAtLeast = 50;

    // Above what is demanded, so that the load is there again soon after each kill.
    private const int UnfinishedKept = 75;

    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(60);

    // A place that no task passes in this time is given up, and the silo is killed from outside.
    private static readonly TimeSpan ArmedFor = TimeSpan.FromSeconds(15);

    private static readonly int Kills = Number("PLATFORM_CLUSTER_KILLS", 10);
    private static readonly int Restarts = Number("PLATFORM_CLUSTER_RESTARTS", 2);
    private static readonly string? LogFile = Environment.GetEnvironmentVariable("PLATFORM_CLUSTER_LOG");

    [Fact]
    public async Task Silos_KilledUnderLoadAndTheDatabaseWithThem_EveryTaskEndsOnce()
    {
#pragma warning disable CA5394 // Chance, not a secret.
        var random = new Random(Seed);
#pragma warning restore CA5394
        var goingOn = new GoingOn(cluster.Database);
        await using var load = Load.Start(cluster, UnfinishedKept);
        var restarts = 0;
        for (var kill = 1; kill <= Kills; kill++)
        {
            await KillAsync(load, goingOn, random, kill);
            if (restarts < kill * Restarts / Kills)
            {
                restarts++;
                await RestartDatabaseAsync(load, restarts);
            }
        }

        await load.StopAsync();
        await load.EachEndedOnceAsync();

        var times = await goingOn.TimesAsync();
        var p99 = GoingOn.Percentile(times, 99);
        Say($"{load.Accepted.Count} tasks, each ended once; troubles that a retry healed: {string.Join(", ", load.Troubles.Select(t => $"{t.Value} × {t.Key}"))}");
        Say($"What a dead silo may have held went on after it was declared dead: {times.Count} tasks, p50 {Seconds(GoingOn.Percentile(times, 50))}, p99 {Seconds(p99)}, slowest {Seconds(times.Count == 0 ? default : times[^1])}");
        p99.Should().BeLessThanOrEqualTo(Slowest);
    }

    private async Task KillAsync(Load load, GoingOn goingOn, Random random, int kill)
    {
        var silo = cluster.Silos[kill % LiveCluster.Size];

        // All places in turn, and every fourth time a moment of nobody's choice.
#pragma warning disable CA5394 // Chance, not a secret.
        var point = kill % 4 == 0 ? null : FaultPoint.All[random.Next(FaultPoint.All.Count)];
        var waitForDeclaration = random.Next(2) == 0;
#pragma warning restore CA5394
        var unfinished = await load.UnfinishedAsync(UnfinishedAtLeast);
        unfinished.Should().BeGreaterThanOrEqualTo(UnfinishedAtLeast);
        var atWork = await goingOn.AtWorkAsync();
        if (point is not null)
        {
            await silo.ArmAsync(point);
            if (!await silo.DiesWithinAsync(ArmedFor))
            {
                point = $"a moment; '{point}' was not passed";
                await silo.KillAsync();
            }
        }
        else
        {
            await silo.KillAsync();
        }

        var killed = TimeProvider.System.GetUtcNow();
        (await silo.DeathAsync()).ExitCode.Should().Be(Death.Killed);
        if (waitForDeclaration)
        {
            await Wait.UntilAsync($"{silo.Name} declared dead", () => cluster.IsDeclaredDeadAsync(silo));
        }

        // Its next process declares the last one dead where nobody did.
        silo.Start();
        await silo.ReadyAsync();
        var declared = TimeProvider.System.GetUtcNow();
        goingOn.Died(killed, declared, atWork);
        await cluster.WholeAsync();
        Say($"kill {kill}: {silo.Name} at {point ?? "a moment"}, {unfinished} unfinished tasks, {atWork.Length} at work; "
            + $"{(waitForDeclaration ? "declared dead by the others" : "started again at once")}, whole again after {Seconds(TimeProvider.System.GetUtcNow() - killed)}");
    }

    private async Task RestartDatabaseAsync(Load load, int restart)
    {
        var unfinished = await load.UnfinishedAsync(UnfinishedAtLeast);
        var killed = TimeProvider.System.GetUtcNow();
        await cluster.Server.KillAsync();
        await cluster.Server.StartAgainAsync();
        await cluster.WholeAsync();
        Say($"database killed and started again ({restart}), {unfinished} unfinished tasks; whole again after {Seconds(TimeProvider.System.GetUtcNow() - killed)}");
    }

    private void Say(string line)
    {
        output.WriteLine(line);
        if (LogFile is not null)
        {
            File.AppendAllText(LogFile, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm:ss} {line}\n");
        }
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s";

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
