using Platform.Cluster.Live.Running;
using Platform.EndToEnd.Tests.Running;

namespace Platform.Cluster.Live;

/// <summary>Processes join and leave, and the table in which they find each other goes away.</summary>
[Collection(LiveClusterTests.Name)]
public sealed class MembershipLifeTests(LiveCluster cluster)
{
    // Who starves for as long as the table is away may be voted out afterwards, and is started again: that is no defect.
    [Fact]
    public async Task Table_AwayWhileSilosRun_TheyGoOnWithoutIt()
    {
        await cluster.Database.LinesAsync("ALTER TABLE orleans.silo RENAME TO silo_away");
        try
        {
            // Longer than a heartbeat and several readings of the table.
            await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System);
            await EachAnswersAsync();
        }
        finally
        {
            await cluster.Database.LinesAsync("ALTER TABLE orleans.silo_away RENAME TO silo");
        }

        await cluster.WholeAsync();
        await EachAnswersAsync();
    }

    [Fact]
    public async Task Api_OfTheCluster_AnswersAndLivesThroughTheDeathOfASilo()
    {
        await using var api = new SiloProcess("api", cluster.Folder, cluster.Settings, role: "api");
        api.Start();
        await api.ReadyAsync();
        var tenant = cluster.Customers[0];
        var caller = new Caller(api.Http, tenant.Key);
        var first = (await caller.CreateAsync(tenant.Inputs, new(Prompt: "[sandbox:refuse=policy]"))).Ok().Text("id");

        var silo = cluster.Silos[2];
        await silo.KillAsync();

        // Reads go on at once, from the store; commands are tried again until the dead silo's grains live elsewhere.
        (await caller.TaskAsync(first)).Text("id").Should().Be(first);
        foreach (var customer in cluster.Customers)
        {
            (await new Caller(api.Http, customer.Key).CreateAsync(customer.Inputs, new(Prompt: "[sandbox:refuse=policy]"))).Ok();
        }

        silo.Start();
        await cluster.WholeAsync();
        await cluster.EmptyAsync();
        await cluster.VerifyAsync();
    }

    [Fact]
    public async Task Silo_WithoutApi_JoinsServesProbesOnlyAndLeaves()
    {
        await using var silo = new SiloProcess("grains", cluster.Folder, cluster.Settings, role: "silo");
        silo.Start();
        await silo.ReadyAsync();
        (await cluster.Database.NumberAsync("SELECT status FROM orleans.silo WHERE port = $1", silo.Port)).Should().Be(3, "it is active");
        (await new Caller(silo.Http, cluster.Customers[0].Key).GetStatusAsync("/v1/models")).Should().Be(System.Net.HttpStatusCode.NotFound);

        silo.Terminate();

        (await silo.DeathAsync()).ExitCode.Should().Be(0);
        (await cluster.IsDeclaredDeadAsync(silo)).Should().BeTrue("it left the table itself");
    }

    [Fact]
    public async Task Migrate_TwiceAtOnceWhileTheClusterLives_ChangesNothing()
    {
        await Task.WhenAll(cluster.MigrateAsync(), cluster.MigrateAsync());

        await EachAnswersAsync();
    }

    private async Task EachAnswersAsync()
    {
        foreach (var silo in cluster.Silos)
        {
            // The balance is the grain's to tell, wherever it lives.
            (await new Caller(silo.Http, cluster.Customers[0].Key).GetAsync("/v1/credits")).Ok();
        }
    }
}
